#!/bin/sh -eu
protoc --version | grep -Fx "libprotoc $VERSION"
