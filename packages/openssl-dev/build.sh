#!/bin/sh -eu
# What OpenSSH calls, and little more: RSA, ECDSA and Diffie-Hellman, AES, ChaCha20, SHA. No TLS, no certificates.
cd openssl

# OpenSSL's assembler files are written for what the assembler can do. Told that it is an old one, they leave out what
# is for AVX and AVX-512: a megabyte, while AES-NI and SHA extensions stay. A table for P-256 would be another 150 kB.
mkdir bin
cat >bin/cc <<'END'
#!/bin/sh
case $* in *-Wa,-v*) echo 'GNU assembler version 2.18' && exit ;; esac
exec gcc "$@"
END
chmod +x bin/cc
export CC="$PWD/bin/cc"

perl Configure linux-x86_64 no-shared no-module no-dso no-engine no-legacy no-apps no-docs no-tests no-autoload-config \
  no-ssl no-tls no-dtls no-quic no-sslkeylog no-srtp no-nextprotoneg no-psk no-srp no-sock no-http no-ocsp no-ct \
  no-ts no-cms no-cmp no-rfc3779 no-comp no-zlib no-async no-atexit no-cached-fetch no-err no-secure-memory \
  no-thread-pool no-ui-console no-multiblock no-argon2 no-aria no-bf no-blake2 no-camellia no-cast no-cmac no-des \
  no-dsa no-ec2m no-ecx no-gost no-idea no-md4 no-mdc2 no-ml-dsa no-ml-kem no-ocb no-rc2 no-rc4 no-rmd160 no-scrypt \
  no-seed no-siphash no-siv no-slh-dsa no-sm2 no-sm3 no-sm4 no-whirlpool \
  -Os -fPIC -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fstack-protector-strong \
  -D_FORTIFY_SOURCE=2 -UECP_NISTZ256_ASM
make build_generated
make -j"$JOBS" libcrypto.a
install -Dm644 -t "$DESTDIR/usr/local/lib" libcrypto.a
install -Dm644 -t "$DESTDIR/usr/local/include/openssl" include/openssl/*.h
