import type { Extension } from './extension.ts'

/** Tiny Core's six indexes of a repository by their file names; its programs fetch them gzipped. */
export function formatDatabases(extensions: readonly Extension[]): Record<string, string> {
  const lines = (line: (one: Extension) => string) => extensions.map((one) => `${line(one)}\n`).join('')
  const records = (content: (one: Extension) => readonly string[]) =>
    lines((one) => [`${one.name}.tcz`, ...content(one), ''].join('\n'))
  return {
    'info.lst': lines(({ name }) => `${name}.tcz`),
    'tags.db': lines(({ name, tags }) => `${name}.tcz\t${tags.join(' ')}`),
    'md5.db': lines(({ md5 }) => md5),
    sizelist: lines(({ name, size }) => `${name}.tcz ${size}`),
    'provides.db': records(({ paths }) => paths),
    'dep.db': records(({ deps }) => deps),
  }
}
