import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, inject, test } from 'vitest'
import { podmanMachine } from '../podman-machine.ts'

const tool = await podmanMachine()
afterAll(() => tool[Symbol.asyncDispose]())

const CREATE = ['create', '--qemu-boot2podman-url', inject('iso'), '--memory', '256', 'box']

/** Milliseconds after the start of create: most while files are made, some while QEMU starts and the machine boots. */
function moments(seed: number): number[] {
  // A generator of Lehmer's: the same moments each time.
  let state = seed
  const next = () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
  // Node takes some time before anything happens.
  return [1, 1, 1, 1, 1, 2, 2, 2, 6, 6].map((seconds) => Math.round(150 + next() * seconds * 1000))
}

test.for(moments(1234567).map((moment, index) => [index, moment] as const))(
  'create, killed: number %i, after %i ms',
  async ([, moment]) => {
    const child = tool.begin('podman-machine', CREATE)
    let said = ''
    child.stdout?.on('data', (text) => {
      said += text
    })
    await sleep(moment)
    child.kill('SIGKILL')
    await once(child, 'close')

    const listed = await tool.ok('ls', '--format', '{{.Name}} {{.State}} {{.Error}}')
    // Nothing, or a machine that runs or does not, or one that cannot be used: and why.
    expect(listed, said).toMatch(
      /^(|box (Running|Stopped) \n|box Stopped its creation was broken off: .*\n|box Error \S.*\n)$/,
    )
    if (listed !== '') await tool.ok('rm', '-y', 'box')
    else await tool.outcome('rm', '-f', 'box')
    expect(await tool.ok('ls', '-q')).toBe('')
    expect(await readdir(`${tool.store}/machines`).catch(() => [])).toEqual([])
    expect(await processesIn(tool.store), said).toEqual([])
  },
)

test('one that was half made is made to its end by start', async () => {
  const child = tool.begin('podman-machine', CREATE)
  for await (const text of child.stdout ?? []) if (String(text).includes('making the keys')) break
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await tool.ok('ls', '--format', '{{.Name}} {{.State}} {{.Error}}')).toContain(
    'its creation was broken off',
  )
  await tool.ok('start', 'box')
  expect(await tool.ok('ssh', 'box', 'hostname')).toBe('box\n')
  await tool.ok('rm', '-y', 'box')
})

test('one that was made, and whose first start was broken off, starts', async () => {
  const child = tool.begin('podman-machine', CREATE)
  for await (const text of child.stdout ?? []) if (String(text).includes('answers by SSH')) break
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await tool.ok('status', 'box')).toBe('Running\n')
  expect((await tool.outcome('start', 'box')).stderr).toContain('Machine "box" is already running.')
  // Its QEMU is not a child of the tool that was killed.
  await tool.ok('kill', 'box')
  expect(await tool.ok('status', 'box')).toBe('Stopped\n')
  await tool.ok('start', 'box')
  expect(await tool.ok('ssh', 'box', 'hostname')).toBe('box\n')
})

/** Processes that were started in a folder below this one: a machine's QEMU is. */
async function processesIn(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (line.includes('qemu') && environment.includes(`MACHINE_STORAGE_PATH=${folder}\0`)) found.push(line)
  }
  return found
}
