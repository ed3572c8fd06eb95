package iopodman

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/containers/podman/v5/pkg/domain/entities/types"
)

// GetEvents tells what happens: with more until the client leaves or until has come, else the first event.
func (m *methods) GetEvents(ctx context.Context, c VarlinkCall, filter []string, since, until string) error {
	filters := map[string][]string{}
	for _, one := range filter {
		key, value, ok := strings.Cut(one, "=")
		if !ok {
			return c.ReplyInvalidParameter(ctx, "filter")
		}
		filters[key] = append(filters[key], value)
	}
	text, err := json.Marshal(filters)
	if err != nil {
		return err
	}
	query := url.Values{"stream": {"true"}, "filters": {string(text)}}
	if since != "" {
		query.Set("since", since)
	}
	if until != "" {
		query.Set("until", until)
	}
	response, err := request(ctx, "GET", "/events", query)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	defer response.Body.Close()
	if !response.IsSuccess() {
		return c.ReplyErrorOccurred(ctx, response.Process(nil).Error())
	}
	c.Continues = c.WantsMore()
	for events := json.NewDecoder(response.Body); ; {
		var event types.Event
		if err := events.Decode(&event); err != nil {
			wantsMore := c.Continues
			c.Continues = false
			switch {
			case !errors.Is(err, io.EOF):
				return c.ReplyErrorOccurred(ctx, err.Error())
			case !wantsMore:
				return c.ReplyErrorOccurred(ctx, "nothing happened")
			}
			// The end of a stream is a reply too.
			return c.ReplyGetEvents(ctx, Event{})
		}
		if err := c.ReplyGetEvents(ctx, eventOf(event)); err != nil || !c.Continues {
			return err
		}
	}
}

func eventOf(event types.Event) Event {
	return Event{
		Id:     event.Actor.ID,
		Image:  event.Actor.Attributes["image"],
		Name:   event.Actor.Attributes["name"],
		Status: string(event.Action),
		Time:   time.Unix(0, event.TimeNano).UTC().Format(time.RFC3339Nano),
		Type:   string(event.Type),
	}
}
