# Compares files with the list of what is in the image. Reads lines of sha256sum ("-" for a file that is gone), then
# sbom.cdx.json, which has one field a line; how far it stands in tells whose field it is.
function value(line) {
  sub(/^[^:]*: "/, "", line)
  sub(/",?$/, "", line)
  return line
}

function row(name, version, file, licence) {
  printf "%-18s%-20s%-9s%s\n", name, version, file, licence
}

NR == FNR {
  name = $2
  sub(/.*\//, "", name)
  sub(/\.tcz$/, "", name)
  sum[name] = $1
  order[++count] = name
  next
}

/^  "components": / { inside = 1 }
/^  \]/ { inside = 0 }
!inside { next }
/^      "name": / { name = value($0) }
/^      "version": / { version[name] = value($0) }
/^          "content": / { told[name] = value($0) }
/^          "expression": / { licence[name] = value($0) }

END {
  row("extension", "version", "file", "licence")
  for (i = 1; i <= count; i++) {
    name = order[i]
    if (name == "image-info") row(name, "-", "-", "holds this list")
    else if (!(name in told)) row(name, "-", "-", "not of this image")
    else {
      file = sum[name] == "-" ? "GONE" : sum[name] == told[name] ? "same" : "DIFFERS"
      if (file != "same") bad = 1
      row(name, version[name], file, licence[name])
    }
  }
  exit bad
}
