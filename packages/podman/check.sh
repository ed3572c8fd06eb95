#!/bin/sh -eu
podman --version | grep -x "podman version $VERSION"
