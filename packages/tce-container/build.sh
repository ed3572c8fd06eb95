#!/bin/sh -eu
# Nothing of its own: what it needs is what it is.
mkdir -p "$DESTDIR"
