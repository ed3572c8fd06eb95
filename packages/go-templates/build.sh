#!/bin/sh -eu
install -Dm755 -t "$DESTDIR/usr/local/bin" go-templates
