#!/bin/sh -eu
# enter.sh WORK LOWER ARGS...: stacks layers and hands over to bubblewrap with ARGS.
# Runs in a mount namespace of its own: the mount is gone with the last process in it.
cd "$1"
umask 022
# volatile: the upper layer is thrown away, so nobody waits until it is on the disk.
# Short names seen from here: the kernel takes 4096 bytes of options, its newer interface 256 for a value.
mount -t overlay -o "lowerdir=$2,upperdir=upper,workdir=overlay,userxattr,volatile" overlay root
: > entered
shift 2
exec bwrap --bind root / "$@"
