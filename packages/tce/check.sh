#!/bin/sh -eu
# An index is believed when it is signed by a known key, no older than the last one, and not expired by a clock that can be right.
problem() { echo "$1: $2"; }
. /usr/share/boot2podman/tce/repository.sh
mkdir -p /tmp/state /tmp/index
repository=/tmp/state signers=/tmp/signers mirror=http://mirror
cd /tmp/index
ssh-keygen -q -t ed25519 -N '' -f /tmp/key
ssh-keygen -q -t ed25519 -N '' -f /tmp/other
echo "boot2podman namespaces=\"boot2podman-repository\" $(cat /tmp/key.pub)" >/tmp/signers

# made VERSION EXPIRES [KEY]
made() {
  printf 'boot2podman-repository 1\nversion %s\nexpires %s\nabc  7  hello.tcz\n' "$1" "$2" >index
  rm -f index.sig
  ssh-keygen -q -Y sign -f "${3-/tmp/key}" -n boot2podman-repository index
}
today=$(date +%s)
later=2999-01-01T00:00:00Z

made "$today" $later
verify_index /tmp/index
check_age index
cp index index.sig /tmp/state/
entry_of hello.tcz && [ "$entry_sum $entry_bytes" = 'abc 7' ]
! entry_of hello
! entry_of hello.tcz.dep

made "$today" $later /tmp/other
! verify_index /tmp/index >/tmp/said
grep -F 'its signature is not of a key that this image trusts' /tmp/said
made "$today" $later
echo "abc  7  more.tcz" >>index
! verify_index /tmp/index
made 12x $later
! verify_index /tmp/index >/tmp/said
grep -F 'is not understood' /tmp/said

echo $((today + 1)) >/tmp/state/version
made "$today" $later
verify_index /tmp/index
! check_age index >/tmp/said
grep -F "is of version $today, and version $((today + 1)) was seen already" /tmp/said
rm /tmp/state/version
made "$today" 2020-01-01T00:00:00Z
verify_index /tmp/index
! check_age index >/tmp/said
grep -F 'expired at 2020-01-01T00:00:00Z' /tmp/said
made $((today + 200000)) $later
verify_index /tmp/index
! check_age index >/tmp/said
grep -F 'before this index was made' /tmp/said
