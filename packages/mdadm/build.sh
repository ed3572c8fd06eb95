#!/bin/sh -eu
# Devices are the kernel's own (devtmpfs), there is no udev; and nothing that watches arrays or sends mail.
make -j"$JOBS" mdadm CHECK_RUN_DIR=0 CWFLAGS='-fPIE -fstack-protector-strong' \
  CXFLAGS='-Os -DNO_LIBUDEV -D_FORTIFY_SOURCE=2 -ffunction-sections -fdata-sections' LDLIBS=-ldl \
  LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed'
install -Dsm755 -t "$DESTDIR/usr/local/sbin" mdadm
