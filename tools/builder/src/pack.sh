#!/bin/sh -eu
# pack.sh TAR COMMAND...: mksquashfs reads a tar only from its input, and takes the owners from it.
tar=$1
shift
exec "$@" <"$tar"
