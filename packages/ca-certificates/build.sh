#!/bin/sh -eu
# One file, as Go and OpenSSL look for it. Debian's own script for this runs when its package is installed.
install -d "$DESTDIR/etc/ssl/certs"
cat usr/share/ca-certificates/mozilla/*.crt > "$DESTDIR/etc/ssl/certs/ca-certificates.crt"
