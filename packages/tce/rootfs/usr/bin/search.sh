#!/bin/sh
# As on Tiny Core: which extensions have a name like this, or with -t such tags. WORD is a regular expression.
. /usr/share/boot2podman/tce/places.sh
. /usr/share/boot2podman/tce/repository.sh

column=1
if [ "${1-}" = -t ]; then column=2 && shift; fi
if [ $# != 1 ] || [ "${1#-}" != "$1" ]; then
  printf '%s\n\n%s\n%s\n' 'Usage: search.sh [-t] WORD' 'Search the mirror for extensions by name, or with -t by their tags.' \
    '  search.sh -t network' >&2
  exit 1
fi
database tags.db || exit 1
zcat "$database" | WORD=$1 awk -v column=$column '
  { name = $1; tags = $0; sub(/^[^ \t]*[ \t]*/, "", tags) }
  tolower(column == 1 ? name : tags) ~ tolower(ENVIRON["WORD"]) { print name }'
