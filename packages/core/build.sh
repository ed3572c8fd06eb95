#!/bin/sh -eu
# The folders that Git cannot hold, and one home for programs and libraries: what was /bin is /usr/bin.
cd "$DESTDIR"
mkdir -p dev etc proc sys run tmp mnt home root opt usr/lib usr/lib64 usr/bin usr/sbin
for name in bin sbin lib lib64; do ln -s "usr/$name" "$name"; done
mkdir -p usr/local/bin usr/local/sbin usr/local/lib usr/local/etc/init.d usr/local/tce.installed
mkdir -p var/cache var/lib/boot2podman var/lib/containers/networks var/lib/rancher var/log var/spool/cron/crontabs var/tmp
ln -s ../run var/run
ln -s ../run/lock var/lock
ln -s ../proc/self/mounts etc/mtab
# A copy: an extension of its own would be one more mount at each boot.
install -Dm644 /usr/share/boot2podman/timezones usr/share/boot2podman/timezones
cat >etc/os-release <<END
NAME=boot2podman
ID=boot2podman
VERSION="$VERSION"
VERSION_ID=$VERSION
PRETTY_NAME="boot2podman $VERSION"
END
