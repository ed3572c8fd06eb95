import { Problem } from '@boot2podman/kit'
import { UsageProblem } from './usage-problem.ts'

const KEYS = ['driver', 'state', 'name', 'label'] as const
export type FilterKey = (typeof KEYS)[number]

export interface Filter {
  key: FilterKey
  value: string
}

/** `--filter` of `ls`. */
export function parseFilters(texts: readonly string[]): Filter[] {
  return texts.map((text) => {
    const equals = text.indexOf('=')
    const [key, value] = [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1).trim()]
    if (equals < 0) {
      throw new UsageProblem({
        where: 'Error',
        what: `Unsupported filter syntax`,
        fix: `"${text}": expected KEY=VALUE, such as state=Running`,
      })
    }
    const known = KEYS.find((one) => one === key)
    if (!known) {
      throw new UsageProblem({
        where: 'Error',
        what: `Unsupported filter key '${key}'`,
        fix: `known: ${KEYS.join(', ')}`,
      })
    }
    if (known === 'name') pattern(value)
    return { key: known, value }
  })
}

/** Whether one of the values is what a filter of this key asks for; without such a filter any is. */
export function matches(filters: readonly Filter[], key: FilterKey, values: readonly string[]): boolean {
  const these = filters.filter((filter) => filter.key === key)
  return these.length === 0 || these.some(({ value }) => values.some((one) => fits(key, value, one)))
}

function fits(key: FilterKey, wanted: string, value: string): boolean {
  if (key === 'name') return pattern(wanted).test(value)
  if (key === 'label') return wanted === value
  return wanted.toLowerCase() === value.toLowerCase()
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new Problem({ where: `--filter name=${text}`, what: (error as Error).message })
  }
}
