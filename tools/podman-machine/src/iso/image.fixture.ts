/** The least that is an ISO image of ours by its form. Nothing boots from it. */
export function image(volume = 'boot2podman', blocks = 20, content = ''): Buffer {
  const bytes = Buffer.alloc(blocks * 2048)
  bytes.write('\x01CD001', 0x8000, 'latin1')
  bytes.write(volume.padEnd(32), 0x8028)
  bytes.writeUInt32LE(blocks, 0x8050)
  bytes.write(content, 19 * 2048)
  return bytes
}
