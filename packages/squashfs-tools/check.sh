#!/bin/sh -eu
unsquashfs -help 2>&1 | grep -F zstd
