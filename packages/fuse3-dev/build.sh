#!/bin/sh -eu
# An archive, no shared library: fuse-overlayfs alone uses it. So its symbols need no versions.
# /etc/mtab is a link to the kernel's own list of mounts: the library is not to write to it (IGNORE_MTAB).
export CFLAGS='-Os -fPIE -ffunction-sections -fdata-sections -DIGNORE_MTAB'
meson setup out --buildtype=plain --prefix=/usr/local --libdir=lib -Ddefault_library=static -Db_staticpic=false \
  -Ddisable-libc-symbol-version=true -Dutils=false -Dexamples=false -Dtests=false
ninja -C out lib/libfuse3.a
meson install -C out --no-rebuild
