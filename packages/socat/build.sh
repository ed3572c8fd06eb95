#!/bin/sh -eu
# Nothing but libc: no encryption, no line editing.
./configure --disable-openssl --disable-readline --disable-libwrap \
  CFLAGS='-Os -fPIE -ffunction-sections -fdata-sections' LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed'
make -j"$JOBS" socat
install -Dsm755 socat "$DESTDIR/usr/local/bin/socat"
