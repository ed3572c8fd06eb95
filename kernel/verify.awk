# verify.awk .config WANTED: every option of WANTED (merge.awk's lines) as it came out in .config.
BEGIN { FS = "\t" }

{ equals = index($1, "="); name = substr($1, 1, equals - 1); value = substr($1, equals + 1) }

FNR == NR { if (name ~ /^CONFIG_/) got[name] = value; next }

{ came = (name in got) ? got[name] : "n" }
came != value {
  print $2 ": " name "=" value " came out as " came ": " reason(value, came) >"/dev/stderr"
  bad = 1
}

END { exit bad }

function reason(value, came) {
  if (came == "n") return "not in this kernel, or something it depends on is off or a module"
  if (value == "m" && came == "y") return "another option that is built in selects it, or it cannot be a module"
  if (value == "n") return "another option selects it"
  return "a dependency is only a module, or another choice won"
}
