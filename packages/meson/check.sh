#!/bin/sh -eu
meson --version | grep -Fx "$VERSION"
cd "$(mktemp -d)"
echo 'int main(void) { return 0; }' >main.c
printf "project('check', 'c')\nexecutable('main', 'main.c')\n" >meson.build
meson setup out
ninja -C out
out/main
