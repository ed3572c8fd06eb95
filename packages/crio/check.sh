#!/bin/sh -eu
crio --version | grep -Fx "crio version $VERSION"
# What it takes from its configuration; its own defaults are told with # before them.
crio config 2>/dev/null | sed 's/^# //' >/tmp/config
for line in 'cgroup_manager = "cgroupfs"' 'conmon_cgroup = "pod"' 'default_runtime = "crun"' \
  'pinns_path = "/usr/local/bin/pinns"' 'pause_image = "registry.k8s.io/pause:3.10.2"'; do
  grep -Fx "$line" /tmp/config
done
