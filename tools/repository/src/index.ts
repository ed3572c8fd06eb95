export { formatSigners, haveKey, sign } from './key.ts'
export { formatIndex, type Index, type IndexedFile, parseIndex } from './signed-index.ts'
export { writeRepository } from './write-repository.ts'
