#!/bin/sh -eu
# What it says when it cannot begin. That it builds is proved on a machine, where it may mount.
# says CODE WORDS ARGS...
says() {
  code=$1 words=$2
  shift 2
  su nobody -s /bin/sh -c 'cd /tmp && tcz-build "$@"' -- tcz-build "$@" >/tmp/said 2>&1 && got=0 || got=$?
  cat /tmp/said
  [ $got = "$code" ]
  grep -F "$words" /tmp/said
}
says 2 'Usage: tcz-build RECIPE [SOURCES]'
says 0 'Usage: tcz-build RECIPE [SOURCES]' --help
says 2 'Usage: tcz-build RECIPE [SOURCES]' -x
says 1 '/usr: is no recipe: there is no tcz.json in it' /usr
mkdir /tmp/recipe
echo '{}' >/tmp/recipe/tcz.json
says 1 '/nowhere: is no folder' /tmp/recipe /nowhere
