#!/bin/sh -eu
/usr/local/libexec/podman/aardvark-dns --version | grep -x "aardvark-dns $VERSION"
