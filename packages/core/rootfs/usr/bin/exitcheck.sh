#!/bin/sh
# exitcheck.sh reboot|shutdown: Tiny Core's way down. shutdown.sh is rcK's to run, on every way down: so not twice.
case $1 in
reboot) exec sudo -n /usr/sbin/reboot ;;
shutdown) exec sudo -n /usr/sbin/poweroff ;;
*)
  echo 'Usage: exitcheck.sh reboot|shutdown' >&2
  exit 1
  ;;
esac
