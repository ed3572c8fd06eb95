#!/bin/sh -eu
# The check of the configuration can fail: each case is one that happened. Needs no kernel source.
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# says TEXT COMMAND...: the command fails, and says TEXT.
says() {
  text=$1
  shift
  if "$@" >out 2>&1; then
    echo "did not fail: $*" >&2
    exit 1
  fi
  grep -Fq -- "$text" out || { cat out >&2; echo "does not say: $text" >&2; exit 1; }
}

cat >a.config <<'FRAGMENT'
# A comment.
CONFIG_OVERLAY_FS=y # why
# CONFIG_KEXEC is not set
CONFIG_VETH=m
CONFIG_LSM="landlock,yama"
FRAGMENT
awk -f "$here/merge.awk" a.config >wanted

printf 'CONFIG_OVERLAY_FS=y\nCONFIG_VETH=m\nCONFIG_LSM="landlock,yama"\n' >good
awk -f "$here/verify.awk" good wanted

verify() { printf "$1" >got; shift; awk -f "$here/verify.awk" got wanted; }
says 'a.config:2: CONFIG_OVERLAY_FS=y came out as n' verify 'CONFIG_VETH=m\n'
says 'a.config:3: CONFIG_KEXEC=n came out as y' verify 'CONFIG_KEXEC=y\n'
says 'a.config:4: CONFIG_VETH=m came out as y' verify 'CONFIG_VETH=y\n'
says 'a.config:5: CONFIG_LSM="landlock,yama" came out as ""' verify 'CONFIG_LSM=""\n'

printf 'CONFIG_VETH=y\n' >b.config
says 'b.config:1: CONFIG_VETH is set already at a.config:4' awk -f "$here/merge.awk" a.config b.config
printf 'VETH=y\n' >c.config
says 'c.config:1: "VETH=y" is not an option' awk -f "$here/merge.awk" c.config
printf 'CONFIG_VETH=\n' >d.config
says 'd.config:1: CONFIG_VETH= has no value' awk -f "$here/merge.awk" d.config
