export { type Activity, fetchSource, pinSource, unpackSource } from './source.ts'
