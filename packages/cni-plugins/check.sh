#!/bin/sh -eu
# Each link is a plugin, and knows which; the folder that other programs look into has them too.
for plugin in /opt/cni/bin/*; do
  name=${plugin##*/}
  CNI_COMMAND=VERSION "$plugin" </dev/null | grep -F '"supportedVersions"' || {
    echo "$name does not answer" >&2
    exit 1
  }
  # Without a command it says what it is.
  { "$plugin" 2>&1 || true; } | grep -x "CNI $name plugin v$VERSION"
done
test -x /opt/cni/bin/bridge
