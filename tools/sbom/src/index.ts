export { formatLicences } from './format-licences.ts'
export { linkedInto } from './linked.ts'
export { imageBom, licencesOf } from './on-demand.ts'
export { writeBoms } from './write-boms.ts'
