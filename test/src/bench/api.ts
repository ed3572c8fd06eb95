import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { guard, Problem, run } from '@boot2podman/kit'
import { accelerator, type Machine, start } from '@boot2podman/qemu'
import { sshAccess } from '../ssh.ts'
import { Varlink } from '../varlink.ts'
import { median } from './table.ts'

const ISO = join(import.meta.dirname, '../../../dist/iso/boot2podman.iso')
const CONTAINERS = 20
const ROUNDS = 5
const TIMES = 20

// The same question to both: the first two fields of each row.
const QUESTIONS = [
  { method: 'io.podman.GetVersion', path: '/v5.0.0/libpod/version' },
  { method: 'io.podman.ListContainers', path: '/v5.0.0/libpod/containers/json?all=true&size=true' },
]

/** How soon Podman's API answers, by REST with curl and by Varlink, on one machine over SSH; and the memory of those that answer. */
async function main(): Promise<void> {
  await access(ISO).catch(() => {
    throw new Problem({ where: 'dist/iso/boot2podman.iso', what: 'not built yet', fix: './b2p iso' })
  })
  const folder = await mkdtemp(join(tmpdir(), 'b2p-bench-'))
  await using box = await sshAccess()
  const spec = { medium: { file: ISO, as: 'ide-cd' as const }, memory: 1024, ...box.spec }
  const { name, why } = await accelerator(spec)
  console.log(`accelerator: ${name} (${why})`)
  try {
    await using machine = await start({ ...spec, accelerator: name }, join(folder, 'console.log'))
    await box.hostKeys()
    await makeContainers(machine)
    await machine.run(NOBODY)
    await using rest = await box.forwardSocket('root', '/run/podman/podman.sock')
    await using io = await box.forwardSocket('root', '/run/podman/io.podman')

    const [cold = Number.NaN] = await curl(rest.path, '/_ping', 1)
    console.log(`REST, first answer (Podman starts for it): ${(cold * 1000).toFixed(0)} ms`)
    const warm = await curl(rest.path, '/_ping', TIMES)
    console.log(`REST, later answers: ${(median(warm) * 1000).toFixed(1)} ms\n`)

    using varlink = await Varlink.connect(io.path)
    for (const { method, path } of QUESTIONS) await compare(varlink, method, rest.path, path)
    await machine.run('varlink resolve io.podman')
    console.log(`\n${await machine.run(MEMORY)}`)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function makeContainers(machine: Machine): Promise<void> {
  const import_ =
    'mkdir -p /tmp/tiny/bin && cp /bin/busybox /tmp/tiny/bin && tar -C /tmp/tiny -cf /tmp/tiny.tar . && sudo podman import -q /tmp/tiny.tar localhost/tiny'
  await machine.run(import_, { timeout: 120 })
  const create = `i=0; while [ $i -lt ${CONTAINERS} ]; do sudo podman create -q localhost/tiny /bin/busybox true; i=$((i + 1)); done`
  await machine.run(create, { timeout: 300 })
}

/** Medians of rounds in turn, so that both have the same of whatever else the host does. */
async function compare(varlink: Varlink, method: string, socket: string, path: string): Promise<void> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    theirs.push(...(await curl(socket, path, TIMES)))
    for (let call = 0; call < TIMES; call++) {
      const begin = performance.now()
      const { error } = await varlink.call(method)
      if (error !== undefined) throw new Error(`${method}: ${error}`)
      ours.push((performance.now() - begin) / 1000)
    }
  }
  const ms = (seconds: number) => `${(seconds * 1000).toFixed(1)} ms`
  const ratio = median(ours) / median(theirs)
  console.log(
    `${method}: ${ms(median(ours))}; REST ${path}: ${ms(median(theirs))}; ${ratio.toFixed(2)} times`,
  )
}

/** Seconds of each answer, on one connection; the first, with which the connection is made, is left out of several. */
async function curl(socket: string, path: string, times: number): Promise<number[]> {
  const asked = times === 1 ? 1 : times + 1
  const url = `http://d${path}`
  const options = ['-sS', '--fail', '--unix-socket', socket, '-w', '%{stderr}%{time_total}\\n']
  const urls = Array.from({ length: asked }, () => ['-o', '/dev/null', url]).flat()
  const lines: string[] = []
  await run('curl', [...options, ...urls], { onLine: (line) => lines.push(line) })
  return lines.map(Number).slice(asked - times)
}

// Making the containers started nothing that would stay; but who logs in early may have asked.
const NOBODY = "while ps -o args | grep -q '^[p]odman system service'; do sleep 1; done"

// Of each that runs now: proportional set size, and what is its own alone, in kB.
const MEMORY = `for pid in $(pidof podman io.podman resolver socket-activate); do
  name=$(tr '\\0' ' ' </proc/$pid/cmdline | cut -c 1-48)
  sudo awk -v name="$name" '/^Pss:/ { pss = $2 } /^Private_/ { own += $2 } END { printf "%-50s PSS %6d kB, its own %6d kB\\n", name, pss, own }' /proc/$pid/smaps_rollup
done`

await guard(main)
