// Package iopodman answers io.podman, the varlink interface of Podman 1, by asking the REST API of today's Podman.
//
// The Go side of the interface is made of its description while the package is built, by build.sh; for a developer
// go generate makes it.
package iopodman

//go:generate go tool varlink-go-interface-generator io.podman.varlink

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/varlink/go/varlink"
	"github.com/varlink/go/varlink/idl"
)

// methods are those of the interface, in files by subject. What is not there is answered by what it embeds:
// MethodNotImplemented.
type methods struct {
	VarlinkInterface
	rest    *rest
	version engineVersion
	mounts  mounts
	files   sentFiles
}

// service stands in front of the generated dispatcher, which takes a missing parameter for an empty one.
type service struct {
	*VarlinkInterface
	methods *methods
	checks  *parameterChecks
	in      map[string]*idl.Type
}

func newService() (*service, error) {
	methods := &methods{rest: &rest{uri: restAddress()}}
	dispatcher := VarlinkNew(methods)
	description, err := idl.New(dispatcher.VarlinkGetDescription())
	if err != nil {
		return nil, err
	}
	in := map[string]*idl.Type{}
	for _, method := range description.Methods {
		in[method.Name] = method.In
	}
	return &service{dispatcher, methods, newParameterChecks(description), in}, nil
}

// VarlinkDispatch answers one call. The context that the methods get is one for Podman's bindings.
func (s *service) VarlinkDispatch(ctx context.Context, call varlink.Call, method string) error {
	in, known := s.in[method]
	if !known {
		return call.ReplyMethodNotFound(ctx, s.VarlinkGetName()+"."+method)
	}
	parameters := json.RawMessage("{}")
	if call.In.Parameters != nil {
		parameters = *call.In.Parameters
	}
	if wrong := s.checks.wrong(in, parameters, ""); wrong != nil {
		return call.ReplyInvalidParameter(ctx, strings.Join(wrong, "."))
	}
	call.In.Parameters = &parameters
	connected, err := s.methods.rest.connected(ctx)
	if err != nil {
		c := VarlinkCall{call}
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return s.VarlinkInterface.VarlinkDispatch(connected, call, method)
}
