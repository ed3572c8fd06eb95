#!/bin/sh -eu
# The programs are in the image store alone: as a layer of the images, and the machine's own names for them are links into it.
mkdir -p layers/pause layers/programs layers/netfilter "$DESTDIR/usr/local/share/kubernetes" "$DESTDIR/usr/local/bin"

# kubeadm knows which images a cluster of its version has. What is in them here has to be of just these versions.
kubeadm config images list --kubernetes-version "v$VERSION" >list
tag() { sed -n "s|^registry.k8s.io/$1:||p" list; }
kubelet --version | grep -Fx "Kubernetes v$VERSION"
etcd --version | grep -Fx "etcd Version: $(tag etcd | sed 's/-.*//')"
coredns -version | grep -Fx "CoreDNS-$(tag coredns/coredns | tr -d v)"

programs=layers/programs/usr/local
mkdir -p "$programs/bin" "$programs/libexec"
cp /usr/local/libexec/kubernetes "$programs/libexec/"
find /usr/local/bin -lname ../libexec/kubernetes -exec cp -P {} "$programs/bin/" \;
# Where CoreDNS's own image has it, and the flannel image flanneld.
ln -s usr/local/bin/coredns layers/programs/coredns
mkdir -p layers/programs/opt/bin
ln -s ../../usr/local/bin/flanneld layers/programs/opt/bin/flanneld

# kube-proxy and flanneld have the kernel's filters set by these, from inside of their containers.
netfilter='/usr/sbin/nft /usr/sbin/xtables-nft-multi'
loader=/lib64/ld-linux-x86-64.so.2
for file in $netfilter $loader $(for p in $netfilter; do $loader --list "$p"; done | grep -o '/[^ ]*\.so[^ ]*') \
  $(find /usr/lib -path '*/xtables/*.so'); do
  install -D "$file" "layers/netfilter$file"
done
for name in iptables ip6tables; do
  for verb in '' -save -restore; do ln -s xtables-nft-multi "layers/netfilter/usr/sbin/$name$verb"; done
done

musl=/usr/lib/x86_64-linux-musl
gcc -specs $musl/musl-gcc.specs -Wall -Wextra -Werror -Os -fPIE -DVERSION="\"$(tag pause)\"" -c pause/pause.c
# Static, and PIE as everything here: its own rules for gcc know no static PIE.
gcc -static-pie -nostdlib -s -Wl,-z,relro,-z,now -o layers/pause/pause \
  $musl/rcrt1.o $musl/crti.o pause.o -L$musl -lc -lgcc $musl/crtn.o

(cd store && CGO_ENABLED=0 go build -o ../images .)
while read -r image; do
  name=${image##*/}
  case ${name%:*} in
    pause) echo "$image pause entrypoint /pause" ;;
    coredns) echo "$image programs entrypoint /coredns" ;;
    kube-proxy) echo "$image programs,netfilter cmd kube-proxy" ;;
    *) echo "$image programs cmd ${name%:*}" ;;
  esac
done <list >table
echo "localhost/flannel:$(flanneld -version) programs,netfilter entrypoint /opt/bin/flanneld" >>table
./images made layers <table
mv made "$DESTDIR/usr/local/share/kubernetes/images"

cd "$DESTDIR/usr/local/bin"
for program in ../share/kubernetes/images/overlay/*/diff/usr/local/libexec/kubernetes; do
  for name in crictl etcdctl flanneld kube-proxy kubeadm kubectl kubelet; do ln -s "$program" "$name"; done
done
