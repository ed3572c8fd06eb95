import { Problem } from '@boot2podman/kit'
import type { Chosen } from './chosen.ts'
import type { Engine, Progress, SshTarget } from './drivers/driver.ts'
import { engineOf } from './engine.ts'
import { inMachine } from './ssh.ts'

/** Names the machine as it is called here, if it is a boot2podman, and looks whether its engine is there. */
export async function provision(one: Chosen, target: SshTarget, progress: Progress): Promise<void> {
  const { machine, driver } = one
  const engine = engineOf(machine, driver)
  progress.phase('looking for Podman, and its API')
  const { code, stdout, stderr } = await inMachine(machine, target, 'sh -s', {
    input: script(machine.name, target, engine),
  })
  const found = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]))
  if (code !== 0 || !found.has('podman')) {
    throw new Problem({
      where: `"${machine.name}"`,
      what: found.get('id') === undefined ? 'cannot be asked by SSH' : 'has no podman',
      fix: stderr.trim() || 'install Podman there',
    })
  }
  progress.say(`it has podman ${found.get('podman')}`)
  if (found.get('socket') !== 'yes') {
    progress.say(`there is no ${engine.socket}: podman --remote and docker have nothing to speak to`)
    progress.say(
      `  to start it there: systemctl ${engine.user === 'root' ? '' : '--user '}enable --now podman.socket`,
    )
  }
}

/** For `sh`, whatever the shell of its user is. Only a boot2podman is changed: it may be told its name. */
export function script(name: string, target: SshTarget, engine: Engine): string {
  const sudo = engine.user === 'root' && target.user !== 'root' ? 'sudo -n ' : ''
  const look = `${sudo}test -S ${engine.socket}`
  return `ID=
test ! -r /etc/os-release || . /etc/os-release
echo "id=$ID"
case $ID in
  boot2podman | tinycore)
    test "$(hostname)" = "${name}" || sudo -n sethostname "${name}"
    n=0
    until ${look} || test $n = 30; do sleep 1; n=$((n + 1)); done ;;
esac
if ${look}; then echo socket=yes; else echo socket=no; fi
version=$(podman --version) || exit 0
echo "podman=\${version##* }"
`
}
