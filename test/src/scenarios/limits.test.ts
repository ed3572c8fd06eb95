import { expect, test } from 'vitest'
import { pulledDebian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

const MB = 1024 * 1024

test('--memory 32m: swap is limited with it, a greedy process is killed', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const limits = `cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory.swap.max`
  expect(await machine.run(`sudo podman run --rm --memory 32m ${image} ${limits}`)).toBe(
    `${32 * MB}\n${32 * MB}\n`,
  )
  const eat = (mb: number) => `perl -e '$x[$_] = chr($_) x ${MB} for 1 .. ${mb}; print "full"'`
  expect(await machine.run(`sudo podman run --rm --memory 32m ${image} ${eat(16)}`)).toBe('full')
  // More than memory and swap together.
  const greedy = machine.run(`sudo podman run --name greedy --memory 32m ${image} ${eat(80)}`)
  await expect(greedy).rejects.toMatchObject({ exitCode: 137 })
  expect(await machine.run('sudo podman inspect --format {{.State.OOMKilled}} greedy')).toBe('true\n')
  await machine.run('sudo podman rm greedy')
})

// Four seconds of work, in hundredths; what the kernel counted before and after.
const BUSY = `
now() { read -r t _ < /proc/uptime; t=\${t%.*}\${t#*.}; }
cat /sys/fs/cgroup/cpu.stat
now; begin=$t
while now; [ $t -lt $((begin + 400)) ]; do :; done
echo seconds $((t - begin))e-2
cat /sys/fs/cgroup/cpu.stat
`

test('--cpus 0.5: a busy process gets half a processor', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const measure = async (options: string) => {
    const text = await machine.run(`sudo podman run -i --rm ${options} ${image} sh <<'END'\n${BUSY}END`)
    const [seconds = Number.NaN] = numbers(text, 'seconds')
    const [before = Number.NaN, after = Number.NaN] = numbers(text, 'usage_usec')
    return { share: (after - before) / 1e6 / seconds, throttled: numbers(text, 'nr_throttled').at(-1) }
  }
  const free = await measure('')
  const half = await measure('--cpus 0.5')
  expect(free.share).toBeGreaterThan(0.8)
  expect(free.throttled).toBe(0)
  expect(half.share).toBeLessThan(0.6)
  expect(half.throttled).toBeGreaterThan(10)
})

function numbers(text: string, name: string): number[] {
  return [...text.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map(([, value]) => Number(value))
}

test('--pids-limit 8: no ninth process', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  const fork = `$| = 1; for (1 .. 20) { $pid = fork; defined $pid or die "$_: $!\\n"; $pid or sleep 60 }`
  const many = machine.run(`sudo podman run --rm --pids-limit 8 ${image} perl -e '${fork}'`)
  // The first is the one that forks.
  await expect(many).rejects.toMatchObject({ stderr: '8: Resource temporarily unavailable\n' })
})
