#!/bin/sh -eu
growfs 2>&1 | grep -F 'Usage: growfs FOLDER'
growfs / 2>&1 | grep -F 'is neither XFS nor btrfs'
