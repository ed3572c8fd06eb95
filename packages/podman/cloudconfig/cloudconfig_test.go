package cloudconfig

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJu1Zy1tJKoHbDcGZNDlvhBS3V8v5zVdYpOLAPdlPBNC me@here"

// host is a machine in a temporary folder that has got a volume with these files.
type host struct {
	*testing.T
	machine
}

func apply(t *testing.T, volume map[string]string) host {
	t.Helper()
	folder := t.TempDir()
	for name, text := range volume {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	h := host{t, machine{root: t.TempDir(), notes: t.TempDir()}}
	h.apply(folder, "/dev/sr1")
	return h
}

func (h host) text(parts ...string) string {
	text, _ := os.ReadFile(filepath.Join(parts...))
	return string(text)
}

func (h host) want(what, got, wanted string) {
	h.Helper()
	if got != wanted {
		h.Errorf("%s is\n%s\nnot\n%s", what, got, wanted)
	}
}

func (h host) problems(wanted ...string) {
	h.Helper()
	var got []string
	for line := range strings.Lines(h.text(h.notes, "problems")) {
		if !strings.HasPrefix(line, "  ") {
			got = append(got, strings.TrimSuffix(line, "\n"))
		}
	}
	h.want("what is told", strings.Join(got, "\n"), strings.Join(wanted, "\n"))
}

func TestNoCloud(t *testing.T) {
	h := apply(t, map[string]string{
		"meta-data": "instance-id: one\nlocal-hostname: machine\npublic-keys:\n  mine: " + key + "1\n",
		"user-data": "\xef\xbb\xbf#cloud-config\r\nhostname: web\r\nfqdn: web.example\r\nssh_authorized_keys:\r\n- " + key + "2\r\n" +
			"users:\r\n- default\r\n- name: me\r\n  ssh_authorized_keys: [" + key + "3]\r\npackages: [vim]\r\n",
		"network-config": "version: 2\n",
	})
	h.problems()
	h.want("the host name", h.text(h.note("hostname")), "web\n/dev/sr1 user-data\n")
	h.want("what is ignored", h.text(h.note("ignored")), "/dev/sr1: packages network-config\n")
	h.want("the keys", h.text(h.notes, "authorized_keys"), key+"1\n"+key+"2\n"+key+"3\n")
}

func TestConfigDrive(t *testing.T) {
	h := apply(t, map[string]string{
		"openstack/latest/meta_data.json": `{"hostname": "box.example", "public_keys": {"mine": "` + key + `\n"}}`,
		"openstack/latest/user_data":      "#!/bin/sh\necho it's me\n",
	})
	h.problems()
	h.want("the host name", h.text(h.note("hostname")), "box.example\n/dev/sr1 openstack/latest/meta_data.json\n")
	h.want("the keys", h.text(h.notes, "authorized_keys"), key+"\n")
	h.want("the script", h.text(h.note("commands")), "run_script '#!/bin/sh\necho it'\\''s me\n'\nended $? 1 '#!/bin/sh'\n")
}

func TestKeysInEachForm(t *testing.T) {
	for name, text := range map[string]string{
		"a text":  "public-keys: |\n  " + key + "\n",
		"a list":  "public_keys:\n- " + key + "\n",
		"numbers": "public-keys:\n  0:\n    openssh-key: " + key + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			h := apply(t, map[string]string{"meta-data": text})
			h.problems()
			h.want("the keys", h.text(h.notes, "authorized_keys"), key+"\n")
		})
	}
}

