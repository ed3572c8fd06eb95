#!/bin/sh
# Tiny Core's backup: what /opt/.filetool.lst names, without what /opt/.xfiletool.lst names, in one file on a disk.
usage() {
  cat <<'TEXT'
Usage: filetool.sh -b|-r|-d [-s] [-p] [-v] [DISK[/FOLDER]]

Keep files on a disk, in mydata.tgz, or bring them back. /opt/.filetool.lst says which files and folders, one a line
without the first /; /opt/.xfiletool.lst says what to leave out of them. At boot they come back by themselves, unless
the boot code norestore is given. DISK is the data disk when left out.

  -b  back up
  -r  restore
  -d  dry run: show what a backup would hold, and its size
  -s  keep the backup of before as mydatabk.tgz
  -p  ask first
  -v  show the names

  echo etc/hosts >>/opt/.filetool.lst && filetool.sh -b
  filetool.sh -b sdb1
TEXT
}

problem() {
  printf '%s: %s\n  %s\n' "$1" "$2" "$3" >&2
  exit 1
}

# Sets $file. The disk is mounted for as long as this runs, if it is not.
find_target() {
  device=$1
  if [ -z "$device" ] && [ -e /etc/sysconfig/backup_device ]; then read -r device </etc/sysconfig/backup_device; fi
  [ -n "$device" ] || problem filetool.sh 'there is no disk for the backup' \
    'add a data disk (b2p-status tells how), or name a disk: filetool.sh -b sda1'
  device=${device#/dev/}
  disk=${device%%/*}
  if ! mountpoint -q "/mnt/$disk"; then
    [ -b "/dev/$disk" ] || problem "$device" 'there is no such disk' 'to see them: cat /proc/partitions'
    mkdir -p "/mnt/$disk"
    mount "/dev/$disk" "/mnt/$disk" || problem "$device" 'could not be mounted' 'to see what is on it: blkid'
    undo="umount /mnt/$disk"
  fi
  file=/mnt/$device/mydata.tgz
}

# The names for tar, in $work/list and $work/out. What is not there is told, and left out.
make_lists() {
  while read -r path || [ -n "$path" ]; do
    path=${path#/}
    case $path in '' | '#'*) continue ;; esac
    if [ -e "/$path" ] || [ -L "/$path" ]; then echo "$path"; else echo "/$path is not there" >&2; fi
  done </opt/.filetool.lst >"$work/list"
  [ -s "$work/list" ] || problem /opt/.filetool.lst 'names nothing that is there' \
    'expected a file or folder a line, without the first /, such as home/tc'
  # Containers without root have their place on the data disk; as copies they would be of no use to Podman.
  echo '.local/share/containers' >"$work/out"
  while read -r path || [ -n "$path" ]; do
    case $path in '' | '#'*) ;; *) echo "$path" ;; esac
  done </opt/.xfiletool.lst >>"$work/out"
  # A socket cannot be kept, and tar takes it for a mistake.
  while read -r path; do
    find "/$path" -type s | sed 's,^/,,; s/[][*?\\]/\\&/g'
  done <"$work/list" >>"$work/out"
}

archive() { tar -C / -T "$work/list" -X "$work/out" "$@"; }

# The old one is there until the new one is whole and on the disk, whenever the power goes.
back_up() {
  make_lists
  echo "Backing up files to $file"
  mkdir -p "${file%/*}" 2>/dev/null
  if ! archive "-c${verbose}zf" "$file.new" || ! whole "$file.new" || ! sync "$file.new"; then
    rm -f "$file.new"
    problem "$file" 'the backup could not be made; the one of before, if any, is as it was' \
      'is the disk full, or read-only? df tells; or name less in /opt/.filetool.lst'
  fi
  if [ -n "$safe" ] && [ -e "$file" ]; then cp -p "$file" "${file%.tgz}bk.tgz"; fi
  mv "$file.new" "$file"
  sync "${file%/*}"
  echo Done.
}

whole() { gunzip -t <"$1" && tar -tzf "$1" >/dev/null; }

# All of it or nothing: half of somebody's files may be worse than none.
restore() {
  [ -e "$file" ] || problem "$file" 'there is no backup' 'to make one: filetool.sh -b'
  whole "$file" 2>/dev/null || problem "$file" 'the backup is damaged; nothing of it was restored' \
    'take an older one that is whole, such as mydatabk.tgz beside it (of filetool.sh -bs), or make a new one: filetool.sh -b'
  echo "Restoring backup files from $file"
  tar -C / --numeric-owner "-x${verbose}zf" "$file" ||
    problem "$file" 'not all of it could be restored' 'what stands above says what, and why'
  echo Done.
}

dry_run() {
  make_lists
  archive -cf - | tar -tvf - |
    awk '{ print; bytes += $3 } END { printf "%d files, %.1f MB before they are compressed\n", NR, bytes / 1e6 }'
}

action='' safe='' ask='' verbose=''
while getopts bdhprsv option; do
  case $option in
  b) action=back_up what='back up to' ;;
  r) action=restore what='restore from' ;;
  d) action=dry_run ;;
  s) safe=yes ;;
  p) ask=yes ;;
  v) verbose=v ;;
  h) usage && exit ;;
  *) usage >&2 && exit 1 ;;
  esac
done
if [ -z "$action" ] || [ $OPTIND -lt $# ]; then
  usage >&2
  exit 1
fi
[ "$(id -u)" = 0 ] || exec sudo -n "$0" "$@"
shift $((OPTIND - 1))

undo=:
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"; $undo' EXIT
trap 'exit 1' HUP INT TERM
exec 9>/run/filetool.lock
flock 9

[ $action = dry_run ] || find_target "$1"
if [ -n "$ask" ]; then
  printf '%s %s? (y/n) ' "$what" "$file"
  read -r answer
  case $answer in [yY]*) ;; *) exit 1 ;; esac
fi
$action
