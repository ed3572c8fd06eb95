# The disks of this machine, whole ones, on one line.
list_disks() {
  while read -r _ _ _ name; do
    case $name in '' | name | loop* | ram* | zram* | sr* | fd*) continue ;; esac
    [ -e "/sys/class/block/$name/partition" ] || printf '/dev/%s ' "$name"
  done </proc/partitions
}

# can_discard DEVICE: the disk that DEVICE is, or lies on, takes back blocks that are free.
can_discard() {
  place=$(realpath "/sys/class/block/${1##*/}")
  [ -e "$place/queue" ] || place=${place%/*}
  [ -r "$place/queue/discard_max_bytes" ] && read -r most <"$place/queue/discard_max_bytes" && [ "$most" != 0 ]
}
