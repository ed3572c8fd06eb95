#!/bin/sh -eu
store=/usr/local/share/kubernetes/images
# The machine's programs are the one in the store, and run from there.
kubelet --version | grep -Fx "Kubernetes v$VERSION"
kubectl version --client | grep -Fx "Client Version: v$VERSION"
[ "$(find / -xdev -name kubernetes -type f -size +20000k | wc -l)" = 1 ]

# Each image that kubeadm asks for is there.
kubeadm config images list --kubernetes-version "v$VERSION" | while read -r image; do
  grep -F "\"names\":[\"$image\"]" $store/overlay-images/images.json >/dev/null || { echo "no $image" >&2; exit 1; }
done

# What is run as a container runs with its layers alone.
netfilter=$(dirname "$(find $store -path '*/diff/usr/sbin/nft')")
"$netfilter/../../lib64/ld-linux-x86-64.so.2" --library-path "$netfilter/../lib/x86_64-linux-gnu" "$netfilter/nft" --version | grep -F nftables
pause=$(find $store -path '*/diff/pause')
$pause --version | grep -E '^pause [0-9.]+$'
$pause &
sleep 1
kill $!
wait $!
