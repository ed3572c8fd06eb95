#!/bin/sh
# As on Tiny Core: fetches one file of the mirror, into this folder.
. /usr/share/boot2podman/tce/places.sh
. /usr/share/boot2podman/tce/repository.sh

silent=yes
output=''
if [ "${1-}" = -O ]; then output=yes && shift; fi
if [ $# != 1 ] || [ "${1#-}" != "$1" ]; then
  printf '%s\n\n%s\n%s\n' 'Usage: tce-fetch.sh [-O] FILE' 'Fetch one file of the mirror into this folder; with -O show it.' \
    '  tce-fetch.sh -O git.tcz.info' >&2
  exit 1
fi
refresh_index || exit 1
work=$(mktemp -d /tmp/tce-fetch.XXXXXX)
trap 'rm -rf "$work"' EXIT
folder=$PWD
[ -z "$output" ] || folder=$work
if entry_of "$1"; then
  take "$1" "$folder" || exit 1
else
  if ! fetch "$mirror/$1" "$work/fetched" 2>"$work/said"; then
    problem "$mirror/$1" "could not be fetched: $(tail -n 1 "$work/said")" 'to see what there is: tce-fetch.sh -O info.lst'
    exit 1
  fi
  echo "$1: no signature speaks for it" >&2
  mv "$work/fetched" "$folder/$1"
fi
[ -z "$output" ] || cat "$work/$1"
