#!/bin/sh -eu
# A kernel as small as a container host allows, its options in config/, one concern a file.
output=$DESTDIR
unset DESTDIR # kbuild's tools read it too

# What would otherwise tell where, when and by whom it was built.
export ARCH=x86_64 KBUILD_BUILD_USER=boot2podman KBUILD_BUILD_HOST=boot2podman
KBUILD_BUILD_TIMESTAMP=$(date -u -d "@$SOURCE_DATE_EPOCH")
export KBUILD_BUILD_TIMESTAMP

echo "kernel: unpacking"
mkdir linux
tar -x --strip-components=1 -C linux -f usr/src/linux-source-*.tar.xz
cd linux
# Debian's package has the source in a tar: what lies in a recipe's patches/ would come too early.
for patch in "$RECIPE"/linux-patches/*.patch; do patch -p1 --batch --forward --fuzz=0 <"$patch"; done

sh "$RECIPE/configure.sh" . "$RECIPE"/config/*.config
release=$(make -s kernelrelease)
if [ "$release" != "$VERSION-boot2podman" ]; then
  echo "kernel: the source is $release, tcz.json says $VERSION" >&2
  exit 1
fi

sh "$RECIPE/progress.sh" "$(cat "$RECIPE/steps")" make -j"$JOBS" bzImage modules

# kbuild writes to PATH/lib/modules.
make -s INSTALL_MOD_PATH="$output/usr" INSTALL_MOD_STRIP=1 DEPMOD=true modules_install
rm -f "$output/usr/lib/modules/$release/build" "$output/usr/lib/modules/$release/source"

# Some depmods look into lib/modules, some into usr/lib/modules.
ln -s usr/lib "$output/lib"
depmod -e -F System.map -b "$output" "$release" 2>depmod.log
rm "$output/lib"
if [ -s depmod.log ]; then
  cat depmod.log >&2
  exit 1
fi
# The same lists a second time, for kmod only; it reads the plain ones too.
rm "$output/usr/lib/modules/$release"/*.bin

install -Dm644 arch/x86/boot/bzImage "$output/boot/vmlinuz"
install -Dm644 .config "$output/boot/config"
