#!/bin/sh -eu
k3s --version | grep -F "k3s version v$VERSION"
k3s-server --help | grep -F -e --container-runtime-endpoint
kubectl version --client
