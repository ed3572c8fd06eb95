package resolver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// info is the reply to GetInfo.
type info struct {
	Vendor     string   `json:"vendor"`
	Product    string   `json:"product"`
	Version    string   `json:"version"`
	URL        string   `json:"url"`
	Interfaces []string `json:"interfaces"`
}

// service is one as a file names it.
type service struct {
	Address    string   `json:"address"`
	Interfaces []string `json:"interfaces"`
}

// known is what all files together tell.
type known struct {
	info      info
	addresses map[string]string
}

// services are those of the files, as the files are now.
type services struct {
	config, folder string
	// problems is where a broken file is told, once.
	problems io.Writer

	mutex sync.Mutex
	state string
	known known
}

func newServices(config, folder string, problems io.Writer) *services {
	return &services{config: config, folder: folder, problems: problems}
}

// current reads the files again when one of them has changed.
func (s *services) current() known {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	files, _ := filepath.Glob(filepath.Join(s.folder, "*.json"))
	files = append([]string{s.config}, files...)
	if state := stateOf(files); state != s.state {
		s.state, s.known = state, s.read(files)
	}
	return s.known
}

// stateOf differs when a file was written, replaced, added or removed.
func stateOf(files []string) string {
	var state strings.Builder
	for _, file := range files {
		state.WriteString(file)
		if info, err := os.Stat(file); err == nil {
			fmt.Fprintf(&state, " %d %d %d", info.Size(), info.ModTime().UnixNano(), info.Sys().(*syscall.Stat_t).Ino)
		}
		state.WriteByte('\n')
	}
	return state.String()
}

func (s *services) read(files []string) known {
	result := known{
		info:      info{Vendor: "boot2podman", Product: "resolver", Version: "1", URL: "https://varlink.org", Interfaces: []string{}},
		addresses: map[string]string{},
	}
	definedIn := map[string]string{}
	for index, file := range files {
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			s.tell(err.Error())
			continue
		}
		var found []service
		if index == 0 {
			config := struct {
				*info
				Services []service `json:"services"`
			}{info: &result.info}
			err = json.Unmarshal(text, &config)
			found = config.Services
		} else {
			found, err = oneOrMore(text)
		}
		if err != nil {
			s.tell(fmt.Sprintf("%s: %v", place(file, text, err), err))
			continue
		}
		for number, service := range found {
			if problem := service.problem(); problem != "" {
				s.tell(fmt.Sprintf("%s: service %d: %s", file, number+1, problem))
				continue
			}
			for _, name := range service.Interfaces {
				if first, taken := definedIn[name]; taken {
					s.tell(fmt.Sprintf("%s: service %d: %s is already in %s, which counts", file, number+1, name, first))
					continue
				}
				definedIn[name] = file
				result.addresses[name] = service.Address
			}
		}
	}
	result.info.Interfaces = []string{}
	for name := range result.addresses {
		result.info.Interfaces = append(result.info.Interfaces, name)
	}
	slices.Sort(result.info.Interfaces)
	return result
}

func (s *services) tell(problem string) {
	fmt.Fprintf(s.problems, "resolver: %s\n", problem)
}

// oneOrMore reads a service, or a list of them.
func oneOrMore(text []byte) ([]service, error) {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		var many []service
		err := json.Unmarshal(text, &many)
		return many, err
	}
	one := make([]service, 1)
	err := json.Unmarshal(text, &one[0])
	return one, err
}

// place is the file, and the line when the error has one.
func place(file string, text []byte, err error) string {
	offset := int64(-1)
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
		offset = syntax.Offset
	}
	if kind := new(json.UnmarshalTypeError); errors.As(err, &kind) {
		offset = kind.Offset
	}
	if offset < 0 || offset > int64(len(text)) {
		return file
	}
	return fmt.Sprintf("%s:%d", file, 1+bytes.Count(text[:offset], []byte("\n")))
}

var (
	interfaceName = regexp.MustCompile(`^[A-Za-z](-*[A-Za-z0-9])*(\.[A-Za-z0-9](-*[A-Za-z0-9])*)+$`)
	address       = regexp.MustCompile(`^(unix:(/|@).+|tcp:.+:\d+|device:/.+)$`)
)

// problem tells why the service cannot be used.
func (s service) problem() string {
	switch where, _, _ := strings.Cut(s.Address, ";"); {
	case s.Address == "":
		return "it has no address"
	case !address.MatchString(where):
		return fmt.Sprintf("%q is no address\n  expected one such as unix:/run/name", s.Address)
	case len(s.Interfaces) == 0:
		return fmt.Sprintf("%s has no interfaces", s.Address)
	}
	for _, name := range s.Interfaces {
		if !interfaceName.MatchString(name) {
			return fmt.Sprintf("%q is not the name of an interface\n  expected one such as org.example.name", name)
		}
	}
	return ""
}
