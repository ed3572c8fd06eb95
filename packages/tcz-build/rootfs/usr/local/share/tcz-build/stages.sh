#!/bin/sh -eu
# stages.sh WORK NAME SOURCES: unpacks, builds, packs, each in a container whose root are extensions; as tools/builder does. For
# tcz-build, as root, in a mount namespace of its own. What build.sh says is the output.
work=$1 name=$2 sources=$3
umask 022
cd "$work"
export LIBMOUNT_FORCE_MOUNT2=always

# What no package brings, because the image's own core has it.
make_base() {
  mkdir -p base/etc base/tmp
  chmod 1777 base/tmp
  for folder in bin sbin lib lib64; do
    mkdir -p base/usr/$folder
    ln -s usr/$folder base/$folder
  done
  printf 'root:x:0:0:root:/build:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n' >base/etc/passwd
  printf 'root:x:0:\nnogroup:x:65534:\n' >base/etc/group
  echo '127.0.0.1 localhost build' >base/etc/hosts
}

# mount_root LIST: the extensions in this file as one new root, the last on top. What is written to it is thrown away.
mount_root() {
  lower=base
  while read -r file; do
    layer=${file##*/} layer=layers/${layer%.tcz}
    if [ ! -d "$layer" ]; then
      mkdir -p "$layer"
      mount -t squashfs -o loop,ro,threads=single "$file" "$layer"
    fi
    lower=$layer:$lower
  done <"$1"
  mkdir upper overlay root
  mount -t overlay -o "lowerdir=$lower,upperdir=upper,workdir=overlay,volatile" overlay root
}

drop_root() {
  umount root
  rm -rf upper overlay root
}

# in_root ARGS...: options of podman, the root, and what runs in it. There is no network.
in_root() {
  podman run --rm --init --quiet --network none --hostname build --no-hosts --log-driver none --unsetenv-all \
    --cap-drop all --cap-add CHOWN,DAC_OVERRIDE,FOWNER,FSETID,SETUID,SETGID,KILL,SYS_CHROOT \
    --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin --env LC_ALL=C.UTF-8 --env TZ=UTC --env HOME=/build \
    --env SOURCE_DATE_EPOCH=1767225600 --volume "$work/build:/build" --workdir /build/src "$@"
}

make_base
mkdir -p build/src recipe out/tree out/packed
mount_root of-tools
in_root --volume "$work/given:/build/given:ro" --volume "$sources:/build/sources:ro" --volume "$work/recipe:/build/recipe" \
  --volume "$work/share:/build/share:ro" --rootfs "$work/root" python3 /build/share/prepare.py "$name"
drop_root

tree=out/tree
if [ -f recipe/build.sh ]; then
  mount_root of-build
  : >log
  read -r version <build/version
  in_root --env NAME="$name" --env VERSION="$version" --env RECIPE=/build/recipe --env DESTDIR=/build/out --env LOG=/build/log \
    --env JOBS="$(nproc)" --volume "$work/recipe:/build/recipe:ro" --volume "$work/out/tree:/build/out" \
    --volume "$work/log:/build/log" --rootfs "$work/root" /bin/sh -c 'exec /build/recipe/build.sh 2>&1' && code=0 || code=$?
  cat log
  if [ $code != 0 ]; then
    echo "$name/build.sh: failed with exit code $code" >&2
    exit 1
  fi
  drop_root
else
  tree=build/src
fi

mount_root of-tools
in_root --volume "$work/$tree:/build/tree" --volume "$work/out/packed:/build/packed" --volume "$work/recipe:/build/recipe:ro" \
  --volume "$work/share:/build/share:ro" --rootfs "$work/root" sh /build/share/pack.sh /build/tree /build/recipe "/build/packed/$name.tcz"
drop_root
