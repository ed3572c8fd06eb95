#!/bin/sh -eu
busybox | head -n 1 | grep -F "BusyBox v$VERSION "
# It reads the list of users itself: libc's way would need modules of libc.
[ "$(id -u tc)" = 1001 ]
echo 'a b' | awk '{ print $2 }' | grep -x b
