package varlink

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/varlink/go/varlink"
)

// trial is an interface that does what a test needs.
type trial struct {
	// left gets a value when a stream's client has gone.
	left chan struct{}
}

func (t *trial) VarlinkGetName() string        { return "org.example.trial" }
func (t *trial) VarlinkGetDescription() string { return "interface org.example.trial" }

func (t *trial) VarlinkDispatch(ctx context.Context, call varlink.Call, method string) error {
	switch method {
	case "Echo":
		var in struct {
			Text *string `json:"text"`
		}
		if err := call.GetParameters(&in); err != nil || in.Text == nil {
			return call.ReplyInvalidParameter(ctx, "text")
		}
		return call.Reply(ctx, in)
	case "Stream":
		call.Continues = true
		if err := call.Reply(ctx, map[string]bool{"begun": true}); err != nil {
			return err
		}
		<-ctx.Done()
		t.left <- struct{}{}
		return ctx.Err()
	case "Flood":
		for {
			if err := call.Reply(ctx, strings.Repeat("x", 1<<20)); err != nil {
				t.left <- struct{}{}
				return err
			}
		}
	case "Panic":
		panic("as the test asked for")
	case "Upgrade":
		if err := call.Reply(ctx, struct{}{}); err != nil {
			return err
		}
		for {
			line, err := call.Conn.ReadBytes(ctx, '\n')
			if err != nil {
				t.left <- struct{}{}
				return err
			}
			if _, err := call.Conn.Write(ctx, bytes.ToUpper(line)); err != nil {
				return err
			}
		}
	default:
		return call.ReplyMethodNotFound(ctx, method)
	}
}

// serving is a server on a socket in a temporary folder.
type serving struct {
	*testing.T
	path  string
	trial *trial
	ended chan error
	end   context.CancelFunc
}

func start(t *testing.T, options Options) *serving {
	t.Helper()
	service, err := varlink.NewService("V", "P", "1", "U")
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{T: t, path: filepath.Join(t.TempDir(), "socket"), trial: &trial{make(chan struct{}, 100)}, ended: make(chan error, 1)}
	if err := service.RegisterInterface(s.trial); err != nil {
		t.Fatal(err)
	}
	listener, err := listen("unix:" + s.path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.end = cancel
	go func() { s.ended <- serve(ctx, service, listener, options) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-s.ended:
			if err != nil {
				t.Errorf("the server ended with: %v", err)
			}
		case <-time.After(10 * time.Second):
			t.Error("the server does not end")
		}
	})
	return s
}

type client struct {
	*testing.T
	*net.UnixConn
	in *bufio.Reader
}

func (s *serving) connect() *client {
	s.Helper()
	conn, err := net.Dial("unix", s.path)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &client{s.T, conn.(*net.UnixConn), bufio.NewReader(conn)}
}

func (c *client) send(text string) {
	c.Helper()
	if _, err := c.Write([]byte(text)); err != nil {
		c.Error(err)
	}
}

// gets wants a reply.
func (c *client) gets(wanted string) {
	c.Helper()
	reply, err := c.in.ReadString(0)
	if err != nil {
		c.Errorf("no reply: %v\nwanted %s", err, wanted)
		return
	}
	if got := strings.TrimSuffix(reply, "\x00"); got != wanted {
		c.Errorf("the reply is\n%s\nnot\n%s", got, wanted)
	}
}

// isClosed wants the connection to be closed, with no reply.
func (c *client) isClosed() {
	c.Helper()
	rest, err := io.ReadAll(c.in)
	if errors.Is(err, os.ErrDeadlineExceeded) || len(rest) > 0 {
		c.Errorf("the connection is not closed: %q %v", rest, err)
	}
}

func echo(text string) string {
	call, _ := json.Marshal(map[string]any{"method": "org.example.trial.Echo", "parameters": map[string]string{"text": text}})
	return string(call) + "\x00"
}

func echoed(text string) string {
	reply, _ := json.Marshal(map[string]any{"parameters": map[string]string{"text": text}})
	return string(reply)
}

