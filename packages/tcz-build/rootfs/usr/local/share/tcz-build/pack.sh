#!/bin/sh -eu
# pack.sh TREE RECIPE FILE: lays the recipe's rootfs/ over the tree, and squashes it, as tools/builder does (copy-tree.ts, tar.ts,
# pack.ts): the same tree gives the same bytes.
tree=$1 recipe=$2 file=$3
tar=$(mktemp)

# add OPTIONS...: appends the files that are named on the input.
add() {
  tar --directory "$tree" --file "$tar" --format=gnu --sort=name --mtime="@$SOURCE_DATE_EPOCH" --numeric-owner --anchored \
    --no-wildcards "$@" --null --verbatim-files-from --files-from=-
}

# children FOLDER: what lies in it, with its path, in the order of the bytes.
children() { (cd "$tree" && find "$1" -mindepth 1 -maxdepth 1 -print0 | sed -z 's,^\./,,' | LC_ALL=C sort -z); }

# without FOLDER/: sets $excludes to what has an owner of its own below it.
without() {
  excludes=''
  for path in $owned; do
    case $path in "$1"?*) excludes="$excludes --exclude=$path" ;; esac
  done
}

if [ -d "$recipe/rootfs" ]; then cp -a --remove-destination "$recipe/rootfs/." "$tree/"; fi
owners=''
if [ -f "$recipe/rootfs.owners" ]; then owners=$(grep -v -e '^ *#' -e '^ *$' "$recipe/rootfs.owners" | LC_ALL=C sort); fi
owned=$(echo "$owners" | cut -d ' ' -f 1)

# shellcheck disable=SC2086 # no path in rootfs.owners has a blank
{
  without ''
  children . | add $excludes --create --owner=root:0 --group=root:0
  [ -z "$owners" ] || echo "$owners" | while read -r path uid gid mode; do
    printf '%s\0' "$path" | add --append --owner="user:$uid" --group="group:$gid" --mode="$mode" --no-recursion
    if [ -L "$tree/$path" ] || [ ! -d "$tree/$path" ] || [ -z "$(ls -A "$tree/$path")" ]; then continue; fi
    without "$path/"
    children "$path" | add $excludes --append --owner="user:$uid" --group="group:$gid"
  done
}

# Of large ones larger blocks.
size=$(stat -c %s "$tar")
block=16K
if [ "$size" -ge 67108864 ]; then block=128K; elif [ "$size" -ge 4194304 ]; then block=32K; fi
# mksquashfs takes one clock only.
env -u SOURCE_DATE_EPOCH mksquashfs - "$file" -tar -comp zstd -Xcompression-level 19 -b $block -no-fragments -no-xattrs -no-exports \
  -noappend -no-progress -quiet -root-mode 755 -all-time "$SOURCE_DATE_EPOCH" -mkfs-time "$SOURCE_DATE_EPOCH" <"$tar"
rm "$tar"
