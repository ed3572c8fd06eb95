#!/bin/sh -eu
ipset --version | grep -Fx "ipset v$VERSION, protocol version: 7"
# Sets are the kernel's, which refuses a check. The kinds that there are, ipset knows by itself.
for kind in bitmap:port hash:ip hash:ip,port hash:ip,port,ip hash:ip,port,net hash:net list:set; do
  ipset help $kind | grep -Fx "$kind type specific options:"
done
ipset create some hash:none 2>&1 | grep -F "typename 'hash:none' is unknown"
