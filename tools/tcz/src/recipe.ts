import { Problem, type Trouble } from '@boot2podman/kit'
import { Ajv, type ErrorObject } from 'ajv'
import { findNodeAtLocation, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import schema from '../tcz.schema.json' with { type: 'json' }

/** A Debian suite that sources may come from. */
export type Suite = 'trixie' | 'trixie-backports' | 'forky'

/** Where a package's source comes from; the key is the kind. */
export type Source =
  | { go: string }
  | { cargo: string }
  | { debsrc: string; suite?: Suite }
  | { deb: string[]; suite?: Suite; dependencies?: boolean; files?: string[] }
  | { url: string }
  | { local: string }

/** What a package's `tcz.json` says; its form is tcz.schema.json. */
export interface Recipe {
  version: string
  licence: string
  summary: string
  author?: string
  site?: string
  tags?: string[]
  /** Programs (names) and files (absolute paths) that it uses while running. */
  calls?: string[]
  source: Source
}

const validate = new Ajv({ allErrors: true, verbose: true }).compile<Recipe>(schema)

/** Reads a `tcz.json`. Throws a Problem that names every mistake with its line. */
export function parseRecipe(text: string, file: string): Recipe {
  const syntax: ParseError[] = []
  const root = parseTree(text, syntax)
  const line = (offset: number) => `${file}:${text.slice(0, offset).split('\n').length}`
  if (!root || syntax.length > 0) {
    throw problem(
      syntax.map(({ error, offset }) => ({ where: line(offset), what: words(printParseErrorCode(error)) })),
      file,
    )
  }
  const value: unknown = JSON.parse(text)
  if (validate(value)) return value
  const troubles = meaningful(validate.errors ?? []).map((error): Trouble => {
    const path = error.instancePath.split('/').slice(1)
    const unknown = error.keyword === 'additionalProperties' ? [String(error.params.additionalProperty)] : []
    const node = findNodeAtLocation(root, [...path, ...unknown]) ?? findNodeAtLocation(root, path) ?? root
    return {
      where: line(node.parent?.type === 'property' ? node.parent.offset : node.offset),
      ...explain(error),
    }
  })
  throw problem(troubles, file)
}

function problem(troubles: Trouble[], file: string): Problem {
  const [first = { where: file, what: 'is empty' }, ...rest] = troubles
  return new Problem(first, ...rest)
}

/** Of a source's alternatives Ajv reports every one that did not fit: only the one meant by its key helps the reader. */
function meaningful(errors: ErrorObject[]): ErrorObject[] {
  const oneOf = errors.find(({ keyword }) => keyword === 'oneOf')
  if (!oneOf) return errors
  const kind = kinds().find((name) => Object.hasOwn(Object(oneOf.data), name))
  const inside = errors.filter(
    ({ schemaPath }) => kind !== undefined && schemaPath.startsWith(`#/definitions/${kind}/`),
  )
  const suite = errors.filter(({ schemaPath }) => schemaPath.startsWith('#/definitions/suite/'))
  const outside = errors.filter(
    ({ schemaPath }) => !schemaPath.startsWith('#/definitions/') && schemaPath !== oneOf.schemaPath,
  )
  return [...outside, ...(kind === undefined ? [oneOf] : [...inside, ...suite.slice(0, 1)])]
}

function explain({ keyword, params, instancePath, message, schema: expected }: ErrorObject): {
  what: string
  fix?: string
} {
  const field = instancePath.slice(1).replaceAll('/', '.') || 'tcz.json'
  switch (keyword) {
    case 'additionalProperties':
      return {
        what: `"${params.additionalProperty}" is not known here`,
        fix: `known: ${Object.keys(properties(field)).join(', ')}`,
      }
    case 'required':
      return { what: `"${params.missingProperty}" is missing` }
    case 'oneOf':
      return { what: 'this is no kind of source', fix: `expected one of ${kinds().join(', ')}` }
    case 'enum':
      return {
        what: `"${field}" is not one of those known`,
        fix: `expected one of ${(expected as string[]).join(', ')}`,
      }
    default:
      return { what: `"${field}" ${message}` }
  }
}

function kinds(): string[] {
  return schema.properties.source.oneOf.map(({ $ref }) => $ref.slice('#/definitions/'.length))
}

function properties(field: string): object {
  if (field === 'tcz.json') return schema.properties
  return Object.assign(
    {},
    ...Object.values(schema.definitions).map((one) => ('properties' in one ? one.properties : {})),
  )
}

/** `CommaExpected` as words: "comma expected". */
function words(code: string): string {
  return code.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase()
}
