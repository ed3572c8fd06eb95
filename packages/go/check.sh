#!/bin/sh -eu
go version | grep -F "go version go$VERSION "
