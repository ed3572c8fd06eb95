#!/bin/sh -eu
slirp4netns --version | grep -Fx "slirp4netns version $VERSION"
