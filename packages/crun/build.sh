#!/bin/sh -eu
# No systemd and no criu here: what needs them says so at run time instead of at load time.
./configure --disable-systemd --disable-criu --disable-dl \
  CFLAGS='-Os -fPIE' LDFLAGS='-pie -Wl,-z,relro,-z,now'
# Asked for by name, crun does not wait for the headers that are generated: some jobs would read them half-written.
make git-version.h
make -C libocispec src/runtime_spec_stamp src/image_spec_stamp src/image_manifest_stamp src/basic-test_stamp
make -j"$JOBS" crun
install -Dsm755 crun "$DESTDIR/usr/local/bin/crun"
