# Fragments to lines "CONFIG_X=value<TAB>file:line". Comments go, `# CONFIG_X is not set` becomes =n.
# Fails on a line that is no option, and on an option that two lines set.
BEGIN { option = "^CONFIG_[A-Za-z0-9_]+" }

/^# CONFIG_[A-Za-z0-9_]+ is not set/ { set($2, "n"); next }
/^[ \t]*(#|$)/ { next }
$0 !~ option "=" { problem("\"" $0 "\" is not an option, expected CONFIG_NAME=value"); next }
{
  equals = index($0, "=")
  value = substr($0, equals + 1)
  if (value !~ /^"/) sub(/[ \t]*#.*/, "", value)
  if (value == "") problem($0 " has no value")
  set(substr($0, 1, equals - 1), value)
}

END { exit bad }

function set(name, value) {
  if (name in place) problem(name " is set already at " place[name])
  place[name] = FILENAME ":" FNR
  print name "=" value "\t" place[name]
}

function problem(text) {
  print FILENAME ":" FNR ": " text >"/dev/stderr"
  bad = 1
}
