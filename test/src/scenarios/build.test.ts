import { expect, test } from 'vitest'
import { pulledDebian, tinyImage } from '../images.ts'
import { sharedMachine } from '../machines.ts'
import { secureRegistry, trustedRegistry } from '../secure-registry.ts'

const CONTAINERFILE = `ARG BASE
FROM \${BASE} AS maker
ARG WORD=none
RUN --mount=type=cache,target=/var/cache/made echo x >> /var/cache/made/count
RUN --mount=type=cache,target=/var/cache/made wc -l < /var/cache/made/count > /count
RUN --mount=type=secret,id=key tr a-z A-Z < /run/secrets/key > /upper
RUN echo "$WORD" > /word
FROM \${BASE}
COPY --from=maker /word /count /upper /made/
COPY text /made/text
CMD ["sh", "-c", "cat /made/word /made/upper /made/text; test ! -e /run/secrets/key"]
`

test.each([
  ['podman build', 'sudo podman build'],
  ['buildah bud', 'sudo buildah bud'],
])(
  '%s: stages, ARG, COPY, a cache and a secret; pushed with TLS, pulled by digest, run',
  async (name, build) => {
    const { machine } = await sharedMachine()
    const base = await pulledDebian(machine)
    const registry = await trustedRegistry(machine)
    const image = `${registry}/made-by-${name.replace(' ', '-')}`
    await machine.run(`rm -rf /tmp/context && mkdir /tmp/context && cd /tmp/context && echo from the context > text &&
printf hidden > /tmp/key && cat > Containerfile <<'END'
${CONTAINERFILE}END`)
    const make = (word: string) =>
      machine.run(
        `cd /tmp/context && ${build} -q --build-arg BASE=${base} --build-arg WORD=${word} ` +
          `--secret id=key,src=/tmp/key -t ${image} .`,
        { timeout: 300 },
      )
    await make('once')
    await machine.run(`sudo podman push -q --digestfile /tmp/digest ${image}`)
    await machine.run(`sudo podman rmi ${image}`)
    const digest = (await machine.run('sudo cat /tmp/digest')).trim()
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    await machine.run(`sudo podman pull -q ${image}@${digest}`)
    const said = await machine.run(`sudo podman run --rm ${image}@${digest}`)
    expect(said).toBe('once\nHIDDENfrom the context\n')
    await machine.run(`sudo podman rmi ${image}@${digest}; rm -rf /tmp/context /tmp/key; sudo rm /tmp/digest`)
  },
)

test('buildah from scratch: mount, copy, config, commit', async () => {
  const { machine } = await sharedMachine()
  await tinyImage(machine)
  const script = `set -e
box=$(buildah from scratch)
root=$(buildah mount $box)
mkdir $root/bin
cp /usr/bin/busybox $root/bin/busybox
echo by hand > /tmp/note
buildah copy -q $box /tmp/note /note >/dev/null
buildah config --cmd '["/bin/busybox", "cat", "/note"]' --label made=by-hand $box
buildah umount $box >/dev/null
buildah commit -q $box localhost/by-hand >/dev/null
buildah rm $box >/dev/null
podman run --rm localhost/by-hand
podman inspect --format '{{.Labels.made}}' localhost/by-hand
podman rmi localhost/by-hand >/dev/null`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe('by hand\nby-hand\n')
})

test('without its authority the registry is refused, and so is a wrong password', async () => {
  const { machine } = await sharedMachine()
  const registry = secureRegistry()
  await machine.run(`sudo rm -rf /etc/containers/certs.d/${registry}`)
  const login = (password: string) =>
    machine.run(`echo ${password} | sudo podman login -u tester --password-stdin ${registry}`)
  await expect(login('secret')).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringContaining('certificate signed by unknown authority'),
  })
  await trustedRegistry(machine)
  await expect(login('guess')).rejects.toMatchObject({
    exitCode: 125,
    stderr: expect.stringContaining('invalid username/password'),
  })
})
