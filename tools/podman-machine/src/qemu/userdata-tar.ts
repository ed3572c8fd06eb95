const BLOCK = 512
/** The name of the first member, so that a disk which begins with the tar begins with the request. */
const REQUEST = 'boot2podman, please format-me'

/**
 * What the disk of a new machine begins with (docs/data-disk.md): the request to format it, the keys of those who may log
 * in, and the machine's settings. The guest keeps the tar, and unpacks it into its user's home at each boot.
 */
export function userdataTar(authorizedKeys: string, settings = ''): Buffer {
  return Buffer.concat([
    ...file(REQUEST, REQUEST, 0o644),
    header('.ssh/', 0, 0o700, '5'),
    ...file('.ssh/authorized_keys', authorizedKeys, 0o600),
    ...(settings === '' ? [] : file('boot2podman.conf', settings, 0o644)),
    // Old guests read this one.
    ...file('.ssh/authorized_keys2', authorizedKeys, 0o600),
    Buffer.alloc(2 * BLOCK),
  ])
}

function file(name: string, text: string, mode: number): Buffer[] {
  const content = Buffer.from(text)
  const rest = (BLOCK - (content.length % BLOCK)) % BLOCK
  return [header(name, content.length, mode, '0'), content, Buffer.alloc(rest)]
}

/** As in POSIX (pax, "ustar Interchange Format"). */
function header(name: string, size: number, mode: number, type: '0' | '5'): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, offset: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset)
  block.write(name, 0)
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(0, 136, 12)
  block.write('        ', 148)
  block.write(type, 156)
  block.write('ustar\x0000', 257)
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  return block
}
