#!/bin/sh -eu
table=/usr/share/boot2podman/timezones
has() { grep -Fx "$1" $table; }
has 'Europe/Berlin CET-1CEST,M3.5.0,M10.5.0/3'
has 'Asia/Kolkata IST-5:30'
has 'America/New_York EST5EDT,M3.2.0,M11.1.0'
has 'UTC UTC0'
test "$(wc -l <$table)" -gt 400
