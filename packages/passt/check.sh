#!/bin/sh -eu
pasta --version | grep -F "pasta $VERSION"
