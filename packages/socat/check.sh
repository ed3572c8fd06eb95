#!/bin/sh -eu
socat -V | grep -F "socat version $VERSION "
socat -u SYSTEM:'echo hello' - | grep -Fx hello
