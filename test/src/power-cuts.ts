import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Machine, MachineSpec } from '@boot2podman/qemu'
import { sshAnswers } from './ssh.ts'

export interface PowerCuts {
  /** Boots the machine, with the data disk that is in `spec`. */
  boot(spec: Partial<MachineSpec>): Promise<Machine>
  disks: NonNullable<MachineSpec['disks']>
  /** Each decides at which moment one cut comes. */
  seeds: number[]
  /** What the machine pulls, by the name that it has for it, over plain HTTP. */
  image: string
  report?(line: string): void
}

/** Of the work, in milliseconds: long enough for some pulls, commits and keys. */
const LONGEST = 12_000

const KEYS = '/var/lib/boot2podman/ssh/authorized_keys'
const HOST_KEYS = '/var/lib/boot2podman/ssh/ssh_host'

// Three at work at once: pulls, commits, keys. A line on the console says that the keys up to a number are safe.
const WORK = (image: string) => `cd /tmp
(while :; do podman pull -q --tls-verify=false ${image}; podman rmi -f ${image}; done) &
(n=0; while :; do n=$((n + 1)); podman run --name work$n base /bin/busybox dd if=/dev/urandom of=/file bs=64k count=8
  podman commit -q work$n localhost/committed:$n; podman rm work$n; done) &
(mkdir -p /run/sshd; n=0; while :; do n=$((n + 1)); echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI$n key$n" >>${KEYS}.new
  cp ${KEYS}.new ${KEYS}.whole && sync ${KEYS}.whole && mv ${KEYS}.whole ${KEYS} && sync /var/lib/boot2podman/ssh
  echo "SAFE-KEYS $n" >/dev/console
  rm -f ${HOST_KEYS}_ecdsa_key*; /usr/local/libexec/ssh/host-key ecdsa; done) &`

/**
 * Pulls the plug of a machine at work, once for each seed, and proves after each next boot that the data disk is mounted, the
 * store passes its check, what was there before still runs, and no key is lost or half-written. Throws at the first that is not so.
 */
export async function cutPower({ boot, disks, seeds, image, report = () => {} }: PowerCuts): Promise<void> {
  let fingerprint = ''
  {
    await using machine = await boot({ disks, memory: 512 })
    await machine.run(
      'mkdir -p /tmp/tiny/bin && cp "$(readlink -f "$(command -v busybox)")" /tmp/tiny/bin/busybox',
    )
    await machine.run(
      'tar -C /tmp/tiny -cf /tmp/tiny.tar . && sudo podman import -q /tmp/tiny.tar localhost/base',
    )
    await machine.run('sudo podman run --name before localhost/base /bin/busybox true && sync')
    fingerprint = await hostKey(machine)
    await machine.shutDown()
  }
  let machine = await boot({ disks, memory: 512 })
  try {
    for (const seed of seeds) {
      const moment = Math.round(500 + randomOf(seed) * (LONGEST - 500))
      await machine.run(`sudo rm -f ${KEYS} ${KEYS}.new; sudo sh -c 'echo >${KEYS}.new' && sudo sync`)
      await machine.run(
        `cat >/tmp/work <<'END'\n${WORK(image)}\nEND\nsudo setsid sh /tmp/work >/dev/null 2>&1 &`,
      )
      await sleep(moment)
      await machine.kill()
      const said = (await readFile(machine.log, 'utf8')).matchAll(/SAFE-KEYS (\d+)/g)
      const safe = Math.max(0, ...[...said].map(([, number]) => Number(number)))
      report(`seed ${seed}: cut after ${(moment / 1000).toFixed(1)} s of work, ${safe} keys were safe`)
      machine = await boot({ disks, memory: 512 })
      await check(machine, safe, fingerprint).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`)
      })
    }
  } finally {
    await machine.kill()
  }
}

async function check(machine: Machine, safeKeys: number, fingerprint: string): Promise<void> {
  const expected = async (what: string, command: string, pattern: RegExp) => {
    const text = await machine.run(`${command} 2>&1 || true`, { timeout: 300 })
    if (!pattern.test(text)) throw new Error(`${what}: ${command}: ${text}`)
    return text
  }
  await expected('the data disk is in use', 'cat /run/boot2podman/data', /^\/dev\/\w+\n$/)
  await expected('and may be written', 'sudo touch /var/lib/boot2podman/x && echo fine', /^fine\n$/)
  // After a power cut the service takes away what was half made, before it starts containers.
  await machine.run('until sudo sv status /etc/service/podman-restart | grep -q ^down; do sleep 0.5; done', {
    timeout: 120,
  })
  await expected('the store passes its check', 'sudo podman system check', /^$/)
  await expected(
    'what was there runs',
    'sudo podman run --rm localhost/base /bin/busybox echo runs',
    /^runs\n$/,
  )
  await expected(
    'and the container from before is there',
    "sudo podman ps -a --format '{{.Names}}'",
    /^before$/m,
  )
  const keys = await expected(
    'keys are whole',
    `sudo cat ${KEYS} /dev/null`,
    /^(\n?(ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI\d+ key\d+\n)*|cat: .*No such file.*\n)$/,
  )
  const kept = keys.split('\n').filter((line) => line.startsWith('ssh-')).length
  if (kept < safeKeys) throw new Error(`${safeKeys} keys were safe, ${kept} are there`)
  // The one that the work makes anew again and again is there in a whole too, once the service has started.
  await sshAnswers(machine)
  for (const type of ['ed25519', 'ecdsa']) {
    await expected(
      `the host key ${type} is whole`,
      `sudo ssh-keygen -y -f ${HOST_KEYS}_${type}_key`,
      /^(ssh|ecdsa)-\S+ \S+/,
    )
  }
  await expected('nothing was damaged', 'cat /run/boot2podman/problems', /No such file|^$/)
  if ((await hostKey(machine)) !== fingerprint) throw new Error('the host key is another one')
}

async function hostKey(machine: Machine): Promise<string> {
  await sshAnswers(machine)
  return await machine.run(`sudo ssh-keygen -lf ${HOST_KEYS}_ed25519_key.pub`)
}

/** From 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): number {
  let value = (seed + 0x6d2b79f5) | 0
  value = Math.imul(value ^ (value >>> 15), 1 | value)
  value ^= value + Math.imul(value ^ (value >>> 7), 61 | value)
  return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
}
