// Package cloudconfig does the small part of cloud-init that people use, for /etc/boot/32-cloud: host name, keys, files, commands.
package cloudconfig

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const usage = `Usage: cloud-config FOLDER NAME   do what the volume mounted on FOLDER says; problems call it NAME
       cloud-config --late        write the files that had to wait for the users' homes
`

// Main is the program.
func Main() {
	host := machine{notes: "/run/boot2podman"}
	switch args := os.Args[1:]; {
	case len(args) == 1 && args[0] == "--late":
		host.late()
	case len(args) == 2 && !strings.HasPrefix(args[0], "-"):
		host.apply(args[0], args[1])
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(1)
	}
}

// machine is what is set up.
type machine struct {
	// root is its file system, empty for the running one's.
	root string
	// notes is the folder where the boot's pieces look.
	notes string
}

// apply does what can be done before the users' homes are there, and notes the rest for the pieces of the boot that follow.
func (m machine) apply(folder, name string) {
	wanted := m.read(folder, name)
	m.check(os.MkdirAll(m.note(""), 0o755))
	if wanted.hostname != "" {
		m.check(os.WriteFile(m.note("hostname"), []byte(wanted.hostname+"\n"+wanted.hostnameFrom+"\n"), 0o600))
	}
	if len(wanted.ignored) > 0 {
		m.append("cloud/ignored", 0o644, name+": "+strings.Join(wanted.ignored, " ")+"\n")
	}
	m.addKeys(wanted.keys)
	var late []file
	for _, one := range wanted.files {
		if one.waits() {
			late = append(late, one)
		} else {
			m.writeFile(one)
		}
	}
	if len(late) > 0 {
		text, err := json.Marshal(late)
		m.check(err)
		m.append("cloud/late.json", 0o600, string(text))
	}
	if len(wanted.commands) > 0 {
		m.append("cloud/commands", 0o600, script(wanted.commands))
	}
}

func (m machine) late() {
	notes, err := os.Open(m.note("late.json"))
	m.check(err)
	defer notes.Close()
	// Each volume has added its own list.
	for volumes := json.NewDecoder(notes); volumes.More(); {
		var files []file
		m.check(volumes.Decode(&files))
		for _, one := range files {
			m.writeFile(one)
		}
	}
}

// note is the path of a note for the pieces of the boot. What may hold passwords only root may read.
func (m machine) note(name string) string {
	return filepath.Join(m.notes, "cloud", name)
}

// addKeys gives keys to /etc/boot/65-keys, which gathers them from everywhere.
func (m machine) addKeys(keys []string) {
	if len(keys) == 0 {
		return
	}
	m.append("authorized_keys", 0o600, strings.Join(keys, "\n")+"\n")
}

// problem tells the user at login, in the form of rcS's own function of this name.
func (m machine) problem(where, what, fix string) {
	m.append("problems", 0o644, fmt.Sprintf("%s: %s\n  %s\n", where, what, fix))
}

func (m machine) append(name string, mode os.FileMode, text string) {
	file, err := os.OpenFile(filepath.Join(m.notes, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, mode)
	m.check(err)
	defer file.Close()
	_, err = file.WriteString(text)
	m.check(err)
}

// check is for what fails only when memory is full.
func (m machine) check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "cloud-config:", err)
		os.Exit(1)
	}
}
