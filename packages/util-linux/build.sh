#!/bin/sh -eu
# sfdisk alone, with its libraries in it: nobody else uses them.
./configure --disable-all-programs --enable-libuuid --enable-libblkid --enable-libsmartcols --enable-libfdisk \
  --enable-fdisks=check --disable-shared --disable-nls --without-readline --without-ncurses --without-ncursesw --without-tinfo \
  --without-systemd --without-udev --without-python --disable-widechar --disable-asciidoc \
  CFLAGS='-Os -fPIE -ffunction-sections -fdata-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2' \
  LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed'
make -j"$JOBS" sfdisk
install -Dsm755 -t "$DESTDIR/usr/local/sbin" sfdisk
