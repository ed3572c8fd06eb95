// A record of the kernel's log as its console prints it, in one piece, but maybe in the middle of a program's line.
const RECORD = /\[ *\d+\.\d{6}\](?:\[ *[TC]\d+\])? [^\n]*\n/g
const PANIC = /Kernel panic - not syncing[^\r\n]*/
const OUT_OF_MEMORY = /^.*(?:Out of memory|out of memory|invoked oom-killer|oom-kill:).*$/gm

/** What programs wrote to a console, without the kernel's messages between. */
export function withoutKernelMessages(text: string): string {
  return text.replace(RECORD, '')
}

/** The line of a kernel that gave up. */
export function panicOf(text: string): string | undefined {
  return PANIC.exec(text)?.[0]
}

/** Lines by which a kernel tells that it ended something for want of memory. */
export function outOfMemoryLines(text: string): string[] {
  return (text.match(OUT_OF_MEMORY) ?? []).map((line) => line.trim())
}
