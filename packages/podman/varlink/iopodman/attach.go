package iopodman

import (
	"context"
	"net/url"

	"github.com/containers/podman/v5/libpod/define"
	"github.com/containers/podman/v5/pkg/bindings/containers"
)

// Attach joins the client to a container, and starts it when told to.
func (m *methods) Attach(ctx context.Context, c VarlinkCall, name, detachKeys string, start bool) error {
	if !c.WantsUpgrade() {
		return c.needsUpgrade(ctx)
	}
	container, err := containers.Inspect(ctx, name, nil)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	if !start && !container.State.Running {
		return c.ReplyInvalidState(ctx, name, "it does not run, and start was not asked for")
	}
	query := url.Values{"stream": {"true"}, "stdin": {"true"}, "stdout": {"true"}, "stderr": {"true"}}
	if detachKeys != "" {
		query.Set("detachKeys", detachKeys)
	}
	stream, err := openStream(ctx, "/containers/"+url.PathEscape(container.ID)+"/attach", query, nil)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	if start && !container.State.Running {
		if err := containers.Start(ctx, container.ID, nil); err != nil {
			stream.Close()
			return c.containerError(ctx, name, err)
		}
	}
	if err := c.ReplyAttach(ctx); err != nil {
		stream.Close()
		return err
	}
	process := terminal{
		tty:    container.Config.Tty,
		stream: stream,
		resize: func(s size) {
			options := new(containers.ResizeTTYOptions).WithWidth(int(s.Width)).WithHeight(int(s.Height))
			// A container that has just ended has no terminal any more.
			_ = containers.ResizeContainerTTY(ctx, container.ID, options)
		},
		exitCode: func() (int, bool) {
			now, err := containers.Inspect(ctx, container.ID, nil)
			if err != nil {
				// With --rm it is gone, and its exit code with it, unless somebody waited for it.
				return 0, status(err) != 0
			}
			return int(now.State.ExitCode), !now.State.Running && now.State.Status != define.ContainerStateStopping.String()
		},
	}
	if err := process.join(c.upgrade(ctx)); err != nil {
		return err
	}
	return errUpgraded
}
