package varlink

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/varlink/go/varlink"
	"golang.org/x/sys/unix"
)

var errTooLong = errors.New("the message is too long")

// connection is what a service gets as Call.Conn: bytes to and from a client, once the connection is upgraded.
type connection struct {
	net.Conn
	in      *bufio.Reader
	options Options
	// upgraded: somebody has taken the connection's bytes for something else than messages.
	upgraded bool
}

func newConnection(conn net.Conn, options Options) *connection {
	return &connection{Conn: conn, in: bufio.NewReader(conn), options: options}
}

// serve answers calls one after the other, until the client leaves or sends what is no call.
func (c *connection) serve(ctx context.Context, service *varlink.Service) {
	defer func() {
		// One client's call is not to end the others'.
		if reason := recover(); reason != nil {
			fmt.Fprintf(os.Stderr, "varlink: %v\n%s", reason, debug.Stack())
		}
	}()
	for {
		message, err := c.message()
		if err != nil {
			return
		}
		call, cancel := context.WithCancel(ctx)
		stopWatching := c.watch(cancel)
		err = service.HandleMessage(call, &upgradable{c, stopWatching}, message)
		stopWatching()
		cancel()
		if err != nil || c.upgraded {
			return
		}
	}
}

// message is the next one, without its NUL. The connection may be idle before it, but not in the middle of it.
func (c *connection) message() ([]byte, error) {
	if _, err := c.in.Peek(1); err != nil {
		return nil, err
	}
	defer c.SetReadDeadline(time.Time{})
	var message []byte
	for {
		c.SetReadDeadline(time.Now().Add(c.options.Patience))
		part, err := c.in.ReadSlice(0)
		if len(message)+len(part) > c.options.MaxMessage+1 {
			return nil, errTooLong
		}
		message = append(message, part...)
		switch {
		case err == nil:
			return message[:len(message)-1], nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// watch calls gone when the client closes its end while nobody reads from it. A client that only has nothing more to say
// (shutdown, as a pipe's end makes it) waits for its reply.
func (c *connection) watch(gone func()) (stop func()) {
	raw, err := c.Conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return func() {}
	}
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		// It asks again whenever something has come in, and when the other end closes.
		err := raw.Read(func(fd uintptr) bool {
			events := []unix.PollFd{{Fd: int32(fd)}}
			n, err := unix.Poll(events, 0)
			return err == nil && n > 0 && events[0].Revents&(unix.POLLHUP|unix.POLLERR) != 0
		})
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			gone()
		}
	}()
	return func() {
		c.SetReadDeadline(time.Unix(1, 0))
		<-watched
		c.SetReadDeadline(time.Time{})
	}
}

// write sends all of p, as long as the client goes on reading.
func (c *connection) write(p []byte) (int, error) {
	const part = 64 << 10
	defer c.SetWriteDeadline(time.Time{})
	written := 0
	for len(p) > 0 {
		c.SetWriteDeadline(time.Now().Add(c.options.Patience))
		n, err := c.Conn.Write(p[:min(part, len(p))])
		written += n
		if err != nil {
			return written, err
		}
		p = p[n:]
	}
	return written, nil
}

// upgradable is the connection while a call is answered.
type upgradable struct {
	connection   *connection
	stopWatching func()
}

// Write sends a message, or bytes of an upgraded connection.
func (u *upgradable) Write(_ context.Context, p []byte) (int, error) {
	return u.connection.write(p)
}

// Read takes bytes that follow the call: from here on they are no messages, and what ends the call is the reader's to see.
func (u *upgradable) Read(ctx context.Context, p []byte) (int, error) {
	u.upgrade()
	defer u.interrupt(ctx)()
	return u.connection.in.Read(p)
}

// ReadBytes is Read until a byte.
func (u *upgradable) ReadBytes(ctx context.Context, delim byte) ([]byte, error) {
	u.upgrade()
	defer u.interrupt(ctx)()
	var line []byte
	for {
		part, err := u.connection.in.ReadSlice(delim)
		line = append(line, part...)
		if len(line) > u.connection.options.MaxMessage {
			return nil, errTooLong
		}
		if err == nil || !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

func (u *upgradable) upgrade() {
	if !u.connection.upgraded {
		u.connection.upgraded = true
		u.stopWatching()
	}
}

func (u *upgradable) interrupt(ctx context.Context) (done func()) {
	stop := context.AfterFunc(ctx, func() { u.connection.SetReadDeadline(time.Unix(1, 0)) })
	return func() { stop() }
}

// NetConn is the connection itself: to ask who the client is.
func (u *upgradable) NetConn() net.Conn { return u.connection.Conn }
