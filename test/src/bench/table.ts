export interface Row {
  name: string
  seconds: number[]
}

/** The figures of all rounds, the median of each row and how it compares with the first row's; so many decimals. */
export function table(rows: Row[], decimals = 1): string {
  const first = rows[0] ? median(rows[0].seconds) : Number.NaN
  return rows
    .map(({ name, seconds }) => {
      const all = seconds.map((second) => second.toFixed(decimals).padStart(decimals + 5)).join('')
      const middle = median(seconds)
      return `${name.padEnd(24)}${all}   median ${middle.toFixed(decimals)} s, ${(first / middle).toFixed(decimals)} times as soon`
    })
    .join('\n')
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle) - 1] ?? Number.NaN)) / 2
}
