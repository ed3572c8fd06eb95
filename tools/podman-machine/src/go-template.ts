import { UsageProblem } from './usage-problem.ts'

/**
 * The part of Go's templates that people use in --format: fields, pipes, the functions json, prettyjson, len, index, print,
 * printf, join, upper, lower, not, and, or, eq, ne, then if, else, range, with, variables left out, and {{- trimming -}}.
 * Complaints name `where`.
 */
export function compile(text: string, where: string): (data: unknown) => string {
  const parser = new Parser(tokens(text, where), where)
  const nodes = parser.nodes([])
  return (data) => render(nodes, { dot: data, root: data }, where)
}

type Node =
  | { text: string }
  | { value: Pipe }
  | { if: Pipe; then: Node[]; otherwise: Node[]; kind: 'if' | 'with' | 'range' }
type Pipe = Operand[][]
type Operand = { path: string[]; from: 'dot' | 'root' | Pipe } | { literal: unknown } | { name: string }
interface Scope {
  dot: unknown
  root: unknown
}
type Token = { text: string } | { action: string }

const ACTION = /\{\{(- )?\s*((?:"(?:\\.|[^"\\])*"|`[^`]*`|(?! -\}\}| *\}\})[\s\S])*?)\s*( -)?\}\}/y

function tokens(text: string, where: string): Token[] {
  const all: Token[] = []
  let at = 0
  let trim = false
  while (at < text.length) {
    const open = text.indexOf('{{', at)
    let before = text.slice(at, open < 0 ? undefined : open)
    if (trim) before = before.trimStart()
    if (open < 0) {
      all.push({ text: before })
      break
    }
    ACTION.lastIndex = open
    const match = ACTION.exec(text)
    if (!match) throw complaint(where, `"${text.slice(open, open + 30)}" is not closed by }}`)
    all.push({ text: match[1] ? before.trimEnd() : before })
    if (!/^\/\*[\s\S]*\*\/$/.test(match[2] ?? '')) all.push({ action: match[2] ?? '' })
    trim = match[3] !== undefined
    at = ACTION.lastIndex
  }
  return all
}

class Parser {
  readonly #tokens: Token[]
  readonly #where: string
  #at = 0

  constructor(all: Token[], where: string) {
    this.#tokens = all
    this.#where = where
  }

  /** All until one of these words, or to the end. The word itself is the next. */
  nodes(until: readonly string[]): Node[] {
    const all: Node[] = []
    for (;;) {
      const token = this.#tokens[this.#at]
      if (token === undefined) {
        if (until.length > 0) throw complaint(this.#where, '{{end}} is missing')
        return all
      }
      if ('text' in token) {
        all.push(token)
        this.#at++
        continue
      }
      const [word = '', rest = ''] = split(token.action)
      if (until.includes(word)) return all
      this.#at++
      if (word === 'if' || word === 'range' || word === 'with') all.push(this.#block(word, rest))
      else if (word === 'end' || word === 'else')
        throw complaint(this.#where, `{{${word}}} without a beginning`)
      else all.push({ value: parsePipe(token.action, this.#where) })
    }
  }

  #block(kind: 'if' | 'with' | 'range', condition: string): Node {
    const then = this.nodes(['else', 'end'])
    const otherwise = this.#otherwise()
    return { kind, if: parsePipe(condition, this.#where), then, otherwise }
  }

  #otherwise(): Node[] {
    const token = this.#tokens[this.#at++]
    const [word, rest = ''] = split(token && 'action' in token ? token.action : '')
    if (word === 'end') return []
    const [more, condition = ''] = split(rest)
    if (more === 'if') return [this.#block('if', condition)]
    const nodes = this.nodes(['end'])
    this.#at++
    return nodes
  }
}

function split(action: string): [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(action) ?? []
  return [word, rest]
}

const WORD = /\s*("(?:\\.|[^"\\])*"|`[^`]*`|[|()]|[^\s|()"`]+)/y

function parsePipe(text: string, where: string): Pipe {
  const words: string[] = []
  WORD.lastIndex = 0
  const trimmed = text.trimEnd()
  while (WORD.lastIndex < trimmed.length) {
    const begin = WORD.lastIndex
    const match = WORD.exec(trimmed)
    if (!match) throw complaint(where, `"${trimmed.slice(begin)}" is not understood`)
    words.push(match[1] ?? '')
  }
  const pipe = takePipe(words, where)
  if (words.length > 0) throw complaint(where, `"${words.join(' ')}" is too much`)
  return pipe
}

function takePipe(words: string[], where: string): Pipe {
  const pipe: Pipe = [[]]
  for (;;) {
    const word = words[0]
    if (word === undefined || word === ')') break
    words.shift()
    if (word === '|') pipe.push([])
    else pipe.at(-1)?.push(operand(word, words, where))
  }
  if (pipe.some((command) => command.length === 0)) throw complaint(where, 'an empty action')
  return pipe
}

function operand(word: string, words: string[], where: string): Operand {
  if (word === '(') {
    const inner = takePipe(words, where)
    if (words.shift() !== ')') throw complaint(where, ') is missing')
    const path = words[0]?.startsWith('.') ? (words.shift() ?? '').slice(1).split('.') : []
    return { path, from: inner }
  }
  if (word.startsWith('"')) return { literal: JSON.parse(word) }
  if (word.startsWith('`')) return { literal: word.slice(1, -1) }
  if (/^-?\d+(\.\d+)?$/.test(word)) return { literal: Number(word) }
  if (word === 'true' || word === 'false') return { literal: word === 'true' }
  if (word === 'nil') return { literal: null }
  if (/^\$?\.?$/.test(word)) return { path: [], from: word.startsWith('$') ? 'root' : 'dot' }
  const field = /^(\$?)\.([\p{L}_][\p{L}\d_]*(?:\.[\p{L}_][\p{L}\d_]*)*)$/u.exec(word)
  if (field) return { path: (field[2] ?? '').split('.'), from: field[1] ? 'root' : 'dot' }
  if (Object.hasOwn(FUNCTIONS, word)) return { name: word }
  throw complaint(where, `"${word}" is neither a field nor a function`)
}

type Function = (...values: unknown[]) => unknown

const FUNCTIONS: Record<string, Function> = {
  json: (value) => JSON.stringify(value ?? null),
  prettyjson: (value) => JSON.stringify(value ?? null, null, 4),
  len: (value) =>
    typeof value === 'string' || Array.isArray(value) ? value.length : Object.keys(value ?? {}).length,
  index: (value, ...keys) => keys.reduce<unknown>((inside, key) => member(inside, String(key)), value),
  print: (...values) => values.map(show).join(''),
  println: (...values) => `${values.map(show).join(' ')}\n`,
  printf: (format, ...values) => printf(String(format), values),
  join: (values, separator) =>
    Array.isArray(values) ? values.map(show).join(String(separator)) : show(values),
  upper: (value) => show(value).toUpperCase(),
  lower: (value) => show(value).toLowerCase(),
  not: (value) => !isTrue(value),
  and: (...values) => values.find((value) => !isTrue(value)) ?? values.at(-1),
  or: (...values) => values.find(isTrue) ?? values.at(-1),
  eq: (first, ...others) => others.some((other) => other === first),
  ne: (first, second) => first !== second,
}

function printf(format: string, values: unknown[]): string {
  return format.replace(/%([-0]?\d*)([svdq%])/g, (_, width: string, kind: string) => {
    if (kind === '%') return '%'
    const value = values.shift()
    const text = kind === 'q' ? JSON.stringify(show(value)) : show(value)
    const least = Math.abs(Number(width))
    return width.startsWith('-')
      ? text.padEnd(least)
      : text.padStart(least, width.startsWith('0') ? '0' : ' ')
  })
}

function render(nodes: readonly Node[], scope: Scope, where: string): string {
  return nodes
    .map((node) => {
      if ('text' in node) return node.text
      if ('value' in node) return show(evaluate(node.value, scope, where))
      const value = evaluate(node.if, scope, where)
      if (!isTrue(value)) return render(node.otherwise, scope, where)
      if (node.kind === 'if') return render(node.then, scope, where)
      const each = node.kind === 'with' ? [value] : elements(value)
      return each.map((dot) => render(node.then, { ...scope, dot }, where)).join('')
    })
    .join('')
}

function evaluate(pipe: Pipe, scope: Scope, where: string): unknown {
  let last: unknown[] = []
  for (const [first, ...rest] of pipe) {
    if (!first) continue
    const values = [...rest.map((one) => resolved(one, scope, where)), ...last]
    if ('name' in first) last = [FUNCTIONS[first.name]?.(...values)]
    else if (values.length > 0) throw complaint(where, 'a field is not a function')
    else last = [resolved(first, scope, where)]
  }
  return last[0]
}

function resolved(one: Operand, scope: Scope, where: string): unknown {
  if ('literal' in one) return one.literal
  if ('name' in one) return FUNCTIONS[one.name]?.()
  const from = typeof one.from === 'string' ? scope[one.from] : evaluate(one.from, scope, where)
  return one.path.reduce<unknown>((inside, name) => {
    const known = typeof inside === 'object' && inside !== null && Object.hasOwn(inside, name)
    if (known) return member(inside, name)
    const names = typeof inside === 'object' && inside !== null ? Object.keys(inside) : []
    throw complaint(
      where,
      `there is no field "${name}"`,
      names.length > 0 ? `known: ${names.join(', ')}` : undefined,
    )
  }, from)
}

function member(inside: unknown, name: string): unknown {
  if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, name)) return undefined
  return (inside as Record<string, unknown>)[name]
}

function elements(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

function isTrue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

/** As Go prints values: lists in brackets, maps with their keys in order. */
function show(value: unknown): string {
  if (value === undefined || value === null) return '<no value>'
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`
  if (typeof value !== 'object') return String(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `map[${entries.map(([name, one]) => `${name}:${show(one)}`).join(' ')}]`
}

function complaint(where: string, what: string, fix = "such as '{{.Name}}'"): UsageProblem {
  return new UsageProblem({ where, what, fix })
}
