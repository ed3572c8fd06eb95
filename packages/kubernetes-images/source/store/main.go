// Command images makes a store of container images as Podman and CRI-O keep one (containers/storage, driver overlay), to be
// used where it lies, read-only: their additionalimagestores. Images are parts of folders that were prepared as layers; no
// registry and no archive is between. What is in the store follows from the folders alone, so it is the same each time.
//
//	images STORE LAYERS <TABLE
//
// TABLE has a line for each image: its name, the names of its layers parted by commas, "cmd" or "entrypoint", and the words of
// that. LAYERS has a folder for each layer; it is moved into the store.
package main

import (
	"archive/tar"
	"bufio"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	manifestType = "application/vnd.oci.image.manifest.v1+json"
	configType   = "application/vnd.oci.image.config.v1+json"
	layerType    = "application/vnd.oci.image.layer.v1.tar"
	path         = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "Usage: images STORE LAYERS <TABLE")
		os.Exit(1)
	}
	if err := run(os.Args[1], os.Args[2], os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

func run(folder, layers string, table io.Reader) error {
	epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64)
	if err != nil {
		return fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	s := &store{folder: folder, source: layers, created: time.Unix(epoch, 0).UTC(), byName: map[string]content{}, byChain: map[string]layer{}}
	for lines := bufio.NewScanner(table); lines.Scan(); {
		if err := s.addImage(strings.Fields(lines.Text())); err != nil {
			return err
		}
	}
	return s.finish()
}

// store is what has been made of it.
type store struct {
	folder, source string
	created        time.Time
	// byName are the layers' contents, by their folders' names; byChain the layers, by all that is below them.
	byName  map[string]content
	byChain map[string]layer
	layers  []layer
	images  []image
}

// content is what a folder of a layer holds.
type content struct {
	digest string
	size   int64
}

// layer is one as layers.json describes it; a folder of its own has its files.
type layer struct {
	ID      string    `json:"id"`
	Parent  string    `json:"parent,omitempty"`
	Created time.Time `json:"created"`
	Digest  string    `json:"diff-digest"`
	Size    int64     `json:"diff-size"`
	UIDs    []uint32  `json:"uidset"`
	GIDs    []uint32  `json:"gidset"`
	// lower are the links of those below it, the next one first.
	lower []string
}

// image is one as images.json describes it.
type image struct {
	ID      string            `json:"id"`
	Digest  string            `json:"digest"`
	Names   []string          `json:"names"`
	Layer   string            `json:"layer"`
	Data    []string          `json:"big-data-names"`
	Sizes   map[string]int    `json:"big-data-sizes"`
	Digests map[string]string `json:"big-data-digests"`
	Created time.Time         `json:"created"`
}

func (s *store) addImage(words []string) error {
	if len(words) < 4 || words[2] != "cmd" && words[2] != "entrypoint" {
		return fmt.Errorf("%q: expected NAME LAYER,... cmd|entrypoint WORD...", strings.Join(words, " "))
	}
	name, command := words[0], words[3:]
	var top layer
	var digests []string
	var parts []map[string]any
	for _, part := range strings.Split(words[1], ",") {
		var err error
		if top, err = s.addLayer(top, part); err != nil {
			return err
		}
		digests = append(digests, top.Digest)
		parts = append(parts, map[string]any{"mediaType": layerType, "digest": top.Digest, "size": top.Size})
	}
	start := map[string]any{"Env": []string{path}, "WorkingDir": "/"}
	start[map[string]string{"cmd": "Cmd", "entrypoint": "Entrypoint"}[words[2]]] = command
	config := encode(map[string]any{
		"created": s.created, "architecture": "amd64", "os": "linux", "config": start,
		"rootfs": map[string]any{"type": "layers", "diff_ids": digests},
	})
	manifest := encode(map[string]any{
		"schemaVersion": 2, "mediaType": manifestType, "layers": parts,
		"config": map[string]any{"mediaType": configType, "digest": digestOf(config), "size": len(config)},
	})
	i := image{
		ID: strings.TrimPrefix(digestOf(config), "sha256:"), Digest: digestOf(manifest), Names: []string{name}, Layer: top.ID,
		Sizes: map[string]int{}, Digests: map[string]string{}, Created: s.created,
	}
	for _, data := range []struct {
		name string
		text []byte
	}{{digestOf(config), config}, {"manifest", manifest}, {"manifest-" + digestOf(manifest), manifest}} {
		i.Data = append(i.Data, data.name)
		i.Sizes[data.name] = len(data.text)
		i.Digests[data.name] = digestOf(data.text)
		if err := s.write(filepath.Join("overlay-images", i.ID, fileName(data.name)), data.text); err != nil {
			return err
		}
	}
	s.images = append(s.images, i)
	return nil
}

// fileName is where the storage library looks for an image's piece of data.
func fileName(data string) string {
	if data == "manifest" {
		return data
	}
	return "=" + base64.StdEncoding.EncodeToString([]byte(data))
}

// addLayer puts a layer on top of others, once: images that begin alike share them.
func (s *store) addLayer(below layer, name string) (layer, error) {
	chain := below.ID + "/" + name
	if l, made := s.byChain[chain]; made {
		return l, nil
	}
	from := filepath.Join(s.source, name)
	if _, taken := s.byName[name]; taken {
		return layer{}, fmt.Errorf("layer %s: two images have it on different layers, and it can lie in one place only", name)
	}
	c, err := contentOf(from)
	if err != nil {
		return layer{}, err
	}
	s.byName[name] = c
	l := layer{Parent: below.ID, Created: s.created, Digest: c.digest, Size: c.size, UIDs: []uint32{0}, GIDs: []uint32{0}}
	l.ID = strings.TrimPrefix(c.digest, "sha256:")
	if below.ID != "" {
		l.ID = strings.TrimPrefix(digestOf([]byte("sha256:"+below.ID+" "+c.digest)), "sha256:")
		l.lower = append([]string{"l/" + link(below.ID)}, below.lower...)
		if err := s.write(filepath.Join("overlay", l.ID, "lower"), []byte(strings.Join(l.lower, ":"))); err != nil {
			return layer{}, err
		}
	}
	if err := s.write(filepath.Join("overlay", l.ID, "link"), []byte(link(l.ID))); err != nil {
		return layer{}, err
	}
	if err := os.Rename(from, filepath.Join(s.folder, "overlay", l.ID, "diff")); err != nil {
		return layer{}, err
	}
	links := filepath.Join(s.folder, "overlay", "l")
	if err := os.MkdirAll(links, 0o755); err != nil {
		return layer{}, err
	}
	if err := os.Symlink(filepath.Join("..", l.ID, "diff"), filepath.Join(links, link(l.ID))); err != nil {
		return layer{}, err
	}
	s.byChain[chain] = l
	s.layers = append(s.layers, l)
	return l, nil
}

// link is a layer's short name: mount(2) takes the names of all of a container's layers in one page.
func link(id string) string {
	sum := sha256.Sum256([]byte(id))
	return base32.StdEncoding.EncodeToString(sum[:])[:26]
}

// contentOf tells what a folder would be as an archive, which nobody keeps.
func contentOf(folder string) (content, error) {
	sum := sha256.New()
	size := counter(0)
	archive := tar.NewWriter(io.MultiWriter(sum, &size))
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || file == folder {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		target := ""
		if info.Mode()&fs.ModeSymlink != 0 {
			if target, err = os.Readlink(file); err != nil {
				return err
			}
		} else if stat := info.Sys().(*syscall.Stat_t); !info.IsDir() && stat.Nlink > 1 {
			return fmt.Errorf("%s: it has a second name, which an archive would tell in its own way", file)
		}
		header, err := tar.FileInfoHeader(info, target)
		if err != nil {
			return err
		}
		header.Name, _ = filepath.Rel(folder, file)
		header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
		header.ModTime, header.AccessTime, header.ChangeTime = time.Unix(0, 0), time.Time{}, time.Time{}
		if info.IsDir() {
			header.Name += "/"
		}
		if err := archive.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
			return err
		}
		text, err := os.Open(file)
		if err != nil {
			return err
		}
		defer text.Close()
		_, err = io.Copy(archive, text)
		return err
	})
	if err := errors.Join(err, archive.Close()); err != nil {
		return content{}, err
	}
	return content{"sha256:" + hex.EncodeToString(sum.Sum(nil)), int64(size)}, nil
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// finish writes the two lists, and the lock files, without which a store is none.
func (s *store) finish() error {
	return errors.Join(
		s.write("overlay-images/images.json", encode(s.images)),
		s.write("overlay-images/images.lock", nil),
		s.write("overlay-layers/layers.json", encode(s.layers)),
		s.write("overlay-layers/layers.lock", nil),
	)
}

func (s *store) write(name string, text []byte) error {
	file := filepath.Join(s.folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}

func digestOf(text []byte) string {
	sum := sha256.Sum256(text)
	return "sha256:" + hex.EncodeToString(sum[:])
}
