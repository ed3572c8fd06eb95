#!/bin/sh
# As on Tiny Core: which extensions need this one directly.
. /usr/share/boot2podman/tce/places.sh
. /usr/share/boot2podman/tce/repository.sh

part=''
if [ "${1-}" = -f ]; then part=yes && shift; fi
if [ $# != 1 ] || [ "${1#-}" != "$1" ]; then
  printf '%s\n\n%s\n%s\n' 'Usage: depends-on.sh [-f] NAME' 'Tell which extensions need NAME directly; with -f, something with NAME in its name.' \
    '  depends-on.sh glib2' >&2
  exit 1
fi
base_name "$1"
database dep.db || exit 1
zcat "$database" | awk -v target="$base" -v part=$part '
  $0 == "" { name = ""; next }
  name == "" { name = $1; told = ""; next }
  told == "" && (part ? index($1, target) : $1 == target ".tcz") { print name; told = 1 }'
