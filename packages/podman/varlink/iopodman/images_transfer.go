package iopodman

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/containers/podman/v5/pkg/bindings/images"
)

// progress passes on what the REST API tells meanwhile: at once with more, else with the reply.
type progress struct {
	more  bool
	logs  []string
	reply func(MoreResponse) error
}

func (p *progress) Write(text []byte) (int, error) {
	if !p.more {
		p.logs = append(p.logs, string(text))
		return len(text), nil
	}
	return len(text), p.reply(MoreResponse{Logs: []string{string(text)}})
}

// result is the last reply's.
func (p *progress) result(id string) MoreResponse {
	if p.logs == nil {
		p.logs = []string{}
	}
	return MoreResponse{Logs: p.logs, Id: id}
}

// PullImage fetches an image.
func (m *methods) PullImage(ctx context.Context, c VarlinkCall, name string, creds AuthConfig) error {
	c.Continues = c.WantsMore()
	told := &progress{more: c.Continues, reply: func(r MoreResponse) error { return c.ReplyPullImage(ctx, r) }}
	options := new(images.PullOptions).WithProgressWriter(told)
	if creds.Username != "" {
		options.WithUsername(creds.Username).WithPassword(creds.Password)
	}
	pulled, err := images.Pull(ctx, name, options)
	c.Continues = false
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	id := ""
	if len(pulled) > 0 {
		id = pulled[len(pulled)-1]
	}
	return c.ReplyPullImage(ctx, told.result(id))
}

// PushImage sends an image, under its own name when tag is empty.
func (m *methods) PushImage(
	ctx context.Context, c VarlinkCall, name, tag string, compress bool, format string, removeSignatures bool, signBy string,
) error {
	if signBy != "" {
		return c.ReplyErrorOccurred(ctx, "Podman's REST API signs nothing: signBy has to be empty")
	}
	image, err := images.GetImage(ctx, name, nil)
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	if tag == "" {
		tag = name
	}
	c.Continues = c.WantsMore()
	told := &progress{more: c.Continues, reply: func(r MoreResponse) error { return c.ReplyPushImage(ctx, r) }}
	var writer io.Writer = told
	options := new(images.PushOptions).WithCompress(compress).WithRemoveSignatures(removeSignatures)
	options.ProgressWriter = &writer
	if format != "" {
		options.WithFormat(format)
	}
	err = images.Push(ctx, image.ID, tag, options)
	c.Continues = false
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	return c.ReplyPushImage(ctx, told.result(image.ID))
}

// Commit makes an image of a container.
func (m *methods) Commit(
	ctx context.Context, c VarlinkCall, name, imageName string, changes []string, author, message string, pause bool, manifestType string,
) error {
	options := new(containers.CommitOptions).WithChanges(changes).WithAuthor(author).WithComment(message).WithPause(pause)
	if imageName != "" {
		repository, tag := splitTag(imageName)
		options.WithRepo(repository)
		if tag != "" {
			options.WithTag(tag)
		}
	}
	switch {
	case manifestType == "":
	case strings.Contains(manifestType, "docker"):
		options.WithFormat("docker")
	case strings.Contains(manifestType, "oci"):
		options.WithFormat("oci")
	default:
		return c.ReplyInvalidParameter(ctx, "manifestType")
	}
	image, err := containers.Commit(ctx, name, options)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyCommit(ctx, MoreResponse{Logs: []string{}, Id: image.ID})
}

// splitTag takes the tag off a name; a colon before a slash is a port's.
func splitTag(name string) (repository, tag string) {
	if at := strings.LastIndexByte(name, ':'); at > strings.LastIndexByte(name, '/') {
		return name[:at], name[at+1:]
	}
	return name, ""
}

// ImageSave writes an image to a file that ReceiveFile hands over. Its output is a path on the client's machine.
func (m *methods) ImageSave(ctx context.Context, c VarlinkCall, options ImageSaveOptions) error {
	if _, err := images.GetImage(ctx, options.Name, nil); err != nil {
		return c.imageError(ctx, options.Name, err)
	}
	path, err := m.files.fill(func(w io.Writer) error {
		return export(ctx, w, append([]string{options.Name}, options.MoreTags...), options.Format, options.Compress)
	})
	if err != nil {
		return c.imageError(ctx, options.Name, err)
	}
	return c.ReplyImageSave(ctx, MoreResponse{Logs: []string{}, Id: path})
}

