#!/bin/sh -eu
# nftables unless containers.conf says otherwise: the kernel and nft are here, iptables is an extension of its own.
export NETAVARK_DEFAULT_FW=nftables
# Optimised as a whole and for size: it runs for milliseconds, and is read from the medium at the first container. Nobody
# catches its panics.
export CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 CARGO_PROFILE_RELEASE_OPT_LEVEL=s
export CARGO_PROFILE_RELEASE_PANIC=abort
RUSTFLAGS='-C relro-level=full -C strip=symbols' cargo build --release --locked --offline
install -Dm755 target/release/netavark "$DESTDIR/usr/local/libexec/podman/netavark"
