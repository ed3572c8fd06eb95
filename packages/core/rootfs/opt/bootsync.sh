#!/bin/sh
# Your commands as root at each boot, before services start: the boot waits for them, half a minute at most.
