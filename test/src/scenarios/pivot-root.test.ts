import { expect, test } from 'vitest'
import { pulledDebian } from '../images.ts'
import { sharedMachine } from '../machines.ts'

// Takes the container's own root away and enters its mount namespace anew, at what is the root now. Where pivot_root was
// used the machine's root is not there any more. Where the container's root was only laid over it (and chroot used) it is.
const LOOK_BELOW = `
my ($root, $umount2, $setns, $detach, $newns) = ("/", 166, 308, 2, 0x20000);
open(my $namespace, "<", "/proc/self/ns/mnt") or die "ns: $!";
syscall($umount2, $root, $detach) == 0 or die "umount2: $!";
syscall($setns, fileno($namespace), $newns) == 0 or die "setns: $!";
print -e "/etc/os-release" ? "the machine\\n" : "nothing\\n";
`

test('a container is entered by pivot_root: below its root there is nothing', async () => {
  const { machine } = await sharedMachine()
  const image = await pulledDebian(machine)
  await machine.run(`cat > /tmp/below.pl <<'END'\n${LOOK_BELOW}END`)
  const look = (engine: string) =>
    machine.run(
      `printf '[engine]\\n${engine}\\n' > /tmp/engine.conf; sudo CONTAINERS_CONF_OVERRIDE=/tmp/engine.conf ` +
        `podman run -i --rm --privileged ${image} perl - < /tmp/below.pl`,
    )
  expect(await look('')).toBe('nothing\n')
  // The same look finds the machine when the engine is told to do without pivot_root: so it can tell.
  expect(await look('no_pivot_root = true')).toBe('the machine\n')
})
