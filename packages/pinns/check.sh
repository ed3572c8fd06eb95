#!/bin/sh -eu
pinns --help | grep -F 'Usage: pinns -d DIR -f NAME'
! pinns -d /tmp -f pod 2>/tmp/said
grep -F 'Usage: pinns' /tmp/said
! pinns -d /tmp -f pod --net=other 2>/tmp/said
grep -F -- '--net=other: expected --net or --net=host' /tmp/said
! pinns -d /tmp -f pod --net -s net.core.somaxconn 2>/tmp/said
grep -F -- '-s net.core.somaxconn: expected KEY=VALUE' /tmp/said
! pinns -d /tmp -f pod --user 2>/tmp/said
grep -F -- '--user: expected --uid-mapping and --gid-mapping with it' /tmp/said
! pinns -d /tmp/none -f pod --net --uts 2>/tmp/said
grep -F 'pinns:' /tmp/said
