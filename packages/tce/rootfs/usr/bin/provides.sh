#!/bin/sh
# As on Tiny Core: which extensions have a file whose path is like this. A $ at the end is the end of the path.
. /usr/share/boot2podman/tce/places.sh
. /usr/share/boot2podman/tce/repository.sh

usage() {
  cat <<'TEXT'
Usage: provides.sh [-f] WORD[$]

Tell which extensions have a file with WORD in its path; a $ behind it is the end of the path. With -f tell the files too.

  provides.sh bin/git$
TEXT
}

files=''
while getopts fnzh letter; do
  case $letter in
  f) files=yes ;;
  # Tiny Core's, about how it fetches its list.
  n | z) ;;
  h) usage && exit ;;
  *) usage >&2 && exit 1 ;;
  esac
done
shift $((OPTIND - 1))
if [ $# != 1 ]; then
  usage >&2
  exit 1
fi
database provides.db || exit 1
zcat "$database" | WORD=$1 awk -v files="$files" '
  function has(path) { return at_end ? substr(path, length(path) - length(word) + 1) == word : index(path, word) }
  BEGIN {
    word = ENVIRON["WORD"]
    at_end = sub(/\$$/, "", word)
  }
  $0 == "" { name = ""; next }
  name == "" { name = $0; told = ""; next }
  has($0) {
    if (told == "") print name
    told = 1
    if (files) print "   " $0
  }'
