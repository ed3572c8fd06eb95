// Not pinned: no version of k3s is required yet, and k3s' own replace lines are missing. README.md tells what to do.
module boot2podman.local/k3s

go 1.26

tool github.com/k3s-io/k3s/cmd/server
