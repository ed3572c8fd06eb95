#!/bin/sh -eu
crun --version | grep -x "crun version $VERSION"
crun --version | grep -F +SECCOMP
