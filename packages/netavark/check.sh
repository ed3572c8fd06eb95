#!/bin/sh -eu
/usr/local/libexec/podman/netavark version | grep -F "\"version\": \"$VERSION\""
