#!/bin/sh -eu
iptables --version | grep -Fx "iptables v$VERSION (nf_tables)"
ip6tables --version | grep -Fx "ip6tables v$VERSION (nf_tables)"
