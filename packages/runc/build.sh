#!/bin/sh -eu
go build -trimpath -buildmode=pie -tags seccomp \
  -ldflags "-s -w -X main.version=$VERSION -linkmode external -extldflags '-Wl,-z,relro,-z,now,-z,pack-relative-relocs'" \
  -o "$DESTDIR/usr/local/bin/runc" github.com/opencontainers/runc
