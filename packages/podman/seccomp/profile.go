// Writes the profile that containers have by default, as /usr/share/containers/seccomp.json. A client which has that file
// names it when it builds by the API, and means the machine's.
package main

import (
	"encoding/json"
	"log"
	"os"

	"go.podman.io/common/pkg/seccomp"
)

func main() {
	if err := json.NewEncoder(os.Stdout).Encode(seccomp.DefaultProfile()); err != nil {
		log.Fatal(err)
	}
}
