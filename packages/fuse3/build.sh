#!/bin/sh -eu
# One program of all: the library is a part of what uses it (fuse3-dev), and nothing mounts by the name mount.fuse3.
# No IGNORE_MTAB here: fusermount3 would no longer ask whose mount it is before it unmounts it.
export CFLAGS='-Os -fPIE -ffunction-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2'
export LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections'
meson setup out --buildtype=plain --prefix=/usr/local --sysconfdir=etc -Dexamples=false -Dtests=false
ninja -C out util/fusermount3
install -Dsm755 out/util/fusermount3 "$DESTDIR/usr/local/bin/fusermount3"
