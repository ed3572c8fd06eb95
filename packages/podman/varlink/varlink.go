// Package varlink serves varlink interfaces on a socket: activation, limits, and the end when nobody is connected.
//
// github.com/varlink/go has a server too. This one asks it for the answers only: of a connection it knows when a client has
// gone while its call still runs, how long a message may become, and that nobody reads.
package varlink

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/varlink/go/varlink"
)

// Options are the limits of a server. What is 0 gets a value that suits a service of one user.
type Options struct {
	// Timeout is how long to wait for a connection when there is none; 0: for ever.
	Timeout time.Duration
	// MaxMessage is how many bytes a call may have.
	MaxMessage int
	// MaxConnections is how many clients are served at once. Others wait until one of them leaves.
	MaxConnections int
	// Patience is how long a client may stop in the middle of a message, or leave a reply unread.
	Patience time.Duration
}

func (o Options) withDefaults() Options {
	if o.MaxMessage == 0 {
		o.MaxMessage = 16 << 20
	}
	if o.MaxConnections == 0 {
		o.MaxConnections = 100
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	return o
}

// Serve answers on the socket that the process was activated with, else on one that it makes at address. It returns when
// nobody was connected for as long as the options tell, or when the process is told to end; its clients are gone then.
func Serve(service *varlink.Service, address string, options Options) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	listener, err := listen(address)
	if err != nil {
		return err
	}
	return serve(ctx, service, listener, options)
}

// deadlineListener is what TCP's and Unix' listeners are.
type deadlineListener interface {
	net.Listener
	SetDeadline(time.Time) error
}

func listen(address string) (deadlineListener, error) {
	if file := activated(); file != nil {
		defer file.Close()
		listener, err := net.FileListener(file)
		if err != nil {
			return nil, fmt.Errorf("the socket that the process was started with: %w", err)
		}
		return listener.(deadlineListener), nil
	}
	if address == "" {
		return nil, errors.New("no address given, and no socket\n  expected an address such as unix:/run/name")
	}
	// Podman 1's addresses may end in ;mode=0600.
	where, _, _ := strings.Cut(address, ";")
	network, path, _ := strings.Cut(where, ":")
	switch network {
	case "unix":
		if path == "" {
			break
		}
		if err := removeDead(path); err != nil {
			return nil, err
		}
		// Whoever connects is its user: nobody else may, not even for the moment between bind and chmod.
		defer syscall.Umask(syscall.Umask(0o177))
		listener, err := net.Listen("unix", path)
		if err != nil {
			return nil, err
		}
		return listener.(deadlineListener), nil
	case "tcp":
		listener, err := net.Listen("tcp", path)
		if err != nil {
			return nil, err
		}
		return listener.(deadlineListener), nil
	}
	return nil, fmt.Errorf("%q is no address\n  expected one such as unix:/run/name", address)
}

// activated is the socket of LISTEN_FDS, nil when there is none or when it is for another process.
func activated() *os.File {
	if pid, err := strconv.Atoi(os.Getenv("LISTEN_PID")); err != nil || pid != os.Getpid() {
		return nil
	}
	count, err := strconv.Atoi(os.Getenv("LISTEN_FDS"))
	if err != nil || count < 1 {
		return nil
	}
	const first = 3
	number := first
	if count > 1 {
		number = 0
		for index, name := range strings.Split(os.Getenv("LISTEN_FDNAMES"), ":") {
			if name == "varlink" && index < count {
				number = first + index
				break
			}
		}
		if number == 0 {
			return nil
		}
	}
	// What is started from here has no part in it.
	syscall.CloseOnExec(number)
	for _, name := range []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		os.Unsetenv(name)
	}
	return os.NewFile(uintptr(number), "varlink")
}

// removeDead makes place for a socket, where one lies that nobody listens on any more.
func removeDead(path string) error {
	if strings.HasPrefix(path, "@") {
		return nil
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&os.ModeSocket == 0 {
		return nil
	}
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
		return fmt.Errorf("%s: somebody else listens there", path)
	}
	return os.Remove(path)
}

// server is a listening socket and the connections that came from it.
type server struct {
	service  *varlink.Service
	listener deadlineListener
	options  Options

	mutex       sync.Mutex
	connections map[net.Conn]struct{}
	// tidy gives memory back once the last client has gone.
	tidy *time.Timer
}

func serve(ctx context.Context, service *varlink.Service, listener deadlineListener, options Options) error {
	ctx, cancel := context.WithCancel(ctx)
	s := &server{
		service:     service,
		listener:    listener,
		options:     options.withDefaults(),
		connections: map[net.Conn]struct{}{},
		tidy:        time.AfterFunc(0, debug.FreeOSMemory),
	}
	var handlers sync.WaitGroup
	defer func() {
		cancel()
		listener.Close()
		s.mutex.Lock()
		for conn := range s.connections {
			conn.Close()
		}
		s.mutex.Unlock()
		handlers.Wait()
		s.tidy.Stop()
	}()
	// What waits in Accept ends with ctx.
	defer context.AfterFunc(ctx, func() { listener.Close() })()

	s.mutex.Lock()
	s.awaitOthers()
	s.mutex.Unlock()
	places := make(chan struct{}, s.options.MaxConnections)
	for {
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		conn, err := listener.Accept()
		if err != nil {
			<-places
			switch {
			case ctx.Err() != nil:
				return nil
			case errors.Is(err, os.ErrDeadlineExceeded):
				if s.idle() {
					return nil
				}
			case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE), errors.Is(err, syscall.ECONNABORTED):
				time.Sleep(100 * time.Millisecond)
			default:
				return err
			}
			continue
		}
		s.add(conn)
		handlers.Go(func() {
			defer func() { <-places }()
			defer s.remove(conn)
			newConnection(conn, s.options).serve(ctx, s.service)
		})
	}
}

func (s *server) add(conn net.Conn) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.connections[conn] = struct{}{}
	s.tidy.Stop()
	s.listener.SetDeadline(time.Time{})
}

func (s *server) remove(conn net.Conn) {
	conn.Close()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.connections, conn)
	if len(s.connections) == 0 {
		// Clients that come one after the other are not to wait for it.
		s.tidy.Reset(time.Second)
		s.awaitOthers()
	}
}

// awaitOthers begins the time after which the server leaves.
func (s *server) awaitOthers() {
	if s.options.Timeout > 0 {
		s.listener.SetDeadline(time.Now().Add(s.options.Timeout))
	}
}

func (s *server) idle() bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return len(s.connections) == 0
}
