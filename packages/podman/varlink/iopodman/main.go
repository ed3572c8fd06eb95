package iopodman

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	server "boot2podman.local/podman/varlink"
	"github.com/containers/podman/v5/version"
	"github.com/varlink/go/varlink"
)

// Main serves io.podman.
func Main() {
	timeout := flag.Int("timeout", 0, "leave after so many milliseconds without a connection")
	flag.Parse()
	if err := serve(flag.Arg(0), time.Duration(*timeout)*time.Millisecond); err != nil {
		fmt.Fprintf(os.Stderr, "io.podman: %v\n", err)
		os.Exit(1)
	}
}

func serve(address string, timeout time.Duration) (err error) {
	podman, err := newService()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, podman.methods.files.removeAll()) }()
	service, err := varlink.NewService("boot2podman", "Podman", version.Version.String(), "https://podman.io")
	if err != nil {
		return err
	}
	if err := service.RegisterInterface(podman); err != nil {
		return err
	}
	return server.Serve(service, address, server.Options{Timeout: timeout})
}
