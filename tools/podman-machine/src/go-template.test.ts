import { expect, test } from 'vitest'
import { compile } from './go-template.ts'

const data = {
  Name: 'box',
  Count: 3,
  Off: false,
  Driver: { CPU: 2, Port: 0 },
  Labels: ['a', 'b'],
  None: null,
}

test.each([
  ['plain', 'plain'],
  ['{{.Name}}', 'box'],
  ['{{ .Driver.CPU }}-{{.Count}}', '2-3'],
  ['a {{- .Name -}} b', 'aboxb'],
  ['{{/* nothing */}}x', 'x'],
  ['{{json .Driver}}', '{"CPU":2,"Port":0}'],
  ['{{.Driver | json}}', '{"CPU":2,"Port":0}'],
  ['{{prettyjson .Labels}}', '[\n    "a",\n    "b"\n]'],
  ['{{.Driver}} {{.Labels}} {{.Off}} {{.None}}', 'map[CPU:2 Port:0] [a b] false <no value>'],
  ['{{range .Labels}}<{{.}}>{{end}}', '<a><b>'],
  ['{{range .Labels}}{{$.Name}}{{.}} {{end}}', 'boxa boxb '],
  ['{{if .Off}}on{{else}}off{{end}}', 'off'],
  ['{{if .Off}}1{{else if eq .Count 3}}2{{else}}3{{end}}', '2'],
  ['{{with .Driver}}{{.CPU}}{{end}}', '2'],
  ['{{if and .Name (not .Off)}}yes{{end}}', 'yes'],
  ['{{if or .Off .Driver.Port}}yes{{else}}no{{end}}', 'no'],
  ['{{if ne .Name "x"}}other{{end}}', 'other'],
  ['{{len .Labels}} {{index .Labels 1}} {{join .Labels "+"}}', '2 b a+b'],
  ['{{printf "%-5s|%3d|%q" .Name .Count .Name}}', 'box  |  3|"box"'],
  ['{{"}}"}}{{`a`}}', '}}a'],
  ['{{upper .Name}}{{lower "X"}}', 'BOXx'],
  ['{{(index .Labels 0)}}', 'a'],
])('%s', (template, text) => {
  expect(compile(template, '--format')(data)).toBe(text)
})

test.each([
  ['{{.Nam}}', '--format: there is no field "Nam"\n  known: Name, Count'],
  ['{{.Name', '--format: "{{.Name" is not closed by }}'],
  ['{{if .Name}}', '--format: {{end}} is missing'],
  ['{{end}}', '--format: {{end}} without a beginning'],
  ['{{fly .Name}}', '--format: "fly" is neither a field nor a function'],
  ['{{}}', '--format: an empty action'],
  ['{{(.Name}}', '--format: ) is missing'],
  ['{{.Name .Count}}', '--format: a field is not a function'],
])('%s is told', (template, message) => {
  expect(() => compile(template, '--format')(data)).toThrow(message)
})
