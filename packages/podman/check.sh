#!/bin/sh -eu
podman --version | grep -x "podman version $VERSION"
/usr/local/libexec/boot2podman/cloud-config 2>&1 | grep '^Usage: cloud-config'
