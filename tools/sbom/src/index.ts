export { imageBom } from './bom.ts'
export { formatLicences, licencesOf } from './licences.ts'
export { linkedInto } from './linked.ts'
export { writeBoms } from './write-boms.ts'
