package iopodman

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/containers/podman/v5/pkg/bindings"
	"github.com/varlink/go/varlink"
)

// errUpgraded ends a connection that has left varlink, once all is said.
var errUpgraded = errors.New("the connection was upgraded")

// upgraded is what follows the reply to a call with upgrade: plain bytes, both ways.
type upgraded struct {
	ctx  context.Context
	conn varlink.ReadWriterContext
}

func (u upgraded) Read(p []byte) (int, error)  { return u.conn.Read(u.ctx, p) }
func (u upgraded) Write(p []byte) (int, error) { return u.conn.Write(u.ctx, p) }

func (c *VarlinkCall) upgrade(ctx context.Context) upgraded { return upgraded{ctx, c.Conn} }

// needsUpgrade is the reply to a client that did not ask for bytes to follow.
func (c *VarlinkCall) needsUpgrade(ctx context.Context) error {
	return c.ReplyErrorOccurred(ctx, "the call has to ask for an upgrade of the connection")
}

// What the first byte of a frame says the others are.
const (
	frameStdout = iota
	frameStdin
	frameStderr
	frameResize
	frameQuit
	frameHangUp
)

const frameHeader = 8

// writeFrame sends a frame: its kind, three zero bytes, its length, itself.
func writeFrame(w io.Writer, kind byte, data []byte) error {
	frame := make([]byte, frameHeader, frameHeader+len(data))
	frame[0] = kind
	binary.BigEndian.PutUint32(frame[4:], uint32(len(data)))
	_, err := w.Write(append(frame, data...))
	return err
}

// readFrame takes a frame's header; the length bytes after it are the caller's to read.
func readFrame(r io.Reader) (kind byte, length int64, err error) {
	var header [frameHeader]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return 0, 0, err
	}
	return header[0], int64(binary.BigEndian.Uint32(header[4:])), nil
}

// size is a terminal's, as in a frame of frameResize.
type size struct{ Width, Height uint16 }

// terminal is a process in a container, joined to a connection.
type terminal struct {
	// tty: what comes out is one stream, not frames of two.
	tty    bool
	stream *stream
	resize func(size)
	// exitCode is asked when nothing comes out any more.
	exitCode func() (code int, ended bool)
}

// How long a process may take to be known as ended after its output has ended. One that is detached from goes on.
const untilEnded = 3 * time.Second

// join carries bytes until the process ends or the client leaves, and tells how the process ended.
func (t terminal) join(client io.ReadWriter) error {
	defer t.stream.Close()
	go func() {
		// A client that has gone takes the process's connection with it; what runs goes on, as after detaching.
		if err := t.input(client); err != nil {
			t.stream.Close()
		}
	}()
	if err := t.output(client); err != nil {
		return err
	}
	code := 0
	for end := time.Now().Add(untilEnded); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var ended bool
		if code, ended = t.exitCode(); ended {
			break
		}
	}
	return writeFrame(client, frameQuit, binary.BigEndian.AppendUint32(nil, uint32(code)))
}

func (t terminal) output(client io.Writer) error {
	buffer := make([]byte, 32<<10)
	for {
		kind, left := byte(frameStdout), int64(len(buffer))
		if !t.tty {
			var err error
			if kind, left, err = readFrame(t.stream); err != nil {
				return ignoreEnd(err)
			}
			if kind != frameStderr {
				kind = frameStdout
			}
		}
		for left > 0 {
			n, err := t.stream.Read(buffer[:min(left, int64(len(buffer)))])
			if n > 0 {
				if err := writeFrame(client, kind, buffer[:n]); err != nil {
					return err
				}
			}
			if err != nil {
				return ignoreEnd(err)
			}
			if t.tty {
				break
			}
			left -= int64(n)
		}
	}
}

// ignoreEnd: the other side closes a stream in more than one way.
func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

// input carries what the client sends; its end is no error, as long as the client announced it.
func (t terminal) input(client io.Reader) error {
	const longestSize = 1 << 10
	for {
		kind, length, err := readFrame(client)
		if err != nil {
			return err
		}
		switch kind {
		case frameStdin:
			if _, err := io.CopyN(t.stream, client, length); err != nil {
				return err
			}
		case frameResize:
			if length > longestSize {
				return fmt.Errorf("a size of %d bytes", length)
			}
			data := make([]byte, length)
			if _, err := io.ReadFull(client, data); err != nil {
				return err
			}
			var wanted size
			if err := json.Unmarshal(data, &wanted); err != nil {
				return err
			}
			t.resize(wanted)
		case frameHangUp:
			if _, err := io.CopyN(io.Discard, client, length); err != nil {
				return err
			}
			if err := t.stream.CloseWrite(); err != nil {
				return err
			}
		case frameQuit:
			return io.EOF
		default:
			return fmt.Errorf("a frame of kind %d", kind)
		}
	}
}

// stream is a connection to the REST API after its own upgrade.
type stream struct {
	net.Conn
	in *bufio.Reader
}

func (s *stream) Read(p []byte) (int, error) { return s.in.Read(p) }

// CloseWrite tells the process that its input has ended.
func (s *stream) CloseWrite() error {
	half, ok := s.Conn.(interface{ CloseWrite() error })
	if !ok {
		return nil
	}
	return half.CloseWrite()
}

// openStream asks for a stream, with a body if it is not nil: attaching takes it for the process's first input. The bindings' own attaching is made for the terminal of the process that it runs in.
func openStream(ctx context.Context, path string, query url.Values, body any) (*stream, error) {
	connection, err := bindings.GetClient(ctx)
	if err != nil {
		return nil, err
	}
	var text []byte
	if body != nil {
		if text, err = json.Marshal(body); err != nil {
			return nil, err
		}
	}
	conn, err := connection.GetDialer(ctx)
	if err != nil {
		return nil, err
	}
	s, err := upgradeStream(conn, "http://d/v5.0.0/libpod"+path+"?"+query.Encode(), text)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

func upgradeStream(conn net.Conn, uri string, body []byte) (*stream, error) {
	request, err := http.NewRequest(http.MethodPost, uri, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Connection", "Upgrade")
	request.Header.Set("Upgrade", "tcp")
	request.Header.Set("Content-Type", "application/json")
	if err := request.Write(conn); err != nil {
		return nil, err
	}
	s := &stream{conn, bufio.NewReader(conn)}
	response, err := http.ReadResponse(s.in, request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusSwitchingProtocols || response.StatusCode == http.StatusOK {
		return s, nil
	}
	defer response.Body.Close()
	answer := bindings.APIResponse{Response: response, Request: request}
	if err := answer.Process(nil); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("no stream: %s", strings.TrimSpace(response.Status))
}
