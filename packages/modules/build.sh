#!/bin/sh -eu
# The image wants the modules, not the kernel beside them: that one is outside, where the boot loader finds it.
mkdir -p "$DESTDIR/usr/lib/modules"
cp -a "/usr/lib/modules/$VERSION-boot2podman" "$DESTDIR/usr/lib/modules/"
