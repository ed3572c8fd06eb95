#!/bin/sh -eu
containers=vendor/github.com/containers
plugins=vendor/github.com/containernetworking/plugins

# Commands become packages that main.go calls by argv[0]; a package's name has no hyphen.
for command in "$containers"/podman/v5/cmd/podman "$containers"/podman/v5/cmd/rootlessport \
  "$containers"/buildah/cmd/buildah "$containers"/skopeo/cmd/skopeo "$plugins"/plugins/*/*; do
  sed -i "s/^package main\$/package $(echo "${command##*/}" | tr -d -)/; s/^func main()/func Main()/" "$command"/*.go
done

# belongs_to PROGRAM FOLDER: what the commands below FOLDER prepare at the start, only PROGRAM prepares: Podman and Buildah
# hundreds of options; a CNI plugin stays on its first thread.
belongs_to() {
  grep -rl --include='*.go' '^func init() {$' "$2" | while read -r file; do
    sed -i 's/^func init() {$/&\n\tif isAnother {\n\t\treturn\n\t}/' "$file"
    cat >"${file%/*}/is_another.go" <<END
package $(sed -n 's/^package //p' "$file")

import "boot2podman.local/podman/program"

var isAnother = program.Name != "$1"
END
  done
}
belongs_to podman "$containers/podman/v5/cmd/podman"
belongs_to buildah "$containers/buildah/cmd/buildah"
for plugin in "$plugins"/plugins/*/*; do belongs_to "${plugin##*/}" "$plugin"; done

# openpgp: signatures are checked in Go, without the GnuPG programs. sqlite_omit_load_extension, netgo, osusergo: nothing
# is loaded by dlopen, so what ldd names is all that it needs. cni: networks by CNI plugins, for whoever sets network_backend.
tags='containers_image_openpgp exclude_graphdriver_btrfs seccomp sqlite_omit_load_extension netgo osusergo cni'
# The Go side of the interface is made of its description.
go tool varlink-go-interface-generator varlink/iopodman/io.podman.varlink
go test -tags "$tags" ./cloudconfig ./varlink/...
mkdir -p "$DESTDIR/usr/share/containers"
go run -tags "$tags" ./seccomp >"$DESTDIR/usr/share/containers/seccomp.json"
cni=${plugins#*/}
go build -trimpath -tags "$tags" \
  -ldflags "-s -w -X $cni/pkg/utils/buildversion.BuildVersion=$(go list -m -f '{{.Version}}' "$cni") \
    -linkmode external -extldflags '-Wl,-z,relro,-z,now'" \
  -o "$DESTDIR/usr/local/bin/podman" .
