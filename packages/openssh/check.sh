#!/bin/sh -eu
for program in ssh sshd; do "$program" -V 2>&1 | grep "^OpenSSH_$VERSION, OpenSSL 3\."; done
cd /tmp
echo text >text
for type in ed25519 ecdsa rsa; do
  ssh-keygen -q -t "$type" -N '' -f "$type"
  ssh-keygen -q -Y sign -f "$type" -n check text
  ssh-keygen -Y check-novalidate -n check -s text.sig <text
  rm text.sig
done
