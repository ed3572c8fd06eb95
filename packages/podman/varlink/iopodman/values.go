package iopodman

import (
	"strings"
	"time"

	"github.com/containers/podman/v5/pkg/domain/entities/reports"
)

// array is never null: that is for what is nullable.
func array[T any](values []T) []T {
	if values == nil {
		return []T{}
	}
	return values
}

// dictionary is never null, as array.
func dictionary(values map[string]string) map[string]string {
	if values == nil {
		return map[string]string{}
	}
	return values
}

func rfc3339(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// filters takes name=value apart; the same name may come more than once.
func filters(texts []string) map[string][]string {
	all := map[string][]string{}
	for _, text := range texts {
		name, value, _ := strings.Cut(text, "=")
		all[name] = append(all[name], value)
	}
	return all
}

// pruned tells what went, and why the rest did not.
func pruned(all []*reports.PruneReport) (gone, failures []string) {
	gone, failures = reports.PruneReportsIds(all), []string{}
	for _, err := range reports.PruneReportsErrs(all) {
		failures = append(failures, err.Error())
	}
	return gone, failures
}

// given is the value of a nullable parameter, nothing when it was left out.
func given[T any](parameter *T) T {
	if parameter == nil {
		return *new(T)
	}
	return *parameter
}
