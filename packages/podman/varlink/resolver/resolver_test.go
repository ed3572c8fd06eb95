package resolver

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// machine is a resolver with a configuration of its own, and a client's connection to it.
type machine struct {
	*testing.T
	root     string
	problems *bytes.Buffer
	conn     net.Conn
	replies  *bufio.Reader
}

func start(t *testing.T, files map[string]string) machine {
	t.Helper()
	m := machine{T: t, root: t.TempDir(), problems: new(bytes.Buffer)}
	for name, text := range files {
		m.write(name, text)
	}
	service, err := newService(newServices(filepath.Join(m.root, "varlink.json"), filepath.Join(m.root, "varlink.d"), m.problems))
	if err != nil {
		t.Fatal(err)
	}
	client, end := net.Pipe()
	go service.ServeConn(context.Background(), end)
	t.Cleanup(func() { client.Close() })
	client.SetDeadline(time.Now().Add(10 * time.Second))
	m.conn, m.replies = client, bufio.NewReader(client)
	return m
}

func (m machine) write(name, text string) {
	m.Helper()
	file := filepath.Join(m.root, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		m.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		m.Fatal(err)
	}
}

// asks wants the reply, as JSON, to a call.
func (m machine) asks(call, wanted string) {
	m.Helper()
	if _, err := m.conn.Write([]byte(call + "\x00")); err != nil {
		m.Fatal(err)
	}
	reply, err := m.replies.ReadString(0)
	if err != nil {
		m.Fatal(err)
	}
	if got := strings.TrimSuffix(reply, "\x00"); got != wanted {
		m.Errorf("%s is answered by\n%s\nnot\n%s", call, got, wanted)
	}
}

func (m machine) tells(wanted ...string) {
	m.Helper()
	got := strings.ReplaceAll(m.problems.String(), m.root+"/", "")
	if text := strings.Join(wanted, ""); got != text {
		m.Errorf("it tells\n%s\nnot\n%s", got, text)
	}
}

func resolve(name string) string {
	call, _ := json.Marshal(map[string]any{"method": "org.varlink.resolver.Resolve", "parameters": map[string]string{"interface": name}})
	return string(call)
}

const (
	getInfo = `{"method":"org.varlink.resolver.GetInfo"}`
	old     = `{"services": [
  {"address": "unix:/run/org.varlink.resolver;mode=0666", "interfaces": ["org.varlink.resolver"]},
  {"address": "unix:/run/podman/io.podman;mode=0600", "interfaces": ["io.podman"]}
]}`
)

func TestAll(t *testing.T) {
	m := start(t, map[string]string{
		"varlink.json":      old,
		"varlink.d/b.json":  `{"address": "unix:@b", "interfaces": ["org.example.b"]}`,
		"varlink.d/a.json":  ` [{"address": "tcp:127.0.0.1:80", "interfaces": ["org.example.a", "org.example.a-2"]}]`,
		"varlink.d/no.text": `{`,
	})
	m.asks(getInfo, `{"parameters":{"vendor":"boot2podman","product":"resolver","version":"1","url":"https://varlink.org",`+
		`"interfaces":["io.podman","org.example.a","org.example.a-2","org.example.b","org.varlink.resolver"]}}`)
	m.asks(resolve("io.podman"), `{"parameters":{"address":"unix:/run/podman/io.podman;mode=0600"}}`)
	m.asks(resolve("org.example.a-2"), `{"parameters":{"address":"tcp:127.0.0.1:80"}}`)
	m.asks(resolve("org.example.b"), `{"parameters":{"address":"unix:@b"}}`)
	m.tells()
}

func TestOwnWords(t *testing.T) {
	m := start(t, map[string]string{"varlink.json": `{"vendor": "V", "product": "P", "version": "2", "url": "U", "interfaces": ["x.y"]}`})
	m.asks(getInfo, `{"parameters":{"vendor":"V","product":"P","version":"2","url":"U","interfaces":[]}}`)
	m.asks(`{"method":"org.varlink.service.GetInfo"}`,
		`{"parameters":{"vendor":"V","product":"P","version":"2","url":"U","interfaces":["org.varlink.service","org.varlink.resolver"]}}`)
}

