# can_discard DEVICE: the disk that DEVICE is, or lies on, takes back blocks that are free.
can_discard() {
  place=$(realpath "/sys/class/block/${1##*/}")
  [ -e "$place/queue" ] || place=${place%/*}
  [ -r "$place/queue/discard_max_bytes" ] && read -r most <"$place/queue/discard_max_bytes" && [ "$most" != 0 ]
}
