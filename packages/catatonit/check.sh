#!/bin/sh -eu
/usr/local/libexec/podman/catatonit --version | grep -x "tini version ${VERSION}_catatonit"
