package iopodman

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/containers/podman/v5/pkg/bindings"
)

// rest is the connection to Podman's REST API, made when the first call needs it.
type rest struct {
	uri   string
	mutex sync.Mutex
	// What the bindings look their connection up in.
	values context.Context
}

// restAddress is the socket of the engine of whoever runs this.
func restAddress() string {
	if os.Getuid() != 0 {
		return "unix://" + os.Getenv("XDG_RUNTIME_DIR") + "/podman/podman.sock"
	}
	return "unix:///run/podman/podman.sock"
}

// connected is ctx with the connection in it.
func (r *rest) connected(ctx context.Context) (context.Context, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.values == nil {
		values, err := bindings.NewConnection(context.Background(), r.uri)
		if err != nil {
			return nil, err
		}
		connection, err := bindings.GetClient(values)
		if err != nil {
			return nil, err
		}
		transport := connection.Client.Transport.(*http.Transport)
		transport.MaxIdleConnsPerHost = 16
		// The REST service leaves when nobody is connected to it for a while: not to be kept up for ever.
		transport.IdleConnTimeout = 10 * time.Second
		r.values = values
	}
	return connectedContext{ctx, r.values}, nil
}

// connectedContext ends as the call does, and has the connection's values.
type connectedContext struct {
	context.Context
	values context.Context
}

func (c connectedContext) Value(key any) any {
	if value := c.values.Value(key); value != nil {
		return value
	}
	return c.Context.Value(key)
}

// request asks what the bindings have no function for, or a status for that they hide. The body is the caller's to close.
func request(ctx context.Context, method, endpoint string, query map[string][]string, path ...string) (*bindings.APIResponse, error) {
	connection, err := bindings.GetClient(ctx)
	if err != nil {
		return nil, err
	}
	return connection.DoRequest(ctx, nil, method, endpoint, query, nil, path...)
}

// answer is the text that the REST API answers with.
func answer(ctx context.Context, method, endpoint string, query map[string][]string, path ...string) (string, error) {
	response, err := request(ctx, method, endpoint, query, path...)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	if !response.IsSuccess() {
		return "", response.Process(nil)
	}
	text, err := io.ReadAll(response.Body)
	return strings.TrimSpace(string(text)), err
}

// podman runs Podman's own command line as a client of the REST API, for what is given as its options: what it makes of them
// for the API is more than the bindings know. It returns the last line said.
func (r *rest) podman(ctx context.Context, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "/proc/self/exe")
	command.Args = append([]string{"podman", "--remote", "--url=" + r.uri}, arguments...)
	output, err := command.Output()
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		return "", errors.New(strings.TrimPrefix(strings.TrimSpace(string(failed.Stderr)), "Error: "))
	}
	if err != nil {
		return "", err
	}
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return lines[len(lines)-1], nil
}
