#!/bin/sh -eu
grep -Fx "Version: $VERSION" /usr/local/lib/pkgconfig/fuse3.pc
[ -s /usr/local/lib/libfuse3.a ]
