#!/bin/sh -eu
# They tell no version.
for name in newuidmap newgidmap; do $name 2>&1 | grep -F "usage: $name"; done
