#!/bin/sh -eu
# Each file of a zone ends in a line with its rule in POSIX' words, which is right from now on: the one thing that is kept.
table=$DESTDIR/usr/share/boot2podman/timezones
mkdir -p "${table%/*}"
cd usr/share/zoneinfo
find -L . -type f | sed 's,^\./,,' | LC_ALL=C sort | while read -r name; do
  case $name in posix/* | right/* | localtime | posixrules) continue ;; esac
  [ "$(head -c 4 "$name")" = TZif ] || continue
  echo "$name $(tail -n 1 "$name")"
done >"$table"
