# Rootless containers keep their sockets and locks here.
export XDG_RUNTIME_DIR="/run/user/$(id -u)"
