#!/bin/sh -eu
# The kernel tells its release in its own header, and the modules are that kernel's.
release=$VERSION-boot2podman

# Boot protocol: at 0x20e the place of the release, counted from 0x200.
place=$(($(od -An -tu2 -j 526 -N 2 /boot/vmlinuz) + 512))
dd if=/boot/vmlinuz bs=1 skip="$place" count=64 2>/dev/null | grep -aq "^$release "

grep -Fqx 'CONFIG_LOCALVERSION="-boot2podman"' /boot/config
test -s "/usr/lib/modules/$release/modules.dep"
