#!/bin/sh -eu
# One static program serves the initramfs, where there is no libc yet, and the core. Busybox's own options know
# static or position independent, not both: so the flags come from here.
flags='-O2 -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2'
links='-static-pie -Wl,-z,relro,-z,now'

{
  cat "$RECIPE/busybox.config"
  echo "CONFIG_EXTRA_CFLAGS=\"$flags\""
} >wanted.config
make allnoconfig >/dev/null
awk -F'[= ]' '
  { name = "" }
  /^CONFIG_/ { name = $1 }
  /^# CONFIG_/ { name = $2 }
  NR == FNR { if (name != "") wanted[name] = $0; next }
  name in wanted { print wanted[name]; next }
  { print }
' wanted.config .config >merged.config
mv merged.config .config
yes '' | make oldconfig >/dev/null

lost=$(grep '^CONFIG_' wanted.config | grep -vxFf .config || true)
if [ -n "$lost" ]; then
  echo 'busybox.config: these options did not stick:' "$lost" >&2
  exit 1
fi

make -j"$JOBS" CFLAGS_busybox="$links" busybox

install -Dm755 busybox "$DESTDIR/usr/bin/busybox"
mkdir -p "$DESTDIR/usr/sbin"
./busybox --list-full | while read -r path; do
  name=${path##*/}
  case $path in
  linuxrc | */busybox) ;;
  sbin/* | usr/sbin/*) ln -s ../bin/busybox "$DESTDIR/usr/sbin/$name" ;;
  *) ln -s busybox "$DESTDIR/usr/bin/$name" ;;
  esac
done
