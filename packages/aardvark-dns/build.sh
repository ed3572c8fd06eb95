#!/bin/sh -eu
RUSTFLAGS='-C relro-level=full -C strip=symbols' cargo build --release --locked --offline
install -Dm755 target/release/aardvark-dns "$DESTDIR/usr/local/libexec/podman/aardvark-dns"
