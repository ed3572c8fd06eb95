#!/bin/sh -eu
runc --version | grep -x "runc version $VERSION"
runc features | grep -F '"seccomp"'
