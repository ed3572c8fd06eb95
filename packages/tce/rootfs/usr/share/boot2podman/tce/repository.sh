# The mirror that /opt/tcemirror names, and its signed index, which tells of every file there what it has to be. Who reads
# this has `problem WHERE WHAT FIX`.
repository=/var/lib/boot2podman/repository
signers=/usr/local/share/boot2podman/repository-signers

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

# Sets $mirror, the folder on the server that everything lies in.
find_mirror() {
  mirror=''
  if [ -r /opt/tcemirror ]; then read -r mirror </opt/tcemirror; fi
  if [ -z "$mirror" ]; then
    problem /opt/tcemirror 'names no mirror' 'its first line is one: echo http://ADDRESS | sudo tee /opt/tcemirror'
    return 1
  fi
  while IFS='=' read -r key release_value; do
    [ "$key" != VERSION_ID ] || release=${release_value#\"} release=${release%\"}
  done </etc/os-release
  mirror=${mirror%/}/${release%.*}.x/$(uname -m)/tcz
}

# fetch URL FILE [BYTES]: goes on with what is there of FILE, also when the connection breaks, as long as something comes.
fetch() {
  before=-1
  # Empty ones too are there afterwards.
  : >>"$2"
  while :; do
    have=$(stat -c %s "$2")
    if [ -n "${3-}" ]; then
      [ "$have" -ne "$3" ] || return 0
      if [ "$have" -gt "$3" ]; then : >"$2" && have=0; fi
    fi
    [ "$have" -gt "$before" ] || return 1
    before=$have
    # shellcheck disable=SC2086 # none or one
    wget -c -T 30 ${silent:+-q} -O "$2" "$1" && [ -z "${3-}" ] && return 0
  done
}

# The mirror's index of now, verified, and kept. After it $index_version is set, and entry_of knows.
refresh_index() {
  find_mirror || return 1
  work=$(mktemp -d /tmp/tce-index.XXXXXX)
  if take_index; then code=0; else code=1; fi
  rm -rf "$work"
  return $code
}

take_index() {
  for file in index.sig index; do
    silent=yes fetch "$mirror/$file" "$work/$file" 2>"$work/said" && continue
    problem "$mirror/$file" "could not be fetched: $(tail -n 1 "$work/said")" \
      'is the network up (b2p-status), and the address in /opt/tcemirror right?'
    return 1
  done
  verify_index "$work" && check_age "$work/index" && keep_index
}

# verify_index FOLDER: somebody whom the image trusts has signed it.
verify_index() {
  if [ ! -r $signers ]; then
    problem $signers 'is not there, so no signature can be verified' 'it is on every medium, in image-info.tcz'
    return 1
  fi
  if ! ssh-keygen -Y verify -f $signers -I boot2podman -n boot2podman-repository -s "$1/index.sig" <"$1/index" >/dev/null 2>&1; then
    problem "${mirror-$1}/index" 'its signature is not of a key that this image trusts: nothing is taken from there' \
      "the keys: $signers. A mirror that is being changed: try again later"
    return 1
  fi
  { read -r title; read -r _ index_version; read -r _ expires; } <"$1/index"
  case $title:$index_version in
  *:*[!0-9]* | *:) ;;
  'boot2podman-repository 1':*) return 0 ;;
  esac
  problem "${mirror-$1}/index" "\"$title\" is not understood" 'a later boot2podman may know it'
  return 1
}

# check_age FILE: neither older than one that was seen, nor expired, as far as the clock can tell.
check_age() {
  seen=0
  if [ -r $repository/version ]; then read -r seen <$repository/version; fi
  now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  if [ "$index_version" -lt "$seen" ]; then
    problem "$mirror/index" "is of version $index_version, and version $seen was seen already: it is an old one" \
      'nothing is taken from there until the mirror is up to date'
  elif [ "$(date +%s)" -lt $((index_version - 86400)) ]; then
    problem "$mirror/index" "the clock says $now, which is before this index was made: nobody can tell whether it has expired" \
      'set the clock: sudo service ntpd restart, or sudo date -s TIME'
  elif [ "$(digits "$now")" -gt "$(digits "$expires")" ]; then
    problem "$mirror/index" "expired at $expires, the clock says $now" \
      'if the clock is right the mirror is out of date; if not: sudo service ntpd restart'
  else
    return 0
  fi
  return 1
}

