import type { Finding, Rule } from './rule.ts'

const TOP = ['boot', 'etc', 'home', 'init', 'opt', 'root', 'run', 'srv', 'usr', 'var']
const MERGED = ['bin', 'sbin', 'lib', 'lib64']
const MOUNTED = ['dev', 'mnt', 'proc', 'sys', 'tmp']

/** Files lie in known folders. bin, sbin and lib are links into usr in every root: a folder there would hide them. */
export const places: Rule = {
  check: ({ entries }) =>
    entries.flatMap(({ path, type }): Finding[] => {
      const [top = '', ...below] = path.split('/')
      if (MERGED.includes(top)) {
        if (type === 'link' || below.length > 0) return []
        return [{ path, what: `is no link into usr`, fix: `install into usr/${top}, or usr/local/${top}` }]
      }
      if (MOUNTED.includes(top)) {
        return type === 'folder' && below.length === 0
          ? []
          : [{ path, what: `lies where a machine mounts something of its own` }]
      }
      if (TOP.includes(top) || below.length > 0) return []
      return [{ path, what: `is no place for files`, fix: `expected one of ${TOP.join(', ')}` }]
    }),
}
