import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILES = {
  passwd: 'root:x:0:0:root:/build:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
  group: 'root:x:0:\nnogroup:x:65534:\n',
  hosts: '127.0.0.1 localhost build\n',
}

/** Makes the lowest layer of a build root: what no package brings, because the image's own core has it. */
export async function makeBase(folder: string): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(folder, 'usr', name), { recursive: true })
    await symlink(`usr/${name}`, join(folder, name))
  }
  await mkdir(join(folder, 'etc'))
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, 'etc', name), text)
}