digits() { echo "$1" | tr -cd 0-9; }

# The version first: it never goes back, whatever happens here.
keep_index() {
  as_root sh -c "mkdir -p $repository && echo $index_version >$repository/version.new &&
    mv $repository/version.new $repository/version && cp $work/index $work/index.sig $repository/ && sync" ||
    problem $repository 'the index cannot be kept there' 'is the disk full? df -h /var/lib/boot2podman'
}

# The index that was kept, verified again.
use_kept_index() {
  [ -r $repository/index ] && [ -r $repository/index.sig ] && verify_index $repository 2>/dev/null
}

# entry_of FILE: sets $entry_sum and $entry_bytes, or fails.
entry_of() {
  read -r entry_sum entry_bytes <<END
$(awk -v file="$1" 'NR > 3 && $3 == file { print $1, $2; exit }' $repository/index)
END
  [ -n "$entry_sum" ]
}

# take FILE FOLDER: from the mirror to FOLDER/FILE.part, and to its name once it is what the index says.
take() {
  part=$2/$1.part begun=''
  [ ! -s "$part" ] || begun=yes
  if ! fetch "$mirror/$1" "$part" "$entry_bytes"; then
    lacks=$((entry_bytes - $(stat -c %s "$part")))
    free_kb "$2"
    if [ $((free * 1024)) -lt "$lacks" ]; then
      problem "$2" "became full: $1 lacks $((lacks / 1048576 + 1)) MB, $((free / 1024)) MB are free" \
        'make room, then try again: it goes on from there'
      return 1
    fi
    problem "$mirror/$1" 'the download broke off' 'the next one goes on from there'
    return 1
  fi
  if [ "$(sum_of "$part")" != "$entry_sum" ]; then
    rm -f "$part"
    # Its beginning may have been that of an older one.
    if [ -n "$begun" ]; then
      take "$1" "$2"
      return
    fi
    problem "$mirror/$1" "is not the file that the signed index names (version $index_version)" \
      'nothing of it was kept. A mirror that is being changed: try again later'
    return 1
  fi
  mv "$part" "$2/$1"
}

# free_kb FOLDER: sets $free.
free_kb() {
  { read -r _; read -r _ _ _ free _; } <<END
$(df -Pk "$1")
END
}

sum_of() {
  sum=$(sha256sum <"$1")
  echo "${sum%% *}"
}

# note_verified SHA256 NAME: the signed index named it so. For later, when the index is another one.
note_verified() { echo "$1  $2  $index_version" | as_root tee -a $repository/verified >/dev/null; }

# verified_as SHA256 NAME: sets $how.
verified_as() {
  [ -r $repository/verified ] || return 1
  while read -r noted; do
    case $noted in "$1  $2  "*) how="the signed index, version ${noted##* }" && return 0 ;; esac
  done <$repository/verified
  return 1
}

# database NAME: sets $database, the mirror's NAME.gz of now. Without a network it is the one that was kept.
database() {
  database=$repository/$1.gz
  if ! refresh_index; then
    [ -r "$database" ] && use_kept_index && entry_of "$1.gz" && [ "$(sum_of "$database")" = "$entry_sum" ] || return 1
    echo "$1: as it was on $(date -u -d "@$index_version" +%Y-%m-%d)" >&2
    return
  fi
  entry_of "$1.gz" || {
    problem "$mirror/$1.gz" 'the signed index does not name it' 'it is no whole repository: see docs/repository.md'
    return 1
  }
  [ ! -r "$database" ] || [ "$(sum_of "$database")" != "$entry_sum" ] || return 0
  work=$(mktemp -d /tmp/tce-database.XXXXXX)
  silent=yes take "$1.gz" "$work" && as_root cp "$work/$1.gz" "$repository/"
  set -- $?
  rm -rf "$work"
  return "$1"
}
