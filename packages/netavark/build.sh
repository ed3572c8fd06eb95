#!/bin/sh -eu
RUSTFLAGS='-C relro-level=full -C strip=symbols' cargo build --release --locked --offline
install -Dm755 target/release/netavark "$DESTDIR/usr/local/libexec/podman/netavark"
