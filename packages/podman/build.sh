#!/bin/sh -eu
# Commands become packages that main.go calls by argv[0].
containers=vendor/github.com/containers
for command in podman/v5/cmd/podman podman/v5/cmd/rootlessport buildah/cmd/buildah skopeo/cmd/skopeo; do
  sed -i "s/^package main\$/package ${command##*/}/; s/^func main()/func Main()/" "$containers/$command"/*.go
done

# belongs_to PROGRAM FOLDER: what the commands below FOLDER prepare at the start, hundreds of options, only PROGRAM prepares.
belongs_to() {
  grep -rl --include='*.go' '^func init() {$' "$containers/$2" | while read -r file; do
    sed -i 's/^func init() {$/&\n\tif isAnother {\n\t\treturn\n\t}/' "$file"
    cat >"${file%/*}/is_another.go" <<END
package $(sed -n 's/^package //p' "$file")

import "boot2podman.local/podman/program"

var isAnother = program.Name != "$1"
END
  done
}
belongs_to podman podman/v5/cmd/podman
belongs_to buildah buildah/cmd/buildah

# openpgp: signatures are checked in Go, without the GnuPG programs. sqlite_omit_load_extension, netgo, osusergo: nothing
# is loaded by dlopen, so what ldd names is all that it needs. cni: networks by CNI plugins, for whoever sets network_backend.
tags='containers_image_openpgp exclude_graphdriver_btrfs seccomp sqlite_omit_load_extension netgo osusergo cni'
go test ./cloudconfig
go build -trimpath -tags "$tags" \
  -ldflags "-s -w -linkmode external -extldflags '-Wl,-z,relro,-z,now'" \
  -o "$DESTDIR/usr/local/bin/podman" .
