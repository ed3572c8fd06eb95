# Where extensions lie, and what the tools have in common.
installed=/usr/local/tce.installed
# The medium's, or its copy in memory.
cde=/etc/sysconfig/cde

# problem WHERE WHAT FIX
problem() { printf '%s: %s\n  %s\n' "$1" "$2" "$3" >&2; }

# find_tcedir [FOLDER]: sets $tcedir and $optional. A container has had no boot that would have made it.
find_tcedir() {
  tcedir=${1:-/etc/sysconfig/tcedir}
  if [ -z "${1-}" ] && [ ! -e "$tcedir" ]; then
    sudo -n sh -c "install -d -o $(id -u) -g staff -m 775 /tmp/tce /tmp/tce/optional && mkdir -p /etc/sysconfig &&
      ln -sfn /tmp/tce $tcedir"
  fi
  optional=$tcedir/optional
  [ -d "$tcedir" ] && { [ -d "$optional" ] || mkdir "$optional" 2>/dev/null; } && return
  problem "$tcedir" 'is no folder for extensions' 'expected one that holds, or may hold, optional/'
  return 1
}

# base_name WORD: without .tcz; of a package of kernel modules that of the kernel which runs.
base_name() {
  base=${1%.tcz}
  case $base in *-KERNEL) base=${base%KERNEL}$(uname -r) ;; esac
}

# locate NAME: sets $file, in $optional or on the medium.
locate() {
  for file in "$optional/$1.tcz" "$cde/optional/$1.tcz"; do
    [ ! -f "$file" ] || return 0
  done
  return 1
}
