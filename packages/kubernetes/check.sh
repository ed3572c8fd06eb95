#!/bin/sh -eu
kubeadm version -o short | grep -Fx "v$VERSION"
kubectl version --client | grep -Fx "Client Version: v$VERSION"
for name in kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubelet; do
  $name --version | grep -Fx "Kubernetes v$VERSION"
done
# What is in an image has to be of the version in its name, which is kubeadm's to say.
kubeadm config images list --kubernetes-version "v$VERSION" >/tmp/images
etcd=$(etcd --version | sed -n 's/^etcd Version: //p')
grep -E "^registry.k8s.io/etcd:$etcd-[0-9]+\$" /tmp/images
grep -Fx "registry.k8s.io/coredns/coredns:v$(coredns -version | sed -n 's/^CoreDNS-//p')" /tmp/images
etcdctl version | grep -Fx "etcdctl version: $etcd"
crictl --version | grep -E '^crictl version [0-9.]+$'
flanneld -version | grep -E '^v[0-9.]+$'
ln -s /usr/local/libexec/kubernetes /tmp/kube
! /tmp/kube 2>/tmp/said
grep -F 'kube: by the name that it is called by' /tmp/said

# The templates of help texts call methods, which the linker knows by these texts: see build.sh.
kubectl create --help | grep -F 'Available Commands:'
etcdctl member --help | grep -F 'etcdctl member <subcommand> [flags]'
crictl --help | grep -F 'crictl [global options] command'

# All plug-ins that kubeadm's configuration of CoreDNS asks for.
coredns -plugins >/tmp/plugins
for plugin in cache errors forward health hosts kubernetes loadbalance loop prometheus ready reload rewrite template; do
  grep -Fx $plugin /tmp/plugins
done

# A store of its own, one key in it, and a name that is looked up.
etcd --data-dir /tmp/etcd --listen-peer-urls http://127.0.0.1:2380 --log-level error &
store=$!
printf '.:1053 {\n  hosts {\n    192.0.2.1 name.example\n  }\n}\n' >/tmp/Corefile
coredns -conf /tmp/Corefile >/dev/null &
dns=$!
for _ in $(seq 60); do
  etcdctl put key value >/dev/null 2>&1 && break
  sleep 1
done
etcdctl get --print-value-only key | grep -Fx value
nslookup name.example 127.0.0.1:1053 | grep -F 192.0.2.1
kill $store $dns
