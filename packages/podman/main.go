// The kernel has no multipath TCP: each port that Go tried it for would make it look for a module.
//go:debug multipathtcp=0

// Podman, Buildah, Skopeo and the CNI plugins as one program: what they have in common is in the image and in memory once.
// Which of them runs is the name that it was called by, as with busybox.
package main

import (
	"fmt"
	"os"

	"boot2podman.local/podman/cloudconfig"
	"boot2podman.local/podman/cni"
	"boot2podman.local/podman/program"
	"boot2podman.local/podman/varlink/iopodman"
	"boot2podman.local/podman/varlink/resolver"
	buildah "github.com/containers/buildah/cmd/buildah"
	podman "github.com/containers/podman/v5/cmd/podman"
	rootlessport "github.com/containers/podman/v5/cmd/rootlessport"
	skopeo "github.com/containers/skopeo/cmd/skopeo"
	"go.podman.io/storage/pkg/reexec"
)

func main() {
	// Helpers that the programs start themselves as (unpacking a layer, copying into a container) have names of their own.
	if reexec.Init() {
		return
	}
	switch program.Name {
	case "buildah":
		buildah.Main()
	case "skopeo":
		skopeo.Main()
	case "podman", "podmansh", "-podmansh":
		podman.Main()
	// Carries published ports into networks of containers without root; it starts itself again as its child.
	case "rootlessport", "rootlessport-child":
		rootlessport.Main()
	// Not theirs, but they bring all that it is made of: YAML, JSON, SSH keys.
	case "cloud-config":
		cloudconfig.Main()
	// What varlink's clients speak to.
	case "io.podman":
		iopodman.Main()
	case "resolver":
		resolver.Main()
	default:
		plugin, known := cni.Plugins[program.Name]
		if !known {
			fmt.Fprintf(os.Stderr, "%s: by the name that it is called by this program is podman, buildah, skopeo or a CNI plugin\n",
				program.Name)
			os.Exit(1)
		}
		plugin()
	}
}
