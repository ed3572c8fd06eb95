#!/bin/sh -eu
programs='sshd sshd-session sshd-auth ssh scp sftp ssh-keygen ssh-add ssh-agent ssh-keyscan'
path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin

# Nobody has a password here, so there is nothing to compare one with.
cat >>openbsd-compat/xcrypt.c <<'END'

char *crypt(const char *key, const char *salt) { return NULL; }
END

# The paths: of commands that are given to ssh without a login shell.
./configure --prefix=/usr/local --sysconfdir=/usr/local/etc/ssh --libexecdir=/usr/local/libexec/ssh \
  --with-pid-dir=/run --with-privsep-user=sshd --with-privsep-path=/var/empty --with-sandbox=seccomp_filter \
  --with-default-path=$path --with-superuser-path=$path --with-ssl-dir=/usr/local --without-zlib --disable-pkcs11 \
  --disable-lastlog --disable-utmp --disable-utmpx --disable-wtmp --disable-wtmpx --disable-libutil \
  --disable-pututline --disable-pututxline --disable-strip --without-rpath \
  ac_cv_search_crypt=no ac_cv_lib_crypt_crypt=no \
  CFLAGS='-Os -ffunction-sections -fdata-sections' \
  --with-cflags-after='-fPIC -fno-asynchronous-unwind-tables' LDFLAGS='-Wl,--gc-sections,--as-needed'
# It takes the headers' word for it; our libcrypto has no Ed25519, as OpenSSH has one of its own.
sed -i '/OPENSSL_HAS_ED25519/d' config.h
make -j"$JOBS" $programs

# Ten programs with the same code in each would be 3 MB more. What more than one of them calls becomes one library. It takes
# in what the programs ask for, and lets them put functions of their own in place of its own (cleanup_exit, mm_sshkey_sign).
symbols() { nm -g "$@" 2>/dev/null | awk '/:$/ { next } NF > 1 { print $NF }' | sort -u; }
shared='ssh-pkcs11-client.o ssh-sk-client.o'
objects=$(for program in $programs; do
  make -n -W "$program.o" "$program" LD=link | sed -n "s/^link -o $program //p" | tr ' ' '\n' | grep '\.o$'
done | sort -u)
symbols $objects >asked
symbols --defined-only $shared libssh.a openbsd-compat/libopenbsd-compat.a /usr/local/lib/libcrypto.a >there
{ echo '{ global:' && comm -12 asked there | sed 's/$/;/' && echo 'local: *; };'; } >exports
hard=-z,relro,-z,now,-z,defs,-z,pack-relative-relocs
cc -shared -o libssh.so -Wl,-soname,libopenssh.so $shared $(comm -12 asked there | sed 's/^/-Wl,-u,/') \
  -L. -Lopenbsd-compat -L/usr/local/lib -l:libssh.a -lopenbsd-compat -lcrypto \
  -Wl,--version-script=exports,--gc-sections,--as-needed,$hard

# The linker takes libssh.so before libssh.a.
rm $programs
make $programs CHANNELLIBS= \
  LDFLAGS="-L. -Lopenbsd-compat -pie -Wl,--gc-sections,--as-needed,-rpath,/usr/local/lib,$hard"

install -Dsm755 libssh.so "$DESTDIR/usr/local/lib/libopenssh.so"
install -Dsm755 -t "$DESTDIR/usr/local/sbin" sshd
install -Dsm755 -t "$DESTDIR/usr/local/libexec/ssh" sshd-session sshd-auth
install -Dsm755 -t "$DESTDIR/usr/local/bin" ssh scp sftp ssh-keygen ssh-add ssh-agent ssh-keyscan
mkdir -p "$DESTDIR/var/empty"
