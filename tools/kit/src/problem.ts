/** One thing that the user can put right: where it is, what is wrong, the way out. */
export interface Trouble {
  /** A file with its line, a package's folder or a program. */
  where: string
  what: string
  /** What was expected, or the line to type. */
  fix?: string
}

/** The user's to solve, unlike a bug of ours: printed without a stack, exit code 1. Holds all that was found at once. */
export class Problem extends Error {
  readonly troubles: readonly Trouble[]

  constructor(...troubles: [Trouble, ...Trouble[]]) {
    super(troubles.map(format).join('\n'))
    this.name = 'Problem'
    this.troubles = troubles
  }
}

/** Runs a program's main function. A Problem is printed for its reader; anything else is a bug and shows its stack. */
export async function guard(main: () => Promise<void>): Promise<void> {
  try {
    await main()
  } catch (error) {
    process.exitCode = 1
    console.error(error instanceof Problem ? error.message : error)
  }
}

function format({ where, what, fix }: Trouble): string {
  const way = fix === undefined ? '' : `\n${fix.replace(/^/gm, '  ')}`
  return `${where}: ${what}${way}`
}
