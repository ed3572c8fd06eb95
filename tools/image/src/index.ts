export { makeIso } from './iso.ts'
export { makeOci, reference, standsOn } from './oci.ts'
