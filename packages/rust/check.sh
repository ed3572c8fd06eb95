#!/bin/sh -eu
rustc --version | grep -F "rustc $VERSION "
cargo --version | grep -F "cargo $VERSION "
cd "$(mktemp -d)"
echo 'fn main() { println!("built") }' > main.rs
rustc main.rs
./main | grep -Fx built
