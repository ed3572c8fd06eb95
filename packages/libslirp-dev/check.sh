#!/bin/sh -eu
grep -Fx "Version: $VERSION" /usr/local/lib/pkgconfig/slirp.pc
[ -s /usr/local/lib/libslirp.a ]
