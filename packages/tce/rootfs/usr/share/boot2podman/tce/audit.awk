# Who needs whom. Reads the names in a folder, one a line, then a line "//", then lines "NAME NEED" of their .dep files.
# -v ask= what is asked, target= the extension, kernel= for -KERNEL; loaded= and marked= names between blanks.
function collect(name, top,    i) {
  if ((top, name) in seen) return
  seen[top, name] = 1
  if (name != top) closure[top, ++length_of[top]] = name
  for (i = 1; i <= count[name]; i++) collect(need[name, i], top)
}

# Somebody else who needs it, and stays.
function required(name, going,    i) {
  for (i = 1; i <= names; i++) if (order[i] != name && !(order[i] in going) && (order[i], name) in seen) return 1
  return 0
}

$0 == "//" { edges = 1; next }
!edges { order[++names] = $1; here[$1] = 1; next }
{
  sub(/-KERNEL\.tcz/, "-" kernel ".tcz", $2)
  need[$1, ++count[$1]] = $2
}

END {
  for (i = 1; i <= names; i++) collect(order[i], order[i])
  if (ask == "builddb") for (i = 1; i <= names; i++) {
    print order[i]
    for (k = 1; k <= length_of[order[i]]; k++) print closure[order[i], k]
    print ""
  }
  if (ask == "dependson") for (k = 1; k <= length_of[target]; k++) print closure[target, k]
  if (ask == "nodepends") for (i = 1; i <= names; i++) if (!length_of[order[i]]) print order[i]
  if (ask == "notrequired") for (i = 1; i <= names; i++) if (!required(order[i])) print order[i]
  if (ask == "requiredby") for (i = 1; i <= names; i++) if (order[i] != target && (order[i], target) in seen) print order[i]
  if (ask == "audit") for (i = 1; i <= names; i++) {
    if (target != "" && order[i] != target) continue
    for (k = 1; k <= length_of[order[i]]; k++) {
      name = closure[order[i], k]
      if (!(name in here) && !index(loaded, " " name " ")) print "For " order[i] " " name " is missing!"
    }
  }
  if (ask == "delete") {
    parts = split(marked, list, " ")
    for (i = 1; i <= parts; i++) going[list[i]] = 1
    going[target] = 1
    if (required(target, going)) exit 1
    print target
    # From the top down: who is needed only by those that go.
    for (changed = 1; changed; ) {
      changed = 0
      for (k = 1; k <= length_of[target]; k++) {
        name = closure[target, k]
        if (name in here && !(name in going) && !index(kept, " " name " ") && !required(name, going)) {
          going[name] = 1
          print name
          changed = 1
        }
      }
    }
  }
}
