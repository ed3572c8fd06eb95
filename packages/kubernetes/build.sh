#!/bin/sh -eu
crictl=vendor/sigs.k8s.io/cri-tools/cmd/crictl
sed -i 's/^package main$/package crictl/; s/^func main()/func Main()/' "$crictl"/*.go

# CoreDNS has options that it defines for every program: among them --version, which others define in their own way.
grep -rl --include='*.go' '^func init() {$' vendor/github.com/coredns | while read -r file; do
  sed -i 's/^func init() {$/&\n\tif isAnother {\n\t\treturn\n\t}/' "$file"
  cat >"${file%/*}/is_another.go" <<END
package $(sed -n 's/^package //p' "$file")

import "boot2podman.local/kubernetes/program"

var isAnother = program.Name != "coredns"
END
done

# Static, as containers run it inside of their own root. What it would take from libc it has in Go: netgo, osusergo. Nor does
# kubectl kustomize load programs into itself. CoreDNS's plug-in template lets a Corefile call the two methods.
version=k8s.io/component-base/version
minor=${VERSION#*.}
go build -trimpath -overlay "$(go-templates Meta Remote)" -tags 'netgo osusergo kustomize_disable_go_plugin_support' \
  -ldflags "-s -w -linkmode external -extldflags '-static -Wl,-z,relro,-z,now' \
    -X $version.gitVersion=v$VERSION -X $version.gitMajor=${VERSION%%.*} -X $version.gitMinor=${minor%%.*} \
    -X $version.gitTreeState=clean -X $version.buildDate=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ) \
    -X sigs.k8s.io/cri-tools/pkg/version.Version=$(go list -m -f '{{.Version}}' sigs.k8s.io/cri-tools | tr -d v) \
    -X github.com/flannel-io/flannel/pkg/version.Version=$(go list -m -f '{{.Version}}' github.com/flannel-io/flannel)" \
  -o "$DESTDIR/usr/local/libexec/kubernetes" .

mkdir "$DESTDIR/usr/local/bin"
for name in $(sed -n 's/^\t"\([a-z-]*\)": .*/\1/p' main.go); do
  ln -s ../libexec/kubernetes "$DESTDIR/usr/local/bin/$name"
done
