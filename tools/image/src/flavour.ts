import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Problem, type Trouble } from '@boot2podman/kit'
import type { Repository } from '@boot2podman/tcz'
import { Ajv, type ErrorObject } from 'ajv'
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import schema from '../iso.schema.json' with { type: 'json' }

/** What an `iso/NAME.json` says; its form is iso.schema.json. Parts are names of packages. */
export interface Flavour {
  label: string
  kernel: string
  initramfs: string
  bootloader: string
  /** What onboot.lst names, in its order. */
  extensions: string[]
  /** The kernel's command line. */
  append: string
}

const validate = new Ajv({ allErrors: true }).compile<Flavour>(schema)

/** Reads the flavour of this name. Throws a Problem with every mistake and its line. */
export function readFlavour(root: string, name: string, packages: Repository): Flavour {
  const file = join('iso', `${name}.json`)
  if (!existsSync(join(root, file))) {
    const known = existsSync(join(root, 'iso')) ? readdirSync(join(root, 'iso')) : []
    throw new Problem({
      where: file,
      what: 'there is no such image',
      fix: `there are: ${known.map((one) => basename(one, '.json')).join(' ')}`,
    })
  }
  return parseFlavour(readFileSync(join(root, file), 'utf8'), file, packages)
}

/** The text of an `iso/NAME.json` as a value. Throws a Problem with every mistake, unknown packages too. */
export function parseFlavour(text: string, file: string, packages: Repository): Flavour {
  const syntax: ParseError[] = []
  const tree = parseTree(text, syntax)
  const line = (offset: number) => `${file}:${text.slice(0, offset).split('\n').length}`
  const [wrong] = syntax
  if (wrong) throw new Problem({ where: line(wrong.offset), what: printParseErrorCode(wrong.error) })
  if (!tree) throw new Problem({ where: file, what: 'is empty' })
  const at = (path: (string | number)[]) => line(nodeAt(tree, path).offset)
  const value: unknown = JSON.parse(text)
  const troubles = validate(value)
    ? unknownPackages(value, packages).map(({ path, ...trouble }) => ({ where: at(path), ...trouble }))
    : (validate.errors ?? []).map((error) => ({ where: at(place(error)), ...explain(error) }))
  const [first, ...rest] = troubles
  if (first) throw new Problem(first, ...rest)
  return value as Flavour
}

/** The node of a path, or the nearest one around it. */
function nodeAt(tree: Node, path: (string | number)[]): Node {
  const node = findNodeAtLocation(tree, path)
  if (node) return node.parent?.type === 'property' ? node.parent : node
  return path.length === 0 ? tree : nodeAt(tree, path.slice(0, -1))
}

function place({ instancePath, keyword, params }: ErrorObject): (string | number)[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
  return keyword === 'additionalProperties' ? [...path, String(params.additionalProperty)] : path
}

function explain({ keyword, params, instancePath, message }: ErrorObject): Omit<Trouble, 'where'> {
  const field = instancePath.slice(1).replaceAll('/', '.') || 'the file'
  switch (keyword) {
    case 'additionalProperties':
      return {
        what: `"${params.additionalProperty}" is not known here`,
        fix: `known: ${Object.keys(schema.properties).join(', ')}`,
      }
    case 'required':
      return { what: `"${params.missingProperty}" is missing` }
    case 'const':
      return { what: `"${field}" must be "${params.allowedValue}"` }
    default:
      return { what: `"${field}" ${message}` }
  }
}

function unknownPackages(flavour: Flavour, packages: Repository) {
  const { kernel, initramfs, bootloader, extensions } = flavour
  const named = Object.entries({ kernel, initramfs, bootloader }).map(([key, name]) => ({
    name,
    path: [key],
  }))
  const listed = extensions.map((name, index) => ({ name, path: ['extensions', index] }))
  return [...named, ...listed]
    .filter(({ name }) => !packages.has(name))
    .map(({ name, path }) => ({
      path,
      what: `there is no package "${name}"`,
      fix: `to make one: ./b2p new ${name}`,
    }))
}
