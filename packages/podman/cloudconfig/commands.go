package cloudconfig

import (
	"fmt"
	"strings"
)

// command is an element of runcmd, or a whole script.
type command struct {
	// Line is for the shell; Words are one program and its arguments; Script is a file that begins with #!.
	Line   string
	Words  []string
	Script string
}

// UnmarshalYAML takes a text or a list, as cloud-init does.
func (c *command) UnmarshalYAML(unmarshal func(any) error) error {
	if unmarshal(&c.Words) == nil {
		return nil
	}
	c.Words = nil
	return unmarshal(&c.Line)
}

// script is what /etc/boot/86-cloud-commands reads: each command, and then its end told.
func script(commands []command) string {
	var text strings.Builder
	for index, one := range commands {
		line := one.Line
		switch {
		case one.Script != "":
			line = fmt.Sprintf("run_script %s", quote(one.Script))
		case len(one.Words) > 0:
			words := make([]string, len(one.Words))
			for index, word := range one.Words {
				words[index] = quote(word)
			}
			line = strings.Join(words, " ")
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		first, _, _ := strings.Cut(line, "\n")
		if one.Script != "" {
			first, _, _ = strings.Cut(one.Script, "\n")
		}
		fmt.Fprintf(&text, "%s\nended $? %d %s\n", line, index+1, quote(fmt.Sprintf("%.60s", first)))
	}
	return text.String()
}

func quote(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
