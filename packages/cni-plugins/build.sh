#!/bin/sh -eu
# Commands become packages that main.go calls by argv[0]; a package's name has no hyphen.
lib=$DESTDIR/usr/local/lib/cni
mkdir -p "$lib"
for folder in vendor/github.com/containernetworking/plugins/plugins/*/*; do
  name=${folder##*/}
  sed -i "s/^package main\$/package $(echo "$name" | tr -d -)/; s/^func main()/func Main()/" "$folder"/*.go
  ln -s cni-plugins "$lib/$name"
done
go build -trimpath -tags 'netgo osusergo' \
  -ldflags "-s -w -X github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion=v$VERSION \
    -linkmode external -extldflags '-Wl,-z,relro,-z,now'" \
  -o "$lib/cni-plugins" .
