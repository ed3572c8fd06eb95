#!/bin/sh -eu
# Each link is a plugin, and knows which; the folder that other programs look into has them too.
for plugin in /opt/cni/bin/*; do
  name=${plugin##*/}
  if [ "$name" = cni-plugins ]; then continue; fi
  CNI_COMMAND=VERSION "$plugin" </dev/null | grep -F '"supportedVersions"' || {
    echo "$name does not answer" >&2
    exit 1
  }
done
test -x /opt/cni/bin/bridge
"/opt/cni/bin/cni-plugins" 2>&1 | grep -F 'this program is a CNI plugin by the name'
