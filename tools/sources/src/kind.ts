import type { Package, Source } from '@boot2podman/tcz'
import type { LockedFile } from './lock.ts'

/** A source of one kind: `SourceOf<'debsrc'>` has the keys debsrc and suite. */
export type SourceOf<Key extends string> = Extract<Source, Record<Key, unknown>>

/** What a kind of source is asked to do, for one package. */
export interface Job<S extends Source = Source> {
  /** The repository's root. */
  root: string
  pkg: Package
  source: S
  /** Told each step, in words. */
  say: (line: string) => void
  signal: AbortSignal | undefined
}

/** What `pin` found: the files to lock, and the version that they are, when the recipe's may differ. */
export interface Pin {
  files: LockedFile[]
  version?: string
}

/** A kind of source. What is fetched lies in the store under its checksum; nothing else is kept. */
export interface Kind<S extends Source> {
  /** Has each locked file in the store. */
  fetch(job: Job<S>, locked: LockedFile[]): Promise<void>
  /** Lays the source out in an empty folder; each locked file is verified first. */
  unpack(job: Job<S>, locked: LockedFile[], folder: string): Promise<void>
  /** Finds what the recipe asks for as it is now, and has it in the store. */
  pin(job: Job<S>): Promise<Pin>
}
