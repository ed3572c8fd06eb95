package cloudconfig

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// file is an element of write_files.
type file struct {
	Path        string `yaml:"path"`
	Content     string `yaml:"content"`
	Encoding    string `yaml:"encoding"`
	Owner       string `yaml:"owner"`
	Permissions string `yaml:"permissions"`
	Append      bool   `yaml:"append"`
	Defer       bool   `yaml:"defer"`
	Source      any    `yaml:"source" json:"-"`
	// From is the volume and its file.
	From string `yaml:"-"`
}

// waits tells whether it is for the time when the users and their homes are there.
func (f file) waits() bool {
	user, _, _ := strings.Cut(f.Owner, ":")
	return f.Defer || strings.HasPrefix(filepath.Clean(f.Path), "/home/") || user != "" && user != "root"
}

func (m machine) writeFile(f file) {
	if err := m.place(f); err != nil {
		var path *os.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		m.problem(f.From, fmt.Sprintf("write_files %s: %s", f.Path, err), "the rest is applied; docs/settings.md has an example")
	}
}

// place writes the file whole or not at all.
func (m machine) place(f file) error {
	if !filepath.IsAbs(f.Path) {
		return errors.New("path has to begin with /")
	}
	if f.Source != nil {
		return errors.New("content from elsewhere (source) is not fetched")
	}
	content, err := f.decoded()
	if err != nil {
		return err
	}
	mode, err := f.mode()
	if err != nil {
		return err
	}
	uid, gid, err := owner(f.Owner)
	if err != nil {
		return err
	}
	path := filepath.Join(m.root, f.Path)
	if f.Append {
		// On a data disk the file is still there at the next boot.
		before, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		if !bytes.Contains(before, content) {
			content = append(before, content...)
		} else {
			content = before
		}
	}
	if err := makeFolders(filepath.Dir(path)); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return errors.New("there is a folder of that name")
	}
	return replace(path, content, func(temporary *os.File) error {
		if err := temporary.Chown(uid, gid); err != nil {
			return err
		}
		return temporary.Chmod(mode)
	})
}

// replace leaves the old file or the new one, whatever happens.
func replace(path string, content []byte, prepare func(*os.File) error) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), ".cloud-config-")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	defer temporary.Close()
	if _, err := temporary.Write(content); err != nil {
		return err
	}
	if err := prepare(temporary); err != nil {
		return err
	}
	if err := temporary.Sync(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}

// makeFolders makes the folders that are missing; they belong to whom the one around them belongs.
func makeFolders(path string) error {
	info, err := os.Stat(path)
	if err == nil {
		if info.IsDir() {
			return nil
		}
		return &os.PathError{Op: "mkdir", Path: path, Err: syscall.ENOTDIR}
	}
	above := filepath.Dir(path)
	if err := makeFolders(above); err != nil {
		return err
	}
	info, err = os.Stat(above)
	if err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o755); err != nil {
		return err
	}
	of := info.Sys().(*syscall.Stat_t)
	return os.Chown(path, int(of.Uid), int(of.Gid))
}

func (f file) decoded() ([]byte, error) {
	content := []byte(f.Content)
	var err error
	base64ed, zipped := false, false
	for step := range strings.SplitSeq(strings.ToLower(f.Encoding), "+") {
		switch step {
		case "b64", "base64":
			base64ed = true
		case "gz", "gzip":
			zipped = true
		case "", "text/plain":
		default:
			return nil, fmt.Errorf("%q is no encoding", f.Encoding)
		}
	}
	if base64ed {
		content, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(f.Content), ""))
	}
	if zipped && err == nil {
		content, err = gunzip(content)
	}
	return content, err
}

func (f file) mode() (os.FileMode, error) {
	if f.Permissions == "" {
		return 0o644, nil
	}
	bits, err := strconv.ParseUint(strings.TrimPrefix(f.Permissions, "0o"), 8, 12)
	if err != nil {
		return 0, fmt.Errorf("permissions %q: expected octal digits such as '0644'", f.Permissions)
	}
	mode := os.FileMode(bits & 0o777)
	for bit, flag := range map[uint64]os.FileMode{0o4000: os.ModeSetuid, 0o2000: os.ModeSetgid, 0o1000: os.ModeSticky} {
		if bits&bit != 0 {
			mode |= flag
		}
	}
	return mode, nil
}

// owner understands user, user:group and :group, by name or number.
func owner(text string) (uid, gid int, err error) {
	name, group, _ := strings.Cut(text, ":")
	if name != "" && name != "root" {
		one, err := user.Lookup(name)
		if err != nil {
			one, err = user.LookupId(name)
		}
		if err != nil {
			return 0, 0, fmt.Errorf("there is no user %q", name)
		}
		uid, _ = strconv.Atoi(one.Uid)
		gid, _ = strconv.Atoi(one.Gid)
	}
	if group != "" {
		one, err := user.LookupGroup(group)
		if err != nil {
			one, err = user.LookupGroupId(group)
		}
		if err != nil {
			return 0, 0, fmt.Errorf("there is no group %q", group)
		}
		gid, _ = strconv.Atoi(one.Gid)
	}
	return uid, gid, nil
}
