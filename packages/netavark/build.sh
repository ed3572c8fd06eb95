#!/bin/sh -eu
# nftables unless containers.conf says otherwise: the kernel and nft are here, iptables is an extension of its own.
export NETAVARK_DEFAULT_FW=nftables
RUSTFLAGS='-C relro-level=full -C strip=symbols' cargo build --release --locked --offline
install -Dm755 target/release/netavark "$DESTDIR/usr/local/libexec/podman/netavark"
