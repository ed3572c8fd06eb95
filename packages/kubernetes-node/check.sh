#!/bin/sh -eu
kubernetes --help | grep -q '^Usage: sudo kubernetes'
refused() {
  words=$1
  shift
  if kubernetes "$@" 2>/tmp/words; then exit 1; fi
  grep "$words" /tmp/words
}
refused 'there is no command "begin"' begin
refused 'expected an address, a token and a hash' join 10.0.0.5
refused 'is no token' join 10.0.0.5 secret sha256:0123456789
refused 'is no hash' join 10.0.0.5 abcdef.0123456789abcdef 0123456789
refused 'there is no "--now" of start' start --now
refused 'belongs to no cluster' token
refused 'belongs to no cluster' kubeconfig
refused 'expected one image' import

# Of a machine that there could be: kubeadm takes what is written of it.
cd /usr/local/share/kubernetes
for kind in init join; do
  sed -e "s,@ADDRESS@,10.0.0.5,g; s,@NAME@,box,g; s,@SERVER@,10.0.0.4:6443,g; s,@TOKEN@,abcdef.0123456789abcdef,g" \
    -e "s,@VERSION@,$(kubeadm version -o short),; s,@HASH@,sha256:$(head -c 64 /dev/zero | tr '\0' 0)," $kind.yaml >/tmp/$kind.yaml
  kubeadm config validate --config /tmp/$kind.yaml
done
