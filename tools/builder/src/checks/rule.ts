import type { Package } from '@boot2podman/tcz'
import type { Elf } from '../elf.ts'
import type { Owner } from '../owners.ts'
import type { Entry } from '../tree.ts'

/** A package's tree, as the rules see it. */
export interface Subject {
  pkg: Package
  entries: readonly Entry[]
  elfs: readonly Elf[]
  owners: readonly Owner[]
}

/** Something that a rule found: the file, what is wrong with it, and how to put it right. */
export interface Finding {
  path: string
  what: string
  fix?: string
}

/** What holds for every package. One file a rule: the folder's listing is the policy. */
export interface Rule {
  /** Toolchains are Debian's as they are, and in no image: this rule is not for them. */
  notForToolchains?: true
  check: (subject: Subject) => Finding[]
}
