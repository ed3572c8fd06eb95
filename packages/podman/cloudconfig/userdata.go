package cloudconfig

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v2"
)

// config is what is understood of a #cloud-config.
type config struct {
	Hostname string         `yaml:"hostname"`
	FQDN     string         `yaml:"fqdn"`
	Keys     any            `yaml:"ssh_authorized_keys"`
	Users    any            `yaml:"users"`
	Files    []file         `yaml:"write_files"`
	Commands []command      `yaml:"runcmd"`
	Others   map[string]any `yaml:",inline"`
}

func (r *reader) userdata(file string) {
	content := r.content(file)
	if first := firstLine(content); strings.HasPrefix(strings.ToLower(first), "content-type:") || strings.HasPrefix(first, "MIME-Version:") {
		r.multipart(file, content)
	} else if len(bytes.TrimSpace(content)) > 0 {
		r.part(file, 0, content)
	}
}

// part is one document; before counts the lines of its file that come before it.
func (r *reader) part(file string, before int, content []byte) {
	switch first := firstLine(content); {
	case strings.HasPrefix(first, "#!"):
		r.commands = append(r.commands, command{Script: string(content)})
	case first == "#cloud-config":
		r.config(file, before, content)
	default:
		what := fmt.Sprintf("%.40q is no beginning that is understood", first)
		r.problem(r.where(file, before+1), what, "begin it with #cloud-config, or with #!/bin/sh for a script")
	}
}

func (r *reader) config(file string, before int, content []byte) {
	var asked config
	if !r.yamlProblems(file, before, yaml.Unmarshal(content, &asked)) {
		return
	}
	for _, name := range []string{asked.FQDN, asked.Hostname} {
		if name != "" {
			r.hostname, r.hostnameFrom = name, r.name+" "+file
		}
	}
	r.takeKeys(file, asked.Keys)
	if users, ok := asked.Users.([]any); ok {
		for _, user := range users {
			// There is one user; "default" is its name everywhere.
			if members, ok := user.(map[any]any); ok {
				r.takeKeys(file, members["ssh_authorized_keys"])
				r.takeKeys(file, members["ssh-authorized-keys"])
			}
		}
	}
	for _, one := range asked.Files {
		one.From = r.name + " " + file
		r.files = append(r.files, one)
	}
	r.commands = append(r.commands, asked.Commands...)
	names := make([]string, 0, len(asked.Others))
	for name := range asked.Others {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		r.ignore(name)
	}
}

func (r *reader) multipart(file string, content []byte) {
	broken := func(err error) {
		r.problem(r.name+" "+file, "no MIME message: "+err.Error(), "make it again, as with `cloud-init devel make-mime`")
	}
	message, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		broken(err)
		return
	}
	_, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		broken(err)
		return
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for number := 1; ; number++ {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return
		}
		var document []byte
		if err == nil {
			document, err = decoded(part, part.Header.Get("Content-Transfer-Encoding"))
		}
		if err != nil {
			broken(err)
			return
		}
		r.part(fmt.Sprintf("%s, part %d", file, number), 0, document)
	}
}

func decoded(from io.Reader, encoding string) ([]byte, error) {
	switch strings.ToLower(encoding) {
	case "base64":
		from = base64.NewDecoder(base64.StdEncoding, from)
	case "quoted-printable":
		from = quotedprintable.NewReader(from)
	}
	return atMost(from)
}

var (
	lineOf    = regexp.MustCompile(`line (\d+): (.*)`)
	wrongKind = regexp.MustCompile("^cannot unmarshal !!(\\w+)(?: (`.*`))? into .*")
	kinds     = map[string]string{"map": "a map", "seq": "a list", "str": "text", "int": "a number", "bool": "yes or no"}
)

// yamlProblems names each, by its line. It is false when nothing could be read.
func (r *reader) yamlProblems(file string, before int, err error) bool {
	if err == nil {
		return true
	}
	messages, fix := []string{err.Error()}, "mend that line; nothing of this file is applied"
	wrong := (*yaml.TypeError)(nil)
	usable := errors.As(err, &wrong)
	if usable {
		messages, fix = wrong.Errors, "docs/settings.md has an example; the rest of the file is applied"
	}
	for _, message := range messages {
		line, what := 1, strings.TrimPrefix(message, "yaml: ")
		if match := lineOf.FindStringSubmatch(message); match != nil {
			line, _ = strconv.Atoi(match[1])
			what = match[2]
		}
		if match := wrongKind.FindStringSubmatch(what); match != nil && kinds[match[1]] != "" {
			what = strings.TrimSpace(match[2]+" is "+kinds[match[1]]) + ", which has no meaning there"
		} else {
			what = "no YAML: " + what
		}
		r.problem(r.where(file, before+line), what, fix)
	}
	return usable
}

func firstLine(content []byte) string {
	first, _, _ := strings.Cut(string(content[:min(len(content), 200)]), "\n")
	return strings.TrimSpace(first)
}
