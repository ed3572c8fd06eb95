#!/bin/sh -eu
service=/usr/local/etc/init.d/cgroupfs-mount
if $service; then exit 1; fi
if $service restart; then exit 1; fi
$service stop
# There is no /sys here, so no groups: it says so, and fails.
if $service start; then exit 1; fi
$service status 2>&1 | grep -F 'is not mounted on /sys/fs/cgroup'
