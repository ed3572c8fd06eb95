#!/bin/sh -eu
musl=/usr/lib/x86_64-linux-musl
autoreconf -fi
./configure --host=x86_64-linux-musl CC="gcc -specs $musl/musl-gcc.specs"
make -j"$JOBS" catatonit.o CFLAGS='-Os -fPIE'
# Containers run it inside their own root, where our libraries are not: static, and PIE as everything here. By musl, since it is
# a sixth of the size then. Its own rules for gcc know no static PIE.
gcc -static-pie -nostdlib -Wl,-z,relro,-z,now -o catatonit \
  $musl/rcrt1.o $musl/crti.o catatonit.o -L$musl -lc -lgcc $musl/crtn.o
install -Dsm755 catatonit "$DESTDIR/usr/local/libexec/podman/catatonit"
