#!/bin/sh -eu
# Its authors left the name of the version before in the source of the release.
sed -i "s/\[1.13-dev\]/[$VERSION]/" configure.ac
autoreconf -fi
./configure CFLAGS='-Os -fPIE -ffunction-sections -fdata-sections' \
  LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed'
make -j"$JOBS" -C lib
make -j"$JOBS" fuse-overlayfs
install -Dsm755 fuse-overlayfs "$DESTDIR/usr/local/bin/fuse-overlayfs"
