#!/bin/sh -eu
# Commands become packages that main.go calls by argv[0].
for command in podman/v5/cmd/podman podman/v5/cmd/rootlessport buildah/cmd/buildah skopeo/cmd/skopeo; do
  sed -i "s/^package main\$/package ${command##*/}/; s/^func main()/func Main()/" \
    vendor/github.com/containers/"$command"/*.go
done

# openpgp: signatures are checked in Go, without the GnuPG programs. sqlite_omit_load_extension, netgo, osusergo: nothing
# is loaded by dlopen, so what ldd names is all that it needs. cni: networks by CNI plugins, for whoever sets network_backend.
tags='containers_image_openpgp exclude_graphdriver_btrfs seccomp sqlite_omit_load_extension netgo osusergo cni'
go build -trimpath -buildmode=pie -tags "$tags" \
  -ldflags "-s -w -linkmode external -extldflags '-Wl,-z,relro,-z,now,-z,pack-relative-relocs'" \
  -o "$DESTDIR/usr/local/bin/podman" .
