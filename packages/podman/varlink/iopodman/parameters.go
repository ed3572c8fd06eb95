package iopodman

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/varlink/go/varlink/idl"
)

// parameterChecks compares what a client sends with the interface description.
type parameterChecks struct{ types map[string]*idl.Type }

func newParameterChecks(description *idl.IDL) *parameterChecks {
	types := map[string]*idl.Type{}
	for _, alias := range description.Aliases {
		types[alias.Name] = alias.Type
	}
	return &parameterChecks{types}
}

// wrong returns the path to the first value that is not of its type, that is missing or that nobody knows; nil if all is well.
func (p *parameterChecks) wrong(t *idl.Type, value json.RawMessage, name string) []string {
	inside := func(path []string) []string {
		if path == nil || name == "" {
			return path
		}
		return append([]string{name}, path...)
	}
	null := bytes.Equal(value, []byte("null"))
	ok := false
	switch t.Kind {
	case idl.TypeAlias:
		return p.wrong(p.types[t.Alias], value, name)
	case idl.TypeMaybe:
		if null {
			return nil
		}
		return p.wrong(t.ElementType, value, name)
	case idl.TypeBool:
		ok = !null && json.Unmarshal(value, new(bool)) == nil
	case idl.TypeInt:
		ok = !null && json.Unmarshal(value, new(int64)) == nil
	case idl.TypeFloat:
		ok = !null && json.Unmarshal(value, new(float64)) == nil
	case idl.TypeString:
		ok = !null && json.Unmarshal(value, new(string)) == nil
	case idl.TypeArray:
		// Podman 1's own client sends null for an empty array, and for an empty map.
		var elements []json.RawMessage
		ok = json.Unmarshal(value, &elements) == nil
		for _, element := range elements {
			if p.wrong(t.ElementType, element, name) != nil {
				return []string{name}
			}
		}
	case idl.TypeMap:
		var elements map[string]json.RawMessage
		ok = json.Unmarshal(value, &elements) == nil
		for _, element := range elements {
			if p.wrong(t.ElementType, element, name) != nil {
				return []string{name}
			}
		}
	case idl.TypeStruct:
		var fields map[string]json.RawMessage
		ok = !null && json.Unmarshal(value, &fields) == nil
		if !ok {
			break
		}
		for _, field := range t.Fields {
			value, given := fields[field.Name]
			delete(fields, field.Name)
			if !given && field.Type.Kind == idl.TypeMaybe {
				continue
			}
			if !given {
				return inside([]string{field.Name})
			}
			if path := p.wrong(field.Type, value, field.Name); path != nil {
				return inside(path)
			}
		}
		if len(fields) > 0 {
			return inside([]string{slices.Min(slices.Collect(maps.Keys(fields)))})
		}
	}
	if ok {
		return nil
	}
	if name == "" {
		return []string{"parameters"}
	}
	return []string{name}
}
