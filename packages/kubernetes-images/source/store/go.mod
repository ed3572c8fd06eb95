module boot2podman.local/images

go 1.26
