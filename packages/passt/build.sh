#!/bin/sh -eu
make -j"$JOBS" passt VERSION="$VERSION" CFLAGS='-Os' LDFLAGS='-pie -Wl,-z,relro,-z,now'
install -Dsm755 passt "$DESTDIR/usr/local/bin/passt"
# One program: as pasta it connects a namespace instead of a machine.
ln -s passt "$DESTDIR/usr/local/bin/pasta"
