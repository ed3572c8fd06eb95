#!/bin/sh -eu
# One program of three: no daemon that copies connections to another machine (conntrackd), no tool for helpers (nfct).
# configure asks for libtirpc in any case; a helper of the daemon alone uses it.
./configure --disable-cthelper --disable-cttimeout --disable-systemd LIBTIRPC_CFLAGS=-I. LIBTIRPC_LIBS=-lc \
  CFLAGS='-Os -fPIE -ffunction-sections -fdata-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2' \
  LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed'
make -j"$JOBS" -C extensions
make -j"$JOBS" -C src conntrack
install -Dsm755 -t "$DESTDIR/usr/local/sbin" src/conntrack
