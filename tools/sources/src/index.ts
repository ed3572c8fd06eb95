export { type Archive, debianArchive, lockedCrates, sourceArchives } from './archives.ts'
export { type LockedFile, readLock } from './lock.ts'
export { type Activity, fetchSource, pinSource, unpackSource } from './source.ts'
export { toolchain } from './toolchain.ts'
