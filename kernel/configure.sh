#!/bin/sh -eu
# configure.sh SOURCE FRAGMENT...: writes SOURCE/.config, all that no fragment names being off.
# Fails when an option did not come out as a fragment says, and tells all such options at once.
source=$1
shift
here=$(dirname "$0")
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT

awk -f "$here/merge.awk" "$@" >"$wanted"
cut -f1 "$wanted" >"$source/merged.config"
make -s -C "$source" ARCH=x86_64 KCONFIG_ALLCONFIG=merged.config allnoconfig >"$source/kconfig.log" 2>&1 || {
  cat "$source/kconfig.log" >&2
  exit 1
}
awk -f "$here/verify.awk" "$source/.config" "$wanted"
