#!/bin/sh -eu
autoreconf -fi
./configure
# Containers run it inside their own root, where our libraries are not: static, and PIE as everything here.
make -j"$JOBS" catatonit CFLAGS='-Os -fPIE' catatonit_LDFLAGS= LDFLAGS='-static-pie -Wl,-z,relro,-z,now'
install -Dsm755 catatonit "$DESTDIR/usr/local/libexec/podman/catatonit"