func export(ctx context.Context, w io.Writer, names []string, format string, compress bool) error {
	options := new(images.ExportOptions).WithCompress(compress)
	if format != "" {
		options.WithFormat(format)
	}
	return images.Export(ctx, names, w, options)
}

// LoadImage loads what lies in inputFile, and gives it the name.
func (m *methods) LoadImage(ctx context.Context, c VarlinkCall, name, inputFile string, _, deleteFile bool) error {
	file, _, err := openRegular(inputFile)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	defer file.Close()
	report, err := images.Load(ctx, file)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	names := report.Names
	if name != "" {
		if len(names) != 1 {
			return c.ReplyErrorOccurred(ctx, fmt.Sprintf("%s holds %d images: they cannot all be %s", inputFile, len(names), name))
		}
		repository, tag := splitTag(name)
		if tag == "" {
			tag = "latest"
		}
		if err := images.Tag(ctx, names[0], tag, repository, nil); err != nil {
			return c.imageError(ctx, names[0], err)
		}
		names = []string{repository + ":" + tag}
	}
	if err := m.used(inputFile, deleteFile); err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyLoadImage(ctx, MoreResponse{Logs: []string{}, Id: strings.Join(names, ",")})
}

// used removes a file that the call asked to have removed, and one that was only sent for the call.
func (m *methods) used(path string, remove bool) error {
	err := m.files.take(path)
	if remove {
		err = os.Remove(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// ImportImage makes an image of an archive of files.
func (m *methods) ImportImage(
	ctx context.Context, c VarlinkCall, source, reference, message string, changes []string, remove bool,
) error {
	options := new(images.ImportOptions).WithChanges(changes).WithMessage(message)
	if reference != "" {
		options.WithReference(reference)
	}
	var body io.Reader
	remote := strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")
	if remote {
		options.WithURL(source)
	} else {
		file, _, err := openRegular(source)
		if err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
		defer file.Close()
		body = file
	}
	report, err := images.Import(ctx, body, options)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	if !remote {
		if err := m.used(source, remove); err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
	}
	return c.ReplyImportImage(ctx, report.Id)
}

// transports are the formats in which an image can be written to a path, and whether that is a folder.
var transports = map[string]struct {
	format string
	folder bool
}{
	"docker-archive": {"docker-archive", false},
	"oci-archive":    {"oci-archive", false},
	"dir":            {"docker-dir", true},
	"oci":            {"oci-dir", true},
}

// ExportImage writes an image to a path on the machine.
func (m *methods) ExportImage(ctx context.Context, c VarlinkCall, name, destination string, compress bool, tags []string) error {
	kind, place, ok := strings.Cut(destination, ":")
	transport, known := transports[kind]
	if !ok || !known || place == "" {
		return c.ReplyInvalidParameter(ctx, "destination")
	}
	names := append([]string{name}, tags...)
	// An archive may hold the image under another name: docker-archive:path:name.
	path, reference, _ := strings.Cut(place, ":")
	if reference != "" {
		names = append(names, reference)
	}
	image, err := images.GetImage(ctx, name, nil)
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	write := func(w io.Writer) error { return export(ctx, w, names, transport.format, compress) }
	if transport.folder {
		err = unpack(path, write)
	} else {
		_, err = m.save(path, write)
	}
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	return c.ReplyExportImage(ctx, image.ID)
}

// unpack makes a folder of the archive that write writes.
func unpack(path string, write func(io.Writer) error) error {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	folder, err := os.OpenRoot(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	in, out := io.Pipe()
	defer in.Close()
	go func() { out.CloseWithError(write(out)) }()
	for archive := tar.NewReader(in); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		name := filepath.Clean(header.Name)
		switch header.Typeflag {
		case tar.TypeDir:
			if err := folder.MkdirAll(name, 0o755); err != nil {
				return err
			}
		case tar.TypeReg:
			if err := folder.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				return err
			}
			file, err := folder.Create(name)
			if err != nil {
				return err
			}
			_, err = io.Copy(file, archive)
			if closed := file.Close(); err == nil {
				err = closed
			}
			if err != nil {
				return err
			}
		}
	}
}
