#!/bin/sh -eu
varlink --version | grep -Fx "varlink $VERSION"
/usr/bin/varlink completions bash | cmp - /usr/local/share/bash-completion/completions/varlink

printf '# Says it again\ninterface org.example.echo\nmethod Say(word:string)->(word:string)\n' >/tmp/echo.varlink
varlink format /tmp/echo.varlink | grep -Fx 'method Say(word: string) -> (word: string)'
printf 'interface nothing\n' >/tmp/wrong.varlink

# refuses WORDS COMMAND...: it fails, and says them.
refuses() {
  words=$1
  shift
  code=0
  "$@" 2>/tmp/said || code=$?
  [ "$code" = 1 ] && grep -F "$words" /tmp/said
}
refuses "Failed to parse '/tmp/wrong.varlink'" varlink format /tmp/wrong.varlink
refuses "Failed to connect to 'unix:/run/nobody'" varlink info unix:/run/nobody
refuses "Failed to connect to 'unix:/run/nobody'" varlink bridge --connect unix:/run/nobody
refuses "Failed to connect with resolver 'unix:/run/org.varlink.resolver'" varlink resolve org.example.echo

# --activate: the socket is the service's descriptor 3.
cat >/tmp/service <<'SERVICE'
#!/bin/sh
[ "$LISTEN_PID" = $$ ] && [ "$LISTEN_FDS" = 1 ] && [ -S /proc/self/fd/3 ] && echo activated >&2
SERVICE
chmod +x /tmp/service
sleep 2 | varlink --activate /tmp/service bridge 2>&1 | grep -Fx activated
