#!/bin/sh -eu
# What the data disk needs, of many programs. Their library is shared: each of them would hold most of it.
./configure --prefix=/usr/local --sbindir=/usr/local/sbin --libdir=/usr/local/lib --sysconfdir=/etc \
  --enable-elf-shlibs --disable-nls --disable-fuse2fs --disable-e2initrd-helper --disable-debugfs --disable-imager \
  --disable-defrag --disable-uuidd --disable-tdb --disable-bmap-stats --without-libarchive --without-crond-dir \
  --without-systemd-unit-dir --without-udev-rules-dir \
  CFLAGS='-Os -fPIE -ffunction-sections -fdata-sections -fstack-protector-strong -D_FORTIFY_SOURCE=2' \
  LDFLAGS='-Wl,-z,relro,-z,now,--gc-sections,--as-needed'
make -j"$JOBS" libs
make -j"$JOBS" -C misc LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed' mke2fs tune2fs
make -j"$JOBS" -C e2fsck LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed' e2fsck
make -j"$JOBS" -C resize LDFLAGS='-pie -Wl,-z,relro,-z,now,--gc-sections,--as-needed' resize2fs

install -Dsm755 -t "$DESTDIR/usr/local/sbin" misc/mke2fs misc/tune2fs e2fsck/e2fsck resize/resize2fs
ln -s mke2fs "$DESTDIR/usr/local/sbin/mkfs.ext4"
ln -s e2fsck "$DESTDIR/usr/local/sbin/fsck.ext4"
ln -s tune2fs "$DESTDIR/usr/local/sbin/e2label"
mkdir -p "$DESTDIR/usr/lib"
for name in blkid com_err e2p ext2fs uuid; do cp -d lib/lib$name.so.* "$DESTDIR/usr/lib/"; done
install -Dm644 misc/mke2fs.conf "$DESTDIR/etc/mke2fs.conf"
