#!/bin/sh -eu
cc -Wall -Wextra -Werror -Os -fPIE -pie -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now,--as-needed \
  -o pinns pinns.c
install -Dsm755 -t "$DESTDIR/usr/local/bin" pinns
