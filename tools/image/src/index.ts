export { makeIso } from './iso.ts'
