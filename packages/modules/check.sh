#!/bin/sh -eu
# Every module that the lists name is there, and so is what a container's network needs.
cd "/usr/lib/modules/$VERSION-boot2podman"

cut -d: -f1 modules.dep | while read -r module; do
  [ -s "$module" ] || { echo "modules.dep names $module, which is missing" >&2; exit 1; }
done

for name in bridge veth nf_tables nft_ct nft_masq nft_nat nft_fib_inet nft_compat br_netfilter zram virtio_net; do
  grep -q "/$name\.ko:" modules.dep || { echo "there is no module $name" >&2; exit 1; }
done
