#!/bin/sh -eu
autoreconf -fi
./configure CFLAGS='-Os -fPIE -ffunction-sections -fdata-sections' \
  LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed'
make -j"$JOBS" slirp4netns
install -Dsm755 slirp4netns "$DESTDIR/usr/local/bin/slirp4netns"
