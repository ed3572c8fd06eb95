#!/bin/sh -eu
podman --version | grep -x "podman version $VERSION"
/usr/local/libexec/boot2podman/cloud-config 2>&1 | grep '^Usage: cloud-config'
podman varlink --help | grep 'Answer io.podman'
/usr/local/libexec/podman/io.podman 2>&1 | grep 'no address given'
/usr/local/sbin/resolver --varlink=/none 2>&1 | grep 'is no address'
grep -q '"defaultAction":"SCMP_ACT_ERRNO"' /usr/share/containers/seccomp.json
