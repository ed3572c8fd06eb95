export { formatSigners, haveKey } from './key.ts'
export { type Index, type IndexedFile, parseIndex } from './signed-index.ts'
export { writeRepository } from './write-repository.ts'
