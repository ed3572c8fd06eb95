#!/bin/sh -eu
fuse-overlayfs --version | grep -Fx "fuse-overlayfs: version $VERSION"
