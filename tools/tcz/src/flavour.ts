import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Problem, type Trouble } from '@boot2podman/kit'
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'

/** An `iso/NAME.json` as it stands there; its form is not looked at. */
export interface FlavourFile {
  name: string
  /** Relative to the repository's root. */
  file: string
  value: Readonly<Record<string, unknown>>
  /** `iso/NAME.json:LINE` of a field, or of the nearest thing around it. */
  at(path: readonly (string | number)[]): string
}

/** The names of all images below a root. */
export function flavourNames(root: string): string[] {
  const folder = join(root, 'iso')
  return existsSync(folder)
    ? readdirSync(folder)
        .map((file) => basename(file, '.json'))
        .sort()
    : []
}

/**
 * The file of an image, last; before it the one that it extends, and so on. A base that is not there, one that extends
 * itself, and an extension that a base has already are Problems: without these no image could be told from its files.
 */
export function readFlavourFiles(root: string, name: string): FlavourFile[] {
  const own = read(root, name)
  if (!own) {
    const fix = `there are: ${flavourNames(root).join(' ')}`
    throw new Problem({ where: fileOf(name), what: 'there is no such image', fix })
  }
  const files = [own]
  for (let one = own; one.value.extends !== undefined; ) {
    const base = String(one.value.extends)
    const way = [...files.map((file) => file.name).reverse(), base]
    if (way.indexOf(base) < way.length - 1) {
      const fix = 'let one of them stand by itself'
      throw new Problem({ where: one.at(['extends']), what: `extends itself: ${way.join(' -> ')}`, fix })
    }
    const found = read(root, base)
    if (!found) {
      const fix = `there are: ${flavourNames(root).join(' ')}`
      throw new Problem({ where: one.at(['extends']), what: `there is no image "${base}"`, fix })
    }
    files.unshift(found)
    one = found
  }
  throwIfTwice(files)
  return files
}

/** What the files of an image say together: a later one's fields count, and its extensions come after those before. */
export function mergeFlavours(files: readonly FlavourFile[]): Record<string, unknown> {
  return Object.assign({}, ...files.map(({ value }) => value), { extensions: files.flatMap(extensionsOf) })
}

export function parseFlavourFile(text: string, file: string): FlavourFile {
  if (text.trim() === '') throw new Problem({ where: file, what: 'is empty' })
  const line = (offset: number) => `${file}:${text.slice(0, offset).split('\n').length}`
  const syntax: ParseError[] = []
  const tree = parseTree(text, syntax, { disallowComments: true })
  const [wrong] = syntax
  if (wrong) throw new Problem({ where: line(wrong.offset), what: printParseErrorCode(wrong.error) })
  if (!tree) throw new Error(`${file}: neither a value nor a mistake was found`)
  return {
    name: basename(file, '.json'),
    file,
    value: Object(getNodeValue(tree)),
    at: (path) => line(nodeAt(tree, path).offset),
  }
}

function read(root: string, name: string): FlavourFile | undefined {
  const file = fileOf(name)
  return existsSync(join(root, file))
    ? parseFlavourFile(readFileSync(join(root, file), 'utf8'), file)
    : undefined
}

function fileOf(name: string): string {
  return join('iso', `${name}.json`)
}

/** The node of a path, or the nearest one around it. */
function nodeAt(tree: Node, path: readonly (string | number)[]): Node {
  const node = findNodeAtLocation(tree, [...path])
  if (node) return node.parent?.type === 'property' ? node.parent : node
  return path.length === 0 ? tree : nodeAt(tree, path.slice(0, -1))
}

function extensionsOf({ value }: FlavourFile): unknown[] {
  return Array.isArray(value.extensions) ? value.extensions : []
}

function throwIfTwice(files: readonly FlavourFile[]): void {
  const holder = new Map<unknown, string>()
  const troubles: Trouble[] = []
  for (const one of files) {
    const own = extensionsOf(one)
    for (const [index, name] of own.entries()) {
      const what = `"${name}" is in ${holder.get(name)} already`
      const where = one.at(['extensions', index])
      if (holder.has(name)) troubles.push({ where, what, fix: 'take this line out' })
    }
    for (const name of own) holder.set(name, one.file)
  }
  const [first, ...rest] = troubles
  if (first) throw new Problem(first, ...rest)
}
