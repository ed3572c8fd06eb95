#!/bin/sh -eu
# Never run yet: README.md. SQLite, its store, is C. cmd/server is k3s without what unpacks it at each start; it looks at the
# name by which it is called. With CRI-O beside it, containerd's shim is not needed.
version=github.com/k3s-io/k3s/pkg/version.Version=v$VERSION
export CGO_ENABLED=1
go build -trimpath -buildmode=pie \
  -tags 'ctrd netcgo osusergo providerless urfave_cli_no_docs sqlite_omit_load_extension' \
  -ldflags "-s -w -X $version -linkmode external -extldflags '-Wl,-z,relro,-z,now,-z,pack-relative-relocs'" \
  -o "$DESTDIR/usr/local/bin/k3s" github.com/k3s-io/k3s/cmd/server
for name in k3s-server k3s-agent k3s-token kubectl crictl; do ln -s k3s "$DESTDIR/usr/local/bin/$name"; done
