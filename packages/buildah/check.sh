#!/bin/sh -eu
buildah --version | grep -F "buildah version $VERSION "
