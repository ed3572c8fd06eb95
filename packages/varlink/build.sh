#!/bin/sh -eu
# Optimised as a whole and for size alone: it passes messages on. Nobody catches its panics.
export CARGO_PROFILE_RELEASE_LTO=fat CARGO_PROFILE_RELEASE_CODEGEN_UNITS=1 CARGO_PROFILE_RELEASE_OPT_LEVEL=z
export CARGO_PROFILE_RELEASE_PANIC=abort
RUSTFLAGS='-C relro-level=full -C strip=symbols' cargo build --release --locked --offline
install -Dm755 target/release/varlink "$DESTDIR/usr/local/bin/varlink"

# The first podman-remotes of the 1.x line run it by this path.
mkdir -p "$DESTDIR/usr/bin"
ln -s ../local/bin/varlink "$DESTDIR/usr/bin/varlink"

# completion SHELL PATH: what it says to SHELL goes to PATH, where such a shell looks for it.
completion() {
  mkdir -p "$DESTDIR/usr/local/share/${2%/*}"
  target/release/varlink completions "$1" >"$DESTDIR/usr/local/share/$2"
}
completion bash bash-completion/completions/varlink
completion zsh zsh/site-functions/_varlink
completion fish fish/vendor_completions.d/varlink.fish
