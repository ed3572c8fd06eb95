package iopodman

import (
	"context"
	"errors"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/containers/podman/v5/pkg/bindings/containers"
)

// logLine is a line as the REST API tells it.
type logLine struct{ device, text string }

// readLog calls line for each line of a container's log.
func readLog(ctx context.Context, name string, query url.Values, line func(logLine) error) error {
	query.Set("stdout", "true")
	query.Set("stderr", "true")
	response, err := request(ctx, "GET", "/containers/%s/logs", query, name)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if !response.IsSuccess() && !response.IsInformational() {
		return response.Process(nil)
	}
	header := make([]byte, frameHeader)
	for {
		kind, length, err := containers.DemuxHeader(response.Body, header)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		frame, err := containers.DemuxFrame(response.Body, nil, length)
		if err != nil {
			return err
		}
		device := "stdout"
		switch kind {
		case 2:
			device = "stderr"
		case 3:
			return errors.New(string(frame))
		}
		if err := line(logLine{device, string(frame)}); err != nil {
			return err
		}
	}
}

// GetContainerLogs tells a log as it was written; with more it goes on.
func (m *methods) GetContainerLogs(ctx context.Context, c VarlinkCall, name string) error {
	query := url.Values{}
	lines := []string{}
	c.Continues = c.WantsMore()
	if c.Continues {
		query.Set("follow", "true")
	}
	err := readLog(ctx, name, query, func(line logLine) error {
		if c.Continues {
			return c.ReplyGetContainerLogs(ctx, []string{line.text})
		}
		lines = append(lines, line.text)
		return nil
	})
	c.Continues = false
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyGetContainerLogs(ctx, lines)
}

// GetContainersLogs tells the logs of several containers, as their lines come in.
func (m *methods) GetContainersLogs(
	ctx context.Context, c VarlinkCall, names []string, follow, latest bool, since string, tail int64, timestamps bool,
) error {
	if !c.WantsMore() {
		return c.ReplyWantsMoreRequired(ctx, "each line is a reply")
	}
	if latest {
		last, err := containers.List(ctx, new(containers.ListOptions).WithAll(true).WithLast(1))
		if err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
		if len(last) == 0 {
			return c.ReplyErrorOccurred(ctx, "there is no container")
		}
		names = []string{last[0].ID}
	}
	// A container that is not there is told before any line.
	ids := make([]string, len(names))
	for index, name := range names {
		container, err := containers.Inspect(ctx, name, nil)
		if err != nil {
			return c.containerError(ctx, name, err)
		}
		ids[index] = container.ID
	}

	c.Continues = true
	reading, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Replies are written by one at a time.
	var mutex sync.Mutex
	var readers sync.WaitGroup
	for index, id := range ids {
		readers.Go(func() {
			query := url.Values{"timestamps": {"true"}, "follow": {strconv.FormatBool(follow)}}
			if since != "" {
				query.Set("since", since)
			}
			if tail >= 0 {
				query.Set("tail", strconv.FormatInt(tail, 10))
			}
			err := readLog(reading, names[index], query, func(line logLine) error {
				mutex.Lock()
				defer mutex.Unlock()
				return c.ReplyGetContainersLogs(ctx, line.parsed(id))
			})
			if err != nil {
				stop(err)
			}
		})
	}
	readers.Wait()
	c.Continues = false
	if err := context.Cause(reading); err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyGetContainersLogs(ctx, LogLine{})
}

// parsed takes a line that begins with its time apart.
func (l logLine) parsed(id string) LogLine {
	when, text, _ := strings.Cut(l.text, " ")
	message, whole := strings.CutSuffix(text, "\n")
	kind := "P"
	if whole {
		kind = "F"
	}
	return LogLine{Device: l.device, ParseLogType: kind, Time: when, Msg: message, Cid: id}
}
