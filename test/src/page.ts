/** A command of a page, what the page shows of its output, and what is typed into the machine that it boots. */
export interface PageCommand {
  command: string
  shows: string[]
  inside: { command: string; shows: string[] }[]
}

const HOST = /^ {4}\$ (.*)$/
const MACHINE = /^ {4}tc@box:~\$ (.*)$/
const OUTPUT = /^ {4}(.*)$/

/** The commands of a page in Markdown, from its indented blocks: `$` before those of the host, `tc@box:~$` before the machine's. */
export function pageCommands(markdown: string): PageCommand[] {
  const commands: PageCommand[] = []
  for (const line of markdown.split('\n')) {
    const last = commands.at(-1)
    const [, onHost] = HOST.exec(line) ?? []
    const [, inMachine] = MACHINE.exec(line) ?? []
    const [, output] = OUTPUT.exec(line) ?? []
    if (onHost !== undefined) commands.push({ command: onHost, shows: [], inside: [] })
    else if (inMachine !== undefined) last?.inside.push({ command: inMachine, shows: [] })
    else if (output !== undefined) (last?.inside.at(-1) ?? last)?.shows.push(output)
  }
  return commands
}
