#!/bin/sh -eu
skopeo --version | grep -x "skopeo version $VERSION"
