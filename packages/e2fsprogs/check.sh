#!/bin/sh -eu
for name in mke2fs e2fsck; do $name -V 2>&1 | grep -F "$name $VERSION"; done
# A file system is made, found whole, and grows.
truncate -s 64M disk
mke2fs -q -t ext4 -L some-label disk 32M
e2label disk | grep -Fx some-label
e2fsck -fn disk
resize2fs disk 64M
tune2fs -l disk | grep -E '^Block count: +65536$'
e2fsck -fn disk
