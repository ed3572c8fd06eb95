#!/bin/sh -eu
# openpgp: signatures are checked in Go, without the GnuPG programs. sqlite_omit_load_extension, netgo, osusergo: nothing
# is loaded by dlopen, so what ldd names is all that it needs.
tags='containers_image_openpgp exclude_graphdriver_btrfs seccomp sqlite_omit_load_extension netgo osusergo'
go build -trimpath -buildmode=pie -tags "$tags" \
  -ldflags "-s -w -linkmode external -extldflags '-Wl,-z,relro,-z,now,-z,pack-relative-relocs'" \
  -o "$DESTDIR/usr/local/bin/podman" github.com/containers/podman/v5/cmd/podman
