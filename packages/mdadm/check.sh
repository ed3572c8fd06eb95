#!/bin/sh -eu
mdadm --version 2>&1 | grep -F "mdadm - v$VERSION "
