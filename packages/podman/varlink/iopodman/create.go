package iopodman

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// renamed are the fields of Create that do not have the name of an option of podman create.
var renamed = map[string]string{
	"cidFile":                "cidfile",
	"cpuSetCpus":             "cpuset-cpus",
	"cpuSetMems":             "cpuset-mems",
	"dnsOpt":                 "dns-option",
	"dnsServers":             "dns",
	"groupadd":               "group-add",
	"healthcheckCommand":     "health-cmd",
	"healthcheckInterval":    "health-interval",
	"healthcheckRetries":     "health-retries",
	"healthcheckStartPeriod": "health-start-period",
	"healthcheckTimeout":     "health-timeout",
	"overrideArch":           "arch",
	"overrideOS":             "os",
	"readonly":               "read-only",
	"readonlytmpfs":          "read-only-tmpfs",
	"workDir":                "workdir",
}

// notForCreate are said elsewhere, or matter to whoever attaches only.
var notForCreate = []string{"args", "command", "detach", "detachKeys", "pull", "quiet"}

// createOptions are the options of podman create for what was given.
func createOptions(create Create) ([]string, error) {
	text, err := json.Marshal(create)
	if err != nil {
		return nil, err
	}
	// As they were sent, numbers too: 1e6 is nothing that an option takes.
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		return nil, err
	}
	var options []string
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if slices.Contains(notForCreate, field) {
			continue
		}
		for _, value := range values(fields[field]) {
			options = append(options, "--"+option(field)+"="+value)
		}
	}
	return options, nil
}

func option(field string) string {
	if name, known := renamed[field]; known {
		return name
	}
	var name strings.Builder
	for _, letter := range field {
		if unicode.IsUpper(letter) {
			name.WriteByte('-')
		}
		name.WriteRune(unicode.ToLower(letter))
	}
	return name.String()
}

// values: an option is given once for each element of an array.
func values(field json.RawMessage) []string {
	var many []string
	if json.Unmarshal(field, &many) == nil {
		return many
	}
	var one string
	if json.Unmarshal(field, &one) == nil {
		return []string{one}
	}
	return []string{string(field)}
}
