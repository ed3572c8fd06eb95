#!/bin/sh -eu
# progress.sh FILES COMMAND...: runs a kernel build, and after each percent tells how far it is.
# FILES is what the last build compiled (the file `steps`): make itself does not know how many are to come.
# The builder shows lines that begin with `kernel: `, and keeps all of them in its log.
about=$1
shift

follow() {
  files=0
  told=0
  while IFS= read -r line; do
    printf '%s\n' "$line"
    case $line in
    '  CC '* | '  AS '* | '  HOSTCC '*) files=$((files + 1)) ;;
    esac
    percent=$((files * 100 / about))
    # A build longer than the last one is not done before it is done.
    if [ "$percent" -gt "$told" ] && [ "$percent" -lt 100 ]; then
      told=$percent
      echo "kernel: compiled $files of about $about files ($percent %)"
    fi
  done
  if [ -s "$failed" ]; then return; fi
  echo "kernel: compiled $files files"
  [ "$files" = "$about" ] || echo "kernel: the file \"steps\" says $about; write $files into it"
}

# A pipe would lose how the command ended.
failed=$(mktemp)
trap 'rm -f "$failed"' EXIT
{ "$@" 2>&1 || echo "$?" >"$failed"; } | follow
if [ -s "$failed" ]; then exit "$(cat "$failed")"; fi
