package iopodman

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/varlink/go/varlink/idl"
)

func checks(t testing.TB) (*parameterChecks, map[string]*idl.Type) {
	s, err := newService()
	if err != nil {
		t.Fatal(err)
	}
	return s.checks, s.in
}

func TestParametersAreAsDescribed(t *testing.T) {
	checks, in := checks(t)
	for _, c := range []struct{ method, parameters, wrong string }{
		{"ListPods", `{}`, ""},
		{"ListPods", `null`, "parameters"},
		{"ListPods", `[]`, "parameters"},
		{"ListPods", `{"x": 1}`, "x"},
		{"GetPod", `{}`, "name"},
		{"GetPod", `{"name": "a"}`, ""},
		{"GetPod", `{"name": null}`, "name"},
		{"GetPod", `{"name": ["a"]}`, "name"},
		{"GetPod", `{"Name": "a"}`, "name"},
		{"GetPod", `{"name": "a", "Name": "b"}`, "Name"},
		{"StopPod", `{"name": "a", "timeout": 1.5}`, "timeout"},
		{"StopPod", `{"name": "a", "timeout": 9223372036854775808}`, "timeout"},
		{"StopPod", `{"name": "a", "timeout": true}`, "timeout"},
		// Podman 1's client says null for an empty array.
		{"GetVolumes", `{"args": null, "all": true}`, ""},
		{"GetVolumes", `{"args": ["a", null], "all": true}`, "args"},
		{"GetVolumes", `{"args": {}, "all": true}`, "args"},
		{"Ps", `{"opts": {"all": true, "last": null}}`, ""},
		{"Ps", `{"opts": {"all": true, "filters": [1]}}`, "opts.filters"},
		{"Ps", `{"opts": {"last": 1}}`, "opts.all"},
		{"Ps", `{"opts": null}`, "opts"},
		{"VolumeCreate", `{"options": {"volumeName": "", "driver": "", "labels": {"a": 1}, "options": {}}}`, "options.labels"},
		{"CreateContainer", `{"create": {"args": ["a"], "cpus": 1e-1}}`, ""},
	} {
		if got := strings.Join(checks.wrong(in[c.method], json.RawMessage(c.parameters), ""), "."); got != c.wrong {
			t.Errorf("%s(%s): %q is wrong, expected %q", c.method, c.parameters, got, c.wrong)
		}
	}
}

// What passes fits into the types that the methods are called with.
func FuzzParameters(f *testing.F) {
	checks, in := checks(f)
	f.Add(`{"opts": {"all": true, "filters": ["a=b"], "last": 3}}`)
	f.Add(`{"opts": {"all": 0, "ALL": null}}`)
	f.Add(`{"opts": {"all": true, "last": -1, "last": 1e99}}`)
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		var into struct{ Opts PsOpts }
		if checks.wrong(in["Ps"], json.RawMessage(text), "") == nil && json.Unmarshal([]byte(text), &into) != nil {
			t.Errorf("%s passes", text)
		}
	})
}

func TestOptionsOfCreate(t *testing.T) {
	var create Create
	given := `{"args": ["image"], "addHost": ["a:1", "b:2"], "memory": "1g", "cpus": 1.5, "tty": false, "healthcheckCommand": "x",
		"cpuSetCpus": "0", "memorySwappiness": 10, "detach": true, "deviceReadBps": ["/dev/x:1"]}`
	if err := json.Unmarshal([]byte(given), &create); err != nil {
		t.Fatal(err)
	}
	options, err := createOptions(create)
	if err != nil {
		t.Fatal(err)
	}
	expected := "--add-host=a:1 --add-host=b:2 --cpuset-cpus=0 --cpus=1.5 --device-read-bps=/dev/x:1 " +
		"--health-cmd=x --memory=1g --memory-swappiness=10 --tty=false"
	if got := strings.Join(options, " "); got != expected {
		t.Errorf("got %s\nexpected %s", got, expected)
	}
}

func TestNamesOfImages(t *testing.T) {
	for reference, expected := range map[string][2]string{
		"a":          {"a", "latest"},
		"a:1":        {"a", "1"},
		"h:5000/a":   {"h:5000/a", "latest"},
		"h:5000/a:1": {"h:5000/a", "1"},
	} {
		repository, tag := repositoryAndTag(reference)
		if repository != expected[0] || tag != expected[1] {
			t.Errorf("%s: %s, %s", reference, repository, tag)
		}
	}
}