// works wants the server to go on as if nothing had been.
func (s *serving) works() {
	s.Helper()
	c := s.connect()
	c.send(echo("still"))
	c.gets(echoed("still"))
	c.Close()
}

func TestCalls(t *testing.T) {
	s := start(t, Options{})
	if info, err := os.Stat(s.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", info.Mode(), err)
	}
	c := s.connect()
	for call, reply := range map[string]string{
		`{"method":"org.varlink.service.GetInfo"}`: `{"parameters":{"vendor":"V","product":"P","version":"1","url":"U",` +
			`"interfaces":["org.varlink.service","org.example.trial"]}}`,
		`{"method":"org.example.trial.Other"}`: `{"parameters":{"method":"Other"},"error":"org.varlink.service.MethodNotFound"}`,
		`{"method":"org.example.other.Echo"}`:  `{"parameters":{"interface":"org.example.other"},"error":"org.varlink.service.InterfaceNotFound"}`,
		`{"method":"Echo"}`:                    `{"parameters":{"parameter":"method"},"error":"org.varlink.service.InvalidParameter"}`,
		`{}`:                                   `{"parameters":{"parameter":"method"},"error":"org.varlink.service.InvalidParameter"}`,
		`{"method":"org.example.trial.Echo"}`:  `{"parameters":{"parameter":"text"},"error":"org.varlink.service.InvalidParameter"}`,
		`{"method":"org.example.trial.Echo","parameters":{"text":1}}`:  `{"parameters":{"parameter":"text"},"error":"org.varlink.service.InvalidParameter"}`,
		`{"method":"org.example.trial.Echo","parameters":{"text":[]}}`: `{"parameters":{"parameter":"text"},"error":"org.varlink.service.InvalidParameter"}`,
		`{"method":"org.example.trial.Echo","parameters":"text"}`:      `{"parameters":{"parameter":"text"},"error":"org.varlink.service.InvalidParameter"}`,
	} {
		c.send(call + "\x00")
		c.gets(reply)
	}
}

func TestNoCall(t *testing.T) {
	s := start(t, Options{})
	for _, text := range []string{
		"\x00", "{\x00", "}\x00", "text\x00", "[]\x00", `"text"` + "\x00", "1\x00", `{"method":1}` + "\x00",
		`{"method":"org.example.trial.Echo","more":"yes"}` + "\x00", "\xff\xfe\x00", strings.Repeat("[", 100_000) + "\x00",
		"GET / HTTP/1.1\r\n\r\n\x00",
	} {
		c := s.connect()
		c.send(text)
		c.isClosed()
	}
	s.works()
}

func TestMissingNUL(t *testing.T) {
	s := start(t, Options{Patience: 200 * time.Millisecond})
	waits := s.connect()
	waits.send(strings.TrimSuffix(echo("never ended"), "\x00"))
	leaves := s.connect()
	leaves.send(strings.TrimSuffix(echo("never ended"), "\x00"))
	leaves.CloseWrite()
	leaves.isClosed()
	waits.isClosed()
	// Between messages there is no hurry.
	c := s.connect()
	time.Sleep(400 * time.Millisecond)
	c.send(echo("late"))
	c.gets(echoed("late"))
}

func TestTooLong(t *testing.T) {
	s := start(t, Options{})
	long := strings.Repeat("x", 20<<20)
	c := s.connect()
	// It is closed before all is sent.
	c.Write([]byte(echo(long)))
	c.isClosed()
	c = s.connect()
	c.Write([]byte(long))
	c.isClosed()
	c = s.connect()
	c.send(echo(long[:15<<20]))
	c.gets(echoed(long[:15<<20]))
	s.works()
}

func TestPipelined(t *testing.T) {
	s := start(t, Options{})
	c := s.connect()
	var calls strings.Builder
	for number := range 100 {
		calls.WriteString(echo(fmt.Sprint(number)))
	}
	c.send(calls.String())
	// A client that has said all that it has to say still gets all replies.
	c.CloseWrite()
	for number := range 100 {
		c.gets(echoed(fmt.Sprint(number)))
	}
	c.isClosed()
}

