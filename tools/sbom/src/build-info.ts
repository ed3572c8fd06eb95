/** A Go module inside a program, as the compiler wrote it there. */
export interface Module {
  path: string
  version: string
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1')
const HEADER = 32
const INLINE = 2
/** Frames the text of modules: 16 bytes on either side, for who looks for it without an ELF reader. */
const FRAME = 16
/** The version of a module that is a recipe's own folder. */
const DEVELOPED = '(devel)'

/**
 * The modules that a Go program consists of, itself included: what `go version -m` shows, without a Go toolchain. Nothing
 * when it is no Go program. Form: go/src/debug/buildinfo, since Go 1.18.
 */
export function readModules(program: Buffer): Module[] {
  const start = program.indexOf(MAGIC)
  if (start === -1 || ((program[start + 15] ?? 0) & INLINE) === 0) return []
  const version = readString(program, start + HEADER)
  const { text } = readString(program, version.end)
  return text
    .slice(FRAME, -FRAME)
    .split('\n')
    .map((line) => line.split('\t'))
    .flatMap(([kind, path = '', number = '']) =>
      kind === 'dep' || (kind === 'mod' && number !== DEVELOPED) ? [{ path, version: number }] : [],
    )
}

/** A length of 7 bits a byte, then as many bytes. */
function readString(data: Buffer, start: number): { text: string; end: number } {
  let length = 0
  let place = start
  for (let shift = 0; ; shift += 7) {
    const byte = data[place++] ?? 0
    length |= (byte & 0x7f) << shift
    if (byte < 0x80) break
  }
  return { text: data.toString('latin1', place, place + length), end: place + length }
}
