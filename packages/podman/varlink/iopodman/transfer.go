package iopodman

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/containers/podman/v5/pkg/bindings"
)

// sentFiles are those that clients have sent, and those that wait to be received. They end with the service.
type sentFiles struct {
	mutex  sync.Mutex
	folder string
}

// create makes a file that only its owner reads.
func (s *sentFiles) create() (*os.File, error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.folder == "" {
		// /tmp is memory; this is where Podman itself puts what is large.
		parent := os.Getenv("TMPDIR")
		if parent == "" {
			parent = "/var/tmp"
		}
		folder, err := os.MkdirTemp(parent, "io.podman-")
		if err != nil {
			return nil, err
		}
		s.folder = folder
	}
	return os.CreateTemp(s.folder, "")
}

// take removes a file that a client sent and that was of use now. Any other is its owner's.
func (s *sentFiles) take(path string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.folder == "" || filepath.Dir(path) != s.folder {
		return nil
	}
	return os.Remove(path)
}

// removeAll is for the service's end.
func (s *sentFiles) removeAll() error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.folder == "" {
		return nil
	}
	return os.RemoveAll(s.folder)
}

// fill makes a file of what write writes, and removes it when that fails.
func (s *sentFiles) fill(write func(io.Writer) error) (path string, err error) {
	file, err := s.create()
	if err != nil {
		return "", err
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	return file.Name(), write(file)
}

// SendFile takes bytes into a file, and tells its path and a colon when it has all of them.
func (m *methods) SendFile(ctx context.Context, c VarlinkCall, _ string, length int64) error {
	if !c.WantsUpgrade() {
		return c.needsUpgrade(ctx)
	}
	if length < 0 {
		return c.ReplyInvalidParameter(ctx, "length")
	}
	file, err := m.files.create()
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	complete := false
	defer func() {
		file.Close()
		if !complete {
			os.Remove(file.Name())
		}
	}()
	if err := c.ReplySendFile(ctx, file.Name()); err != nil {
		return err
	}
	client := c.upgrade(ctx)
	if _, err := io.CopyN(file, client, length); err != nil {
		return err
	}
	complete = true
	if _, err := io.WriteString(client, file.Name()+":"); err != nil {
		return err
	}
	return errUpgraded
}

// openRegular opens a file to read it; what is no file, a pipe for example, might never end.
func openRegular(path string) (*os.File, int64, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: path, Err: fmt.Errorf("it is no file")}
	}
	if err != nil {
		file.Close()
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// ReceiveFile tells a file's length, and then its bytes.
func (m *methods) ReceiveFile(ctx context.Context, c VarlinkCall, path string, remove bool) error {
	if !c.WantsUpgrade() {
		return c.needsUpgrade(ctx)
	}
	file, length, err := openRegular(path)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	defer file.Close()
	if err := c.ReplyReceiveFile(ctx, length); err != nil {
		return err
	}
	if _, err := io.CopyN(c.upgrade(ctx), file, length); err != nil {
		return err
	}
	if remove {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return errUpgraded
}

// ExportContainer writes a container's files to path, or to a file for ReceiveFile.
func (m *methods) ExportContainer(ctx context.Context, c VarlinkCall, name, path string) error {
	response, err := request(ctx, "GET", "/containers/%s/export", nil, name)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	defer response.Body.Close()
	if !response.IsSuccess() {
		return c.containerError(ctx, name, response.Process(nil))
	}
	if path, err = m.save(path, copyOf(response)); err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyExportContainer(ctx, path)
}

func copyOf(response *bindings.APIResponse) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.Copy(w, response.Body)
		return err
	}
}

// save writes to the file that is named, or else to one of those that wait to be received.
func (m *methods) save(path string, write func(io.Writer) error) (string, error) {
	if path == "" {
		return m.files.fill(write)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return "", err
	}
	err = write(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	return path, err
}
