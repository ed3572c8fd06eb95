#!/bin/sh -eu
# Mozilla trusts well over a hundred authorities.
test "$(grep -c BEGIN /etc/ssl/certs/ca-certificates.crt)" -gt 100
