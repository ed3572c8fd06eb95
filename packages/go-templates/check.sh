#!/bin/sh -eu
# A program with three methods: one that its template calls, one that is named to go-templates, and one that nobody knows.
export GOCACHE=/tmp/cache HOME=/tmp GOFLAGS=-mod=vendor CGO_ENABLED=0
mkdir -p /tmp/module/vendor/example.com/said
cd /tmp/module
cat >go.mod <<END
module example.com/program

go 1.26

require example.com/said v1.0.0
END
printf '# example.com/said v1.0.0\n## explicit\nexample.com/said\n' >vendor/modules.txt
cat >vendor/example.com/said/said.go <<'END'
package said

import (
	"os"
	"text/template"
)

type Dog struct{ Name string }

func (Dog) Barks() string { return "woof" }
func (Dog) Runs() string  { return "away" }
func (Dog) Sleeps() string { return "all day" }

func Say(text string) {
	own := "{{.Name}}: {{.Barks}}, "
	if err := template.Must(template.New("").Parse(own+text)).Execute(os.Stdout, &Dog{"Rex"}); err != nil {
		os.Stdout.WriteString(err.Error())
	}
}
END
cat >main.go <<'END'
package main

import (
	"os"

	"example.com/said"
)

func main() { said.Say(os.Args[1]) }
END
go build -overlay "$(go-templates Runs)" -o program .
./program '{{.Runs}}' | grep -Fx 'Rex: woof, away'
./program '{{.Sleeps}}' | grep -F "can't evaluate field Sleeps"
go tool nm program >/tmp/symbols
grep -F 'said.Dog.Barks' /tmp/symbols
! grep -F 'said.Dog.Sleeps' /tmp/symbols
