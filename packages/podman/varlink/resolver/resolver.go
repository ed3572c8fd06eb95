// Package resolver answers org.varlink.resolver: which interfaces the machine has, and at which addresses.
package resolver

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"os"
	"time"

	server "boot2podman.local/podman/varlink"
	"github.com/varlink/go/varlink"
)

//go:embed org.varlink.resolver.varlink
var description string

const name = "org.varlink.resolver"

// Main serves the interface. --varlink and --config are the options of the resolver that boot2podman once had.
func Main() {
	timeout := flag.Int("timeout", 0, "leave after so many `milliseconds` without a connection")
	address := flag.String("varlink", "unix:/run/org.varlink.resolver", "listen at this `address`, unless started with a socket")
	config := flag.String("config", "/usr/local/etc/varlink.json", "the `file` that names the services")
	more := flag.String("more", "/etc/varlink.d", "a `folder` of files that name more of them")
	flag.Parse()
	if err := serve(*address, time.Duration(*timeout)*time.Millisecond, newServices(*config, *more, os.Stderr)); err != nil {
		fmt.Fprintf(os.Stderr, "resolver: %v\n", err)
		os.Exit(1)
	}
}

func serve(address string, timeout time.Duration, services *services) error {
	service, err := newService(services)
	if err != nil {
		return err
	}
	return server.Serve(service, address, server.Options{
		Timeout: timeout,
		// Everybody on the machine may ask, and every call is a short one.
		MaxMessage: 64 << 10,
		Patience:   5 * time.Second,
	})
}

func newService(services *services) (*varlink.Service, error) {
	info := services.current().info
	service, err := varlink.NewService(info.Vendor, info.Product, info.Version, info.URL)
	if err != nil {
		return nil, err
	}
	return service, service.RegisterInterface(&resolver{services})
}

type resolver struct{ services *services }

// VarlinkGetName is for the library, as the other two are.
func (r *resolver) VarlinkGetName() string { return name }

// VarlinkGetDescription gives the interface as it is told to clients.
func (r *resolver) VarlinkGetDescription() string { return description }

// VarlinkDispatch answers a call.
func (r *resolver) VarlinkDispatch(ctx context.Context, call varlink.Call, method string) error {
	switch method {
	case "GetInfo":
		return call.Reply(ctx, r.services.current().info)
	case "Resolve":
		var in struct {
			Interface *string `json:"interface"`
		}
		if err := call.GetParameters(&in); err != nil || in.Interface == nil {
			return call.ReplyInvalidParameter(ctx, "interface")
		}
		address, known := r.services.current().addresses[*in.Interface]
		if !known {
			return call.ReplyError(ctx, name+".InterfaceNotFound", map[string]string{"interface": *in.Interface})
		}
		return call.Reply(ctx, map[string]string{"address": address})
	default:
		return call.ReplyMethodNotFound(ctx, method)
	}
}
