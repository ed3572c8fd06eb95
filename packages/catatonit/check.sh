#!/bin/sh -eu
/usr/local/libexec/podman/catatonit --version | grep -F "catatonit version $VERSION"
