package cloudconfig

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v2"
	"golang.org/x/crypto/ssh"
)

// A file of a volume that is larger is a mistake: all of it is held in memory.
const largest = 16 << 20

// wish is what a volume asks for.
type wish struct {
	hostname     string
	hostnameFrom string
	keys         []string
	files        []file
	commands     []command
	// ignored are keys that mean something to cloud-init and nothing here.
	ignored []string
}

// reader gathers a wish out of a volume's files.
type reader struct {
	wish
	machine
	folder, name string
}

// read understands both kinds of volumes: NoCloud's files lie on top, ConfigDrive's below openstack/latest.
func (m machine) read(folder, name string) wish {
	r := &reader{machine: m, folder: folder, name: name}
	metadata, userdata := "meta-data", "user-data"
	if _, err := os.Stat(filepath.Join(folder, "openstack/latest")); err == nil {
		metadata, userdata = "openstack/latest/meta_data.json", "openstack/latest/user_data"
	}
	// What the user says counts more than what the machine's maker says.
	r.metadata(metadata)
	r.userdata(userdata)
	if _, err := os.Stat(filepath.Join(folder, "network-config")); err == nil {
		r.ignore("network-config")
	}
	return r.wish
}

// where names a place in a file of the volume.
func (r *reader) where(file string, line int) string {
	return fmt.Sprintf("%s %s:%d", r.name, file, line)
}

func (r *reader) content(file string) []byte {
	handle, err := os.Open(filepath.Join(r.folder, file))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var content []byte
	if err == nil {
		defer handle.Close()
		content, err = atMost(handle)
	}
	if err == nil && bytes.HasPrefix(content, []byte{0x1f, 0x8b}) {
		content, err = gunzip(content)
	}
	if err != nil {
		r.problem(r.name+" "+file, err.Error(), "make the volume again; without this file the boot goes on")
		return nil
	}
	return bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
}

func atMost(from io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(from, largest+1))
	if err == nil && len(content) > largest {
		err = fmt.Errorf("it is larger than %d MB", largest>>20)
	}
	return content, err
}

func gunzip(packed []byte) ([]byte, error) {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return atMost(unpacked)
}

func (r *reader) metadata(file string) {
	content := r.content(file)
	members := map[string]any{}
	if strings.HasSuffix(file, ".json") {
		if err := json.Unmarshal(content, &members); err != nil && content != nil {
			line := 1
			if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
				line += bytes.Count(content[:syntax.Offset], []byte("\n"))
			}
			r.problem(r.where(file, line), "no JSON: "+err.Error(), "make the volume again; this file is ignored")
		}
	} else {
		r.yamlProblems(file, 0, yaml.Unmarshal(content, &members))
	}
	for _, name := range []string{"hostname", "local-hostname"} {
		if text, ok := members[name].(string); ok && text != "" {
			r.hostname, r.hostnameFrom = text, r.name+" "+file
		}
	}
	for _, name := range []string{"public-keys", "public_keys"} {
		r.takeKeys(file, members[name])
	}
}

// takeKeys takes keys in any of the forms there are: a text of lines, a list, names with keys.
func (r *reader) takeKeys(file string, value any) {
	for _, text := range texts(value) {
		for line := range strings.Lines(text) {
			line = strings.TrimSpace(line)
			if line == "" || strings.HasPrefix(line, "#") || slices.Contains(r.keys, line) {
				continue
			}
			if _, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line)); err != nil {
				what := fmt.Sprintf("%.40q is no SSH key", line)
				r.problem(r.name+" "+file, what, "expected a line such as those of ~/.ssh/id_ed25519.pub")
				continue
			}
			r.keys = append(r.keys, line)
		}
	}
}

func (r *reader) ignore(name string) {
	if !slices.Contains(r.ignored, name) {
		r.ignored = append(r.ignored, name)
	}
}

// texts are all texts in lists and members, those of members by their names' order.
func texts(value any) []string {
	var all []string
	switch value := value.(type) {
	case string:
		all = append(all, value)
	case []any:
		for _, one := range value {
			all = append(all, texts(one)...)
		}
	case map[string]any:
		names := make([]string, 0, len(value))
		for name := range value {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			all = append(all, texts(value[name])...)
		}
	case map[any]any:
		all = texts(named(value))
	}
	return all
}

// named is YAML's map as JSON has it.
func named(value map[any]any) map[string]any {
	members := make(map[string]any, len(value))
	for name, one := range value {
		members[fmt.Sprint(name)] = one
	}
	return members
}
