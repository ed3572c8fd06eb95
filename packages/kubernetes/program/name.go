// Package program tells which program this process is.
package program

import (
	"os"
	"path/filepath"
)

// Name is what the process was called by: kubelet, kubectl, etcd and so on. It is known before main, and before the init
// functions of all packages that import this one.
var Name = name()

func name() string {
	if len(os.Args) == 0 {
		return ""
	}
	return filepath.Base(os.Args[0])
}
