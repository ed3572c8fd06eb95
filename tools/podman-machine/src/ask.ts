import { createInterface } from 'node:readline/promises'

/** Asks for y or n on the terminal. No answer is a no. */
export async function ask(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    return /^y(es)?$/i.test((await Promise.race([lines.question(question), ended])).trim())
  } finally {
    lines.close()
  }
}
