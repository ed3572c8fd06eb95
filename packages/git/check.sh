#!/bin/sh -eu
git --version | grep -Fx "git version $VERSION"
cd "$(mktemp -d)"
git init --quiet .
git rev-parse --is-inside-work-tree | grep -Fx true
