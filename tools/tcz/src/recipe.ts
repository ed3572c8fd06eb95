import { Problem, type Trouble } from '@boot2podman/kit'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import schema from '../tcz.schema.json' with { type: 'json' }

/** A Debian suite that sources may come from. */
export type Suite = 'trixie' | 'trixie-backports' | 'forky'

/** Where a package's source comes from; the key is the kind. */
export type Source =
  | { go: string; replace?: Record<string, { debsrc: string; suite?: Suite }> }
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

const { source: sources, ...properties } = schema.properties
const KINDS = sources.oneOf.map(({ $ref }) => $ref.slice('#/definitions/'.length))

const ajv = new Ajv({ allErrors: true, verbose: true }).addSchema(schema, 'tcz')
// The source apart: of alternatives Ajv tells each one that did not fit, and only the one meant helps a reader.
const recipe = ajv.compile({ ...schema, properties: { ...properties, source: { type: 'object' } } })
const validators = new Map<string, ValidateFunction>()

/** Reads a `tcz.json`. Throws a Problem that names every mistake with its line. */
export function parseRecipe(text: string, file: string): Recipe {
  if (text.trim() === '') throw new Problem({ where: file, what: 'is empty' })
  const line = (offset: number) => `${file}:${text.slice(0, offset).split('\n').length}`
  const syntax: ParseError[] = []
  const root = parseTree(text, syntax, { disallowComments: true })
  const [broken] = syntax
  // What follows the first one is mostly a consequence of it.
  if (broken)
    throw new Problem({ where: line(broken.offset), what: words(printParseErrorCode(broken.error)) })
  if (!root) throw new Error(`${file}: neither a value nor a mistake was found`)
  const value = getNodeValue(root)
  const [first, ...rest] = [...errorsOf(recipe, value, ''), ...sourceErrors(value?.source)]
    .map((error) => ({ offset: offsetOf(error, root), ...explain(error) }))
    .sort((one, other) => one.offset - other.offset)
    .map(({ offset, ...said }): Trouble => ({ where: line(offset), ...said }))
  if (first) throw new Problem(first, ...rest)
  return value
}

/** One mistake: what Ajv says of it, or that a source is of no kind. */
type Mistake = { path: string[] } & (ErrorObject | { keyword: 'kind' })

function sourceErrors(source: unknown): Mistake[] {
  if (typeof source !== 'object' || source === null || Array.isArray(source)) return []
  const kind = KINDS.find((name) => Object.hasOwn(source, name))
  if (kind === undefined) return [{ keyword: 'kind', path: ['source'] }]
  const validate = validators.get(kind) ?? ajv.compile({ $ref: `tcz#/definitions/${kind}` })
  validators.set(kind, validate)
  return errorsOf(validate, source, '/source')
}

function errorsOf(validate: ValidateFunction, value: unknown, above: string): Mistake[] {
  validate(value)
  return (validate.errors ?? []).map((error) => ({
    ...error,
    path: `${above}${error.instancePath}`.split('/').slice(1),
  }))
}

/** Where to point to: the name of a field that is not known, else the field, else what it should be in. */
function offsetOf(mistake: Mistake, root: Node): number {
  const { path } = mistake
  const unknown =
    mistake.keyword === 'additionalProperties' ? [String(mistake.params.additionalProperty)] : []
  const node = find(root, [...path, ...unknown]) ?? find(root, path) ?? root
  return node.parent?.type === 'property' ? node.parent.offset : node.offset
}

/** Ajv names an item of a list by its number as text; jsonc-parser knows only numbers there. */
function find(root: Node, path: readonly string[]): Node | undefined {
  return path.reduce<Node | undefined>(
    (node, part) => node && findNodeAtLocation(node, [node.type === 'array' ? Number(part) : part]),
    root,
  )
}

function explain(mistake: Mistake): { what: string; fix?: string } {
  const field = mistake.path.join('.') || 'tcz.json'
  if (!('params' in mistake)) {
    return { what: 'this is no kind of source', fix: `expected one of ${KINDS.join(', ')}` }
  }
  const { keyword, params, message, parentSchema, schema: expected } = mistake
  switch (keyword) {
    case 'additionalProperties':
      return {
        what: `"${params.additionalProperty}" is not known here`,
        fix: `known: ${Object.keys(parentSchema?.properties).join(', ')}`,
      }
    case 'required':
      return { what: `"${params.missingProperty}" is missing` }
    case 'enum':
      return {
        what: `"${field}" is not one of those known`,
        fix: `expected one of ${(expected as string[]).join(', ')}`,
      }
    default:
      return { what: `"${field}" ${message}` }
  }
}

/** `CommaExpected` as words: "comma expected". */
function words(code: string): string {
  return code.replace(/(?<!^)([A-Z])/g, ' $1').toLowerCase()
}