func TestManyAtOnce(t *testing.T) {
	s := start(t, Options{MaxConnections: 10})
	var clients sync.WaitGroup
	for number := range 40 {
		clients.Go(func() {
			c := s.connect()
			defer c.Close()
			for call := range 50 {
				text := fmt.Sprintf("%d of %d", call, number)
				c.send(echo(text))
				c.gets(echoed(text))
			}
		})
	}
	clients.Wait()
}

func TestNobodyReads(t *testing.T) {
	s := start(t, Options{Patience: 200 * time.Millisecond})
	c := s.connect()
	c.send(`{"method":"org.example.trial.Flood"}` + "\x00")
	s.awaitLeft()
	s.works()
}

func (s *serving) awaitLeft() {
	s.Helper()
	select {
	case <-s.trial.left:
	case <-time.After(10 * time.Second):
		s.Error("the call goes on")
	}
}

func TestClientLeaves(t *testing.T) {
	s := start(t, Options{})
	s.works()
	before := resources(t)
	for range 20 {
		c := s.connect()
		c.send(`{"method":"org.example.trial.Stream","more":true}` + "\x00")
		c.gets(`{"parameters":{"begun":true},"continues":true}`)
		// What lies unread on the server is not to hide that the client goes.
		c.send(echo("too late"))
		c.Close()
		s.awaitLeft()
	}
	for range 20 {
		c := s.connect()
		c.send(`{"method":"org.example.trial.Upgrade","upgrade":true}` + "\x00")
		c.gets(`{"parameters":{}}`)
		c.Close()
		s.awaitLeft()
	}
	for wait := 0; ; wait++ {
		after := resources(t)
		if after[0] <= before[0] && after[1] <= before[1] {
			return
		}
		if wait == 100 {
			t.Fatalf("goroutines and file descriptors were %v, are %v", before, after)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// resources counts goroutines and file descriptors.
func resources(t *testing.T) [2]int {
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return [2]int{runtime.NumGoroutine(), len(files)}
}

func TestStreamWithoutMore(t *testing.T) {
	s := start(t, Options{})
	c := s.connect()
	c.send(`{"method":"org.example.trial.Stream"}` + "\x00")
	c.isClosed()
}

func TestUpgrade(t *testing.T) {
	s := start(t, Options{Patience: 200 * time.Millisecond})
	c := s.connect()
	// A client that does not wait for the reply has its bytes taken too.
	c.send(`{"method":"org.example.trial.Upgrade","upgrade":true}` + "\x00one\n")
	c.gets(`{"parameters":{}}`)
	time.Sleep(400 * time.Millisecond)
	c.send(echo("two") + "\n")
	if got, err := c.in.ReadString('\n'); got != "ONE\n" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if got, err := c.in.ReadString('\n'); got != strings.ToUpper(echo("two"))+"\n" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	c.CloseWrite()
	c.isClosed()
}

func TestOneway(t *testing.T) {
	s := start(t, Options{})
	c := s.connect()
	c.send(`{"method":"org.example.trial.Other","oneway":true}` + "\x00" + `{"method":"org.example.trial.Echo","oneway":true,"parameters":{"text":"x"}}` + "\x00")
	c.send(echo("next"))
	c.gets(echoed("next"))
}

func TestPanic(t *testing.T) {
	s := start(t, Options{})
	stays := s.connect()
	stays.send(echo("here"))
	stays.gets(echoed("here"))
	c := s.connect()
	c.send(`{"method":"org.example.trial.Panic"}` + "\x00")
	c.isClosed()
	stays.send(echo("still"))
	stays.gets(echoed("still"))
}

func TestIdle(t *testing.T) {
	s := start(t, Options{Timeout: 300 * time.Millisecond})
	c := s.connect()
	time.Sleep(600 * time.Millisecond)
	c.send(echo("not idle"))
	c.gets(echoed("not idle"))
	c.Close()
	left := time.Now()
	select {
	case err := <-s.ended:
		if took := time.Since(left); err != nil || took < 250*time.Millisecond {
			t.Errorf("it ended after %v: %v", took, err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("it stays, with nobody connected")
	}
	if _, err := os.Stat(s.path); err == nil {
		t.Error("the socket is still there")
	}
	s.ended <- nil
}

func TestEnd(t *testing.T) {
	s := start(t, Options{})
	c := s.connect()
	c.send(`{"method":"org.example.trial.Stream","more":true}` + "\x00")
	c.gets(`{"parameters":{"begun":true},"continues":true}`)
	s.end()
	s.awaitLeft()
	c.isClosed()
}

func TestAddress(t *testing.T) {
	s := start(t, Options{})
	for address, problem := range map[string]string{
		"":               "no address given",
		"unix:":          "is no address",
		"/run/x":         "is no address",
		"unix:" + s.path: "somebody else listens there",
	} {
		if listener, err := listen(address); err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("%q: %v %v", address, listener, err)
		}
	}
	dead := filepath.Join(t.TempDir(), "dead")
	listener, err := net.Listen("unix", dead)
	if err != nil {
		t.Fatal(err)
	}
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	listener.Close()
	again, err := listen("unix:" + dead + ";mode=0600")
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
}

func TestActivated(t *testing.T) {
	t.Setenv("LISTEN_FDS", "1")
	for _, pid := range []string{"", "1", "text"} {
		t.Setenv("LISTEN_PID", pid)
		if file := activated(); file != nil {
			t.Errorf("LISTEN_PID=%s: %v", pid, file.Fd())
		}
	}
	t.Setenv("LISTEN_PID", fmt.Sprint(os.Getpid()))
	for _, fds := range []string{"", "0", "-1", "text", "2"} {
		t.Setenv("LISTEN_FDS", fds)
		if file := activated(); file != nil {
			t.Errorf("LISTEN_FDS=%s: %v", fds, file.Fd())
		}
	}
}

// TestRandom sends what is almost a call, in pieces: whatever comes back is a reply, or the connection is closed.
func TestRandom(t *testing.T) {
	seed := time.Now().UnixNano()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewSource(seed))
	s := start(t, Options{Patience: 100 * time.Millisecond})
	whole := []string{
		echo("text"), echo(`"\u0000` + "\U0001f600"), `{"method":"org.varlink.service.GetInfo"}` + "\x00",
		`{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"org.example.trial"}}` + "\x00",
		`{"method":"org.example.trial.Echo","parameters":{"text":null},"more":true,"oneway":false,"upgrade":true}` + "\x00",
	}
	tokens := []string{"{", "}", "[", "]", ",", ":", `"`, "\x00", "null", "1e999", `"method"`, `"parameters"`, `\ud800`, "\xff", "\n"}
	calls := 0
	for end := time.Now().Add(3 * time.Second); time.Now().Before(end); calls++ {
		c := s.connect()
		text := []byte(whole[random.Intn(len(whole))] + whole[random.Intn(len(whole))])
		for range random.Intn(4) {
			at := random.Intn(len(text))
			token := tokens[random.Intn(len(tokens))]
			switch random.Intn(3) {
			case 0:
				text[at] = byte(random.Intn(256))
			case 1:
				text = append(text[:at:at], append([]byte(token), text[at:]...)...)
			case 2:
				text = append(text[:at:at], text[min(len(text), at+1+random.Intn(8)):]...)
			}
			if len(text) == 0 {
				text = []byte{0}
			}
		}
		for rest := text; len(rest) > 0; {
			size := 1 + random.Intn(len(rest))
			if _, err := c.Write(rest[:size]); err != nil {
				break
			}
			rest = rest[size:]
		}
		c.CloseWrite()
		replies, err := io.ReadAll(c.in)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("neither answered nor closed: %q", text)
		}
		for reply := range bytes.SplitSeq(bytes.TrimSuffix(replies, []byte{0}), []byte{0}) {
			if len(replies) > 0 && !json.Valid(reply) {
				t.Fatalf("%q is answered by %q", text, replies)
			}
		}
		c.Close()
	}
	t.Logf("%d clients", calls)
	s.works()
}