func TestUnknown(t *testing.T) {
	m := start(t, nil)
	m.asks(resolve("io.podman"), `{"parameters":{"interface":"io.podman"},"error":"org.varlink.resolver.InterfaceNotFound"}`)
	m.asks(`{"method":"org.varlink.resolver.Resolve"}`,
		`{"parameters":{"parameter":"interface"},"error":"org.varlink.service.InvalidParameter"}`)
	m.asks(`{"method":"org.varlink.resolver.Resolve","parameters":{"interface":1}}`,
		`{"parameters":{"parameter":"interface"},"error":"org.varlink.service.InvalidParameter"}`)
	m.asks(`{"method":"org.varlink.resolver.Other"}`,
		`{"parameters":{"method":"Other"},"error":"org.varlink.service.MethodNotFound"}`)
	m.asks(`{"method":"org.example.Other"}`,
		`{"parameters":{"interface":"org.example"},"error":"org.varlink.service.InterfaceNotFound"}`)
	m.tells()
}

func TestChanged(t *testing.T) {
	m := start(t, map[string]string{"varlink.json": old})
	m.asks(resolve("org.example.new"), `{"parameters":{"interface":"org.example.new"},"error":"org.varlink.resolver.InterfaceNotFound"}`)
	m.write("varlink.d/new.json", `{"address": "unix:/new", "interfaces": ["org.example.new"]}`)
	m.asks(resolve("org.example.new"), `{"parameters":{"address":"unix:/new"}}`)
	if err := os.Remove(filepath.Join(m.root, "varlink.d/new.json")); err != nil {
		t.Fatal(err)
	}
	m.asks(resolve("org.example.new"), `{"parameters":{"interface":"org.example.new"},"error":"org.varlink.resolver.InterfaceNotFound"}`)
}

func TestBroken(t *testing.T) {
	m := start(t, map[string]string{
		"varlink.json":     old,
		"varlink.d/1.json": "{\n  \"address\": \"unix:/1\",\n  \"interfaces\": [\"org.example.one\"\n}",
		"varlink.d/2.json": `{"address": "unix:/2", "interfaces": "org.example.two"}`,
		"varlink.d/3.json": `[{"interfaces": ["org.example.a"]}, {"address": "unix:/3", "interfaces": ["org.example.three"]}]`,
		"varlink.d/4.json": `{"address": "/4", "interfaces": ["org.example.four"]}`,
		"varlink.d/5.json": `{"address": "unix:/5", "interfaces": ["five"]}`,
		"varlink.d/6.json": `{"address": "unix:/6", "interfaces": ["io.podman", "org.example.six"]}`,
		"varlink.d/7.json": ``,
		"varlink.d/8.json": `{"address": "unix:/8"}`,
	})
	m.asks(resolve("org.example.three"), `{"parameters":{"address":"unix:/3"}}`)
	m.asks(resolve("org.example.six"), `{"parameters":{"address":"unix:/6"}}`)
	m.asks(resolve("io.podman"), `{"parameters":{"address":"unix:/run/podman/io.podman;mode=0600"}}`)
	m.tells(
		"resolver: varlink.d/1.json:4: invalid character '}' after array element\n",
		"resolver: varlink.d/2.json:1: json: cannot unmarshal string into Go struct field service.interfaces of type []string\n",
		"resolver: varlink.d/3.json: service 1: it has no address\n",
		"resolver: varlink.d/4.json: service 1: \"/4\" is no address\n  expected one such as unix:/run/name\n",
		"resolver: varlink.d/5.json: service 1: \"five\" is not the name of an interface\n  expected one such as org.example.name\n",
		"resolver: varlink.d/6.json: service 1: io.podman is already in varlink.json, which counts\n",
		"resolver: varlink.d/7.json:1: unexpected end of JSON input\n",
		"resolver: varlink.d/8.json: service 1: unix:/8 has no interfaces\n",
	)
}
