#!/bin/sh
# Your commands as root at each boot; nothing waits for them.
