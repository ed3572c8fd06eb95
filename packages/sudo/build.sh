#!/bin/sh -eu
# One program without plug-ins, mail, PAM or translations. libcrypt, for passwords, becomes a part of it: nothing else
# on the image would use that library.
./configure --prefix=/usr --sysconfdir=/etc --with-rundir=/run/sudo --with-vardir=/var/lib/sudo \
  --disable-shared --enable-static-sudoers --disable-shared-libutil --enable-pie \
  --without-pam --without-sendmail --without-lecture --disable-nls --disable-zlib --disable-openssl \
  --disable-log-server --disable-log-client ac_cv_search_crypt=-l:libcrypt.a
make -j"$JOBS"
install -Dsm755 src/sudo "$DESTDIR/usr/bin/sudo"
