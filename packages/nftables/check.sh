#!/bin/sh -eu
nft --version | grep -F "nftables v$VERSION "
