#!/bin/sh -eu
conntrack --version | grep -F "conntrack v$VERSION "
# Connections are the kernel's, which refuses a check: 1. What is not understood ends with 2, before the kernel is asked.
conntrack -D -p udp -s 10.0.0.1 --dport 53 || [ $? = 1 ]
conntrack -L -p tcp --state LOST 2>&1 | grep -F "unknown TCP state"
