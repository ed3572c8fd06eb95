#!/bin/sh -eu
sfdisk --version | grep -Fx "sfdisk from util-linux $VERSION"
truncate -s 64M disk
printf 'label: gpt\nstart=1MiB, name=some-name\n' | sfdisk -q disk
sfdisk --dump disk | grep -F 'name="some-name"'
