#!/bin/sh -eu
mkdir /tmp/tree
echo content >/tmp/tree/file
mksquashfs /tmp/tree /tmp/one.tcz -comp zstd -quiet -no-progress
unsquashfs -quiet -no-progress -dest /tmp/again /tmp/one.tcz
[ "$(cat /tmp/again/file)" = content ]
