#!/bin/sh -eu
sudo -V | grep -Fx "Sudo version $VERSION"
# Whoever was root already needs no rule: this proves that the rules can be read.
sudo -n -l | grep -F 'NOPASSWD: ALL'