func TestFiles(t *testing.T) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	zip.Write([]byte("zipped"))
	zip.Close()
	h := apply(t, map[string]string{"user-data": `#cloud-config
write_files:
- path: /a/b/plain
  content: |
    two
    lines
  permissions: 0600
- { path: /coded, encoding: b64, content: aGVsbG8=, permissions: '4755' }
- { path: /zipped, encoding: gz+b64, content: ` + base64.StdEncoding.EncodeToString(packed.Bytes()) + ` }
- { path: /zipped, append: true, content: ' and more' }
- { path: /zipped, append: true, content: ' and more' }
- { path: /home/me/late, content: x }
- { path: /by-another, content: x, owner: 'nobody:nogroup' }
- { path: relative, content: x }
- { path: /coded, encoding: rot13, content: x }
- { path: /coded, permissions: u+x, content: x }
- { path: /coded, encoding: b64, content: '*' }
- { path: /a, content: x }
- { path: /coded/below, content: x }
- { path: /fetched, source: { uri: 'http://example' } }
`})
	h.problems(
		"/dev/sr1 user-data: write_files relative: path has to begin with /",
		`/dev/sr1 user-data: write_files /coded: "rot13" is no encoding`,
		"/dev/sr1 user-data: write_files /coded: permissions \"u+x\": expected octal digits such as '0644'",
		"/dev/sr1 user-data: write_files /coded: illegal base64 data at input byte 0",
		"/dev/sr1 user-data: write_files /a: there is a folder of that name",
		"/dev/sr1 user-data: write_files /coded/below: not a directory",
		"/dev/sr1 user-data: write_files /fetched: content from elsewhere (source) is not fetched",
	)
	h.want("the plain file", h.text(h.root, "a/b/plain"), "two\nlines\n")
	h.want("the coded file", h.text(h.root, "coded"), "hello")
	h.want("the zipped file", h.text(h.root, "zipped"), "zipped and more")
	for path, mode := range map[string]string{"a/b/plain": "-rw-------", "coded": "urwxr-xr-x", "zipped": "-rw-r--r--"} {
		info, err := os.Stat(filepath.Join(h.root, path))
		if err != nil {
			t.Fatal(err)
		}
		h.want("the mode of "+path, info.Mode().String(), mode)
	}
	if h.text(h.root, "home/me/late") != "" {
		t.Error("a file was written into a home before there are homes")
	}
	if err := os.WriteFile(filepath.Join(h.notes, "cloud/late.json"), []byte(strings.Replace(h.text(h.note("late.json")), "nobody:nogroup", "0:0", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	h.late()
	h.want("the file in a home", h.text(h.root, "home/me/late"), "x")
	h.want("the file of another", h.text(h.root, "by-another"), "x")
}

func TestCommands(t *testing.T) {
	h := apply(t, map[string]string{"user-data": `#cloud-config
runcmd:
- echo "a" &&
  echo b
- [ sleep, 5, "it's" ]
- null
- |
  if true
  then false
  fi
`})
	h.problems()
	h.want("the script", h.text(h.note("commands")), `echo "a" && echo b
ended $? 1 'echo "a" && echo b'
'sleep' '5' 'it'\''s'
ended $? 2 ''\''sleep'\'' '\''5'\'' '\''it'\''\'\'''\''s'\'''
if true
then false
fi

ended $? 4 'if true'
`)
}

func TestMultipart(t *testing.T) {
	h := apply(t, map[string]string{"user-data": `Content-Type: multipart/mixed; boundary="=="
MIME-Version: 1.0

--==
Content-Type: text/cloud-config
Content-Transfer-Encoding: base64

` + base64.StdEncoding.EncodeToString([]byte("#cloud-config\nhostname: web\n")) + `
--==
Content-Type: text/x-shellscript

#!/bin/sh
true
--==--
`})
	h.problems()
	h.want("the host name", h.text(h.note("hostname")), "web\n/dev/sr1 user-data, part 1\n")
	h.want("the script", h.text(h.note("commands")), "run_script '#!/bin/sh\ntrue'\nended $? 1 '#!/bin/sh'\n")
}

func TestMistakes(t *testing.T) {
	for name, one := range map[string]struct {
		volume map[string]string
		told   []string
	}{
		"YAML": {
			map[string]string{"user-data": "#cloud-config\nhostname: web\nruncmd: [\n"},
			[]string{"/dev/sr1 user-data:3: no YAML: did not find expected node content"},
		},
		"JSON": {
			map[string]string{"openstack/latest/meta_data.json": "{\n\"hostname\": web }"},
			[]string{"/dev/sr1 openstack/latest/meta_data.json:2: no JSON: invalid character 'w' looking for beginning of value"},
		},
		"another kind of text": {
			map[string]string{"user-data": "## template: jinja\n#cloud-config\n"},
			[]string{`/dev/sr1 user-data:1: "## template: jinja" is no beginning that is understood`},
		},
		"a key": {
			map[string]string{"user-data": "#cloud-config\nssh_authorized_keys: [ssh-rsa nonsense]\n"},
			[]string{`/dev/sr1 user-data: "ssh-rsa nonsense" is no SSH key`},
		},
		"a gzip file that is cut": {
			map[string]string{"user-data": "\x1f\x8b\x08"},
			[]string{"/dev/sr1 user-data: unexpected EOF"},
		},
	} {
		t.Run(name, func(t *testing.T) { apply(t, one.volume).problems(one.told...) })
	}
}

func TestTheRestApplies(t *testing.T) {
	h := apply(t, map[string]string{"user-data": "#cloud-config\nwrite_files: nothing\nruncmd: 5\nhostname: web\n"})
	h.problems(
		"/dev/sr1 user-data:2: `nothing` is text, which has no meaning there",
		"/dev/sr1 user-data:3: `5` is a number, which has no meaning there",
	)
	h.want("the host name", h.text(h.note("hostname")), "web\n/dev/sr1 user-data\n")
}

func TestEmptyVolume(t *testing.T) {
	h := apply(t, map[string]string{"user-data": "\n"})
	h.problems()
	h.want("the host name", h.text(h.note("hostname")), "")
}
