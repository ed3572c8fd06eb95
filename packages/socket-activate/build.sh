#!/bin/sh -eu
cc -Wall -Wextra -Werror -Os -fPIE -pie -fstack-protector-strong -D_FORTIFY_SOURCE=2 -Wl,-z,relro,-z,now,--as-needed \
  -o socket-activate socket-activate.c
install -Dsm755 -t "$DESTDIR/usr/local/sbin" socket-activate
