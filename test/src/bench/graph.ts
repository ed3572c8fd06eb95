import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { makeWorkspace, recipe, type Workspace } from '../../../tools/nx-tcz/src/fixture.ts'
import { median } from './table.ts'

// What it costs to have many packages: repositories of 25, 100 and 200 that are made up, with the real plugin, verbs and
// cache. What would build them writes a line: it is about all that is not building.
const COUNTS = [25, 100, 200]
const ROUNDS = 5
const IMAGE = 'bench'

const STAND_IN = `import { mkdirSync, writeFileSync } from 'node:fs'
const name = process.argv[3]
mkdirSync('dist/iso', { recursive: true })
writeFileSync('dist/iso/' + name + '.iso', String(Date.now()))
writeFileSync('dist/iso/' + name + '.iso.sha256', '${'0'.repeat(64)}  ' + name + '.iso\\n')
`

const exec = promisify(execFile)

const rows = [['packages', 'steps', 'nothing changed', 'one changed', 'nx affected']]
for (const count of COUNTS) rows.push(await measure(count))
for (const row of rows)
  console.log(row.map((cell, column) => (column === 0 ? cell.padEnd(8) : cell.padStart(17))).join(''))
console.log(`\n"changed": of ./b2p iso; the middle one of ${ROUNDS} each, in seconds`)

async function measure(count: number): Promise<string[]> {
  await using workspace = await makeWorkspace(repository(count))
  const iso = () =>
    seconds(() => exec(process.execPath, ['tools/b2p/src/cli.ts', 'iso', IMAGE], options(workspace)))
  const { stdout } = await exec(process.execPath, ['tools/b2p/src/cli.ts', 'iso', IMAGE], options(workspace))
  const steps = /(\d+) steps/.exec(stdout)?.[1] ?? '?'
  const same = await middle(iso)
  const changed = await middle(async () => {
    await workspace.touch(`packages/p${count - 1}/build.sh`)
    return await iso()
  })
  await workspace.commit()
  await workspace.touch('packages/p0/build.sh')
  const affected = await middle(() =>
    seconds(() => workspace.nx('show', 'projects', '--affected', '--base=HEAD')),
  )
  return [String(count), steps, same, changed, affected]
}

function options({ root }: Workspace) {
  return { cwd: root, env: { ...process.env, B2P_CACHE: join(root, 'cache') }, maxBuffer: 1e8 }
}

/** Each needs up to four that come before it, as many real ones do; the image holds them all. */
function repository(count: number): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `p${index}`)
  const packages = names.map((name, index) => {
    const before = [index - 1, Math.floor(index / 2), Math.floor(index / 3), Math.floor(index / 5)]
    const needs = [...new Set(before)].filter((one) => one >= 0 && one < index).map((one) => `p${one}`)
    return recipe(name, needs, index > 0 ? ['p0'] : [])
  })
  const parts = { kernel: 'kernel', initramfs: 'initramfs', bootloader: 'isolinux' }
  return {
    ...Object.assign({}, ...packages, ...Object.values(parts).map((name) => recipe(name))),
    [`iso/${IMAGE}.json`]: JSON.stringify({ label: IMAGE, ...parts, extensions: names, append: 'quiet' }),
    'tools/image/src/cli.ts': STAND_IN,
    // Measured already, as far as ./b2p iso can see: there is no image to look into.
    [`dist/size/${IMAGE}.iso.json`]: JSON.stringify({ sha256: '0'.repeat(64), now: {} }),
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

async function middle(work: () => Promise<number>): Promise<string> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) times.push(await work())
  return median(times).toFixed(2)
}
