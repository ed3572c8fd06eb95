# Until this machine belongs to a cluster, and its server listens: that of a control plane takes minutes on a slow machine.
# In the shell of the service itself: a program of its own would outlive it.
until [ -e /var/lib/kubernetes/member ]; do sleep 1; done
server=$(sed -n 's,.*server: https://,,p' /etc/kubernetes/kubelet.conf)
until nc -z -w 5 "${server%:*}" "${server##*:}" 2>/dev/null; do sleep 2; done
