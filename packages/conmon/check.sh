#!/bin/sh -eu
conmon --version | grep -x "conmon version $VERSION"
