#!/bin/sh -eu
fusermount3 --version | grep -Fx "fusermount3 version: $VERSION"
# The file that it reads is the one that we bring.
grep -F /usr/local/etc/fuse.conf /usr/local/bin/fusermount3
grep -Fx user_allow_other /usr/local/etc/fuse.conf
