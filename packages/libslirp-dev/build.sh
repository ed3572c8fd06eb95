#!/bin/sh -eu
# An archive, no shared library: slirp4netns alone uses it, and takes the functions that it calls.
export CFLAGS='-Os -fPIE -ffunction-sections -fdata-sections'
meson setup out --buildtype=plain --prefix=/usr/local --libdir=lib -Ddefault_library=static -Db_staticpic=false
ninja -C out libslirp.a
meson install -C out --no-rebuild
