import { expect, test } from 'vitest'
import { debian, tinyImage } from '../images.ts'
import { sharedMachine } from '../machines.ts'

test("what is wrong in a registry is told in the tool's own words", async () => {
  const { machine } = await sharedMachine()
  await expect(machine.run('sudo podman pull -q --retry 0 10.0.2.2:9/nobody')).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringMatching(/10\.0\.2\.2:9.*connection refused/),
  })
  const wrong = `${debian().replace(/:trixie$/, '')}@sha256:${'0'.repeat(64)}`
  await expect(machine.run(`sudo podman pull -q --tls-verify=false ${wrong}`)).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringContaining('manifest unknown'),
  })
})

test('a corrupt layer is refused', async () => {
  const { machine } = await sharedMachine()
  const script = `set -e
mkdir -p /tmp/noise
head -c 100000 /dev/urandom > /tmp/noise/file
tar -C /tmp/noise -c . | podman import -q - localhost/noise >/dev/null
skopeo copy -q containers-storage:localhost/noise oci:/tmp/corrupt:latest
podman rmi localhost/noise >/dev/null
layer=$(ls -S /tmp/corrupt/blobs/sha256/* | head -1)
printf XXXX | dd of=$layer bs=1 seek=5000 conv=notrunc 2>/dev/null
podman pull -q oci:/tmp/corrupt:latest`
  await expect(machine.run(`sudo sh <<'END'\n${script}\nEND`)).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringMatching(/corrupt|invalid|checksum|digest/i),
  })
  await machine.run('sudo rm -rf /tmp/corrupt /tmp/noise')
})

test.each([
  ['registries.conf', 'podman pull -q nothing', /registries\.conf/],
  ['policy.json', `podman pull -q --tls-verify=false ${'IMAGE'}`, /policy\.json|invalid policy/],
  ['storage.conf', 'podman images', /storage\.conf|toml/i],
])('a broken %s is named; mended, all goes on', async (file, command, said) => {
  const { machine } = await sharedMachine()
  const path = `/etc/containers/${file}`
  await machine.run(`sudo cp ${path} /tmp/kept && echo 'broken [' | sudo tee ${path}`)
  try {
    const broken = machine.run(`sudo ${command.replace('IMAGE', debian())}`)
    await expect(broken).rejects.toMatchObject({ stderr: expect.stringMatching(said) })
  } finally {
    await machine.run(`sudo cp /tmp/kept ${path}`)
  }
  expect(await machine.run(`sudo podman run --rm ${await tinyImage(machine)} /bin/busybox echo on`)).toBe(
    'on\n',
  )
})
