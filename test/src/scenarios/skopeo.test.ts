import { expect, inject, test } from 'vitest'
import { tinyImage } from '../images.ts'
import { sharedMachine } from '../machines.ts'

const plain = () => `10.0.2.2:${inject('registryPort')}`

test('copies between registry, OCI layout, folder, archive and storage', async () => {
  const { machine } = await sharedMachine()
  await tinyImage(machine)
  const script = `set -e
cd $(mktemp -d)
skopeo copy -q containers-storage:localhost/tiny oci:layout:tiny
skopeo copy -q oci:layout:tiny dir:folder
skopeo copy -q dir:folder docker-archive:archive.tar:localhost/again:latest
skopeo copy -q docker-archive:archive.tar containers-storage:localhost/again:latest
skopeo copy -q --dest-tls-verify=false containers-storage:localhost/again:latest docker://${plain()}/again:one
skopeo copy -q --src-tls-verify=false --dest-tls-verify=false docker://${plain()}/again:one docker://${plain()}/again:two
skopeo list-tags --tls-verify=false docker://${plain()}/again | grep -c '"one"\\|"two"'
skopeo inspect --tls-verify=false --format '{{.Architecture}} {{.Os}}' docker://${plain()}/again:two
podman run --rm localhost/again /bin/busybox echo ran
podman rmi localhost/again >/dev/null
rm -rf "$PWD"`
  expect(await machine.run(`sudo sh <<'END'\n${script}\nEND`)).toBe('2\namd64 linux\nran\n')
})

test('sync fetches a repository into a folder; delete takes a tag away', async () => {
  const { machine } = await sharedMachine()
  await tinyImage(machine)
  const script = `set -e
cd $(mktemp -d)
skopeo copy -q --dest-tls-verify=false containers-storage:localhost/tiny docker://${plain()}/short-lived:1
skopeo sync --src-tls-verify=false --src docker --dest dir ${plain()}/short-lived . >/dev/null 2>&1
ls -1 */manifest.json
skopeo delete --tls-verify=false docker://${plain()}/short-lived:1
skopeo inspect --tls-verify=false docker://${plain()}/short-lived:1 2>&1 || echo gone
rm -rf "$PWD"`
  const said = await machine.run(`sudo sh <<'END'\n${script}\nEND`)
  expect(said).toContain('short-lived:1/manifest.json\n')
  expect(said).toMatch(/manifest unknown[\s\S]*\ngone\n$/)
})

test('with a policy that asks for signatures a signed image is taken, an unsigned one is not', async () => {
  const { machine } = await sharedMachine()
  await tinyImage(machine)
  const policy = {
    default: [{ type: 'reject' }],
    transports: {
      docker: {
        [plain()]: [
          {
            type: 'sigstoreSigned',
            keyPath: '/tmp/sign/key.pub',
            signedIdentity: { type: 'matchRepository' },
          },
        ],
      },
    },
  }
  const script = `set -e
mkdir -p /tmp/sign /etc/containers/registries.d
cd /tmp/sign
echo phrase > phrase
skopeo generate-sigstore-key --output-prefix key --passphrase-file phrase >/dev/null
printf 'docker:\\n  ${plain()}:\\n    use-sigstore-attachments: true\\n' > /etc/containers/registries.d/test.yaml
skopeo copy -q --dest-tls-verify=false --sign-by-sigstore-private-key key.private --sign-passphrase-file phrase \\
  containers-storage:localhost/tiny docker://${plain()}/signed:1
skopeo copy -q --dest-tls-verify=false containers-storage:localhost/tiny docker://${plain()}/unsigned:1
echo '${JSON.stringify(policy)}' > policy.json
skopeo --policy policy.json copy -q --src-tls-verify=false docker://${plain()}/signed:1 dir:signed
echo signed was taken
skopeo --policy policy.json copy -q --src-tls-verify=false docker://${plain()}/unsigned:1 dir:unsigned 2>&1 || echo unsigned was refused
rm -rf /tmp/sign /etc/containers/registries.d/test.yaml`
  const said = await machine.run(`sudo sh <<'END'\n${script}\nEND`)
  expect(said).toMatch(
    /^signed was taken\n[\s\S]*A signature was required, but no signature exists[\s\S]*unsigned was refused\n$/,
  )
})
