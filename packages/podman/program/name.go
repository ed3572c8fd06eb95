// Package program tells which program this process is.
package program

import (
	"os"
	"path/filepath"
	"strings"
)

// Name is what the process was called by: podman, buildah, skopeo, a helper of theirs or a CNI plugin. It is known before
// main, and before the init functions of all packages that import this one.
var Name = name()

func name() string {
	if len(os.Args) == 0 {
		return ""
	}
	// Without root, buildah and skopeo start themselves again in a user namespace, under this name.
	return strings.TrimSuffix(filepath.Base(os.Args[0]), "-in-a-user-namespace")
}
