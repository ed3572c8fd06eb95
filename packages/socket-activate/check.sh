#!/bin/sh -eu
socket-activate --help | grep -F 'Usage: socket-activate TABLE'
cat >/tmp/table <<END
# PATH MODE UID:GID COMMAND

/tmp/here 600 0:0 true
tmp/there 600 0:0 true
END
! socket-activate /tmp/table 2>/tmp/said
grep -F '/tmp/table:4: expected PATH MODE UID:GID COMMAND' /tmp/said
[ -S /tmp/here ] && [ "$(stat -c %a /tmp/here)" = 600 ]
echo '/tmp/here 6x0 0:0 true' >/tmp/table
! socket-activate /tmp/table
! socket-activate /tmp/none 2>/tmp/said
grep -F '/tmp/none: No such file or directory' /tmp/said
