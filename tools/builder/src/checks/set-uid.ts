import type { Rule } from './rule.ts'

/** No program gets rights by its mode alone, unless the recipe's rootfs.owners says so in as many words. */
export const setUid: Rule = {
  check: ({ entries, owners }) =>
    entries
      .filter(({ mode, path }) => mode & 0o6000 && !owners.some((owner) => owner.path === path))
      .map(({ path, mode }) => ({
        path,
        what: `has the mode ${mode.toString(8)}: set-uid or set-gid`,
        fix: 'install it without; if it must be, give it a line in rootfs.owners',
      })),
}
