package iopodman

import (
	"context"
	"net/url"

	"github.com/containers/podman/v5/pkg/api/handlers"
	"github.com/containers/podman/v5/pkg/bindings/containers"
)

// ExecContainer runs a command in a container, and joins the client to it.
func (m *methods) ExecContainer(ctx context.Context, c VarlinkCall, opts ExecOpts) error {
	if !c.WantsUpgrade() {
		return c.needsUpgrade(ctx)
	}
	config := new(handlers.ExecCreateConfig)
	config.AttachStdin, config.AttachStdout, config.AttachStderr = true, true, true
	config.Tty, config.Privileged, config.Cmd = opts.Tty, opts.Privileged, opts.Cmd
	if opts.User != nil {
		config.User = *opts.User
	}
	if opts.Workdir != nil {
		config.WorkingDir = *opts.Workdir
	}
	if opts.Env != nil {
		config.Env = *opts.Env
	}
	if opts.DetachKeys != nil {
		config.DetachKeys = *opts.DetachKeys
	}
	session, err := containers.ExecCreate(ctx, opts.Name, config)
	if err != nil {
		return c.containerError(ctx, opts.Name, err)
	}
	stream, err := openStream(ctx, "/exec/"+session+"/start", url.Values{}, map[string]bool{"Detach": false, "Tty": opts.Tty})
	if err != nil {
		return c.containerError(ctx, opts.Name, err)
	}
	if err := c.ReplyExecContainer(ctx); err != nil {
		stream.Close()
		return err
	}
	process := terminal{
		tty:    opts.Tty,
		stream: stream,
		resize: func(s size) {
			options := new(containers.ResizeExecTTYOptions).WithWidth(int(s.Width)).WithHeight(int(s.Height))
			// A command that has just ended has no terminal any more.
			_ = containers.ResizeExecTTY(ctx, session, options)
		},
		exitCode: func() (int, bool) {
			now, err := containers.ExecInspect(ctx, session, nil)
			if err != nil {
				return 0, status(err) != 0
			}
			return now.ExitCode, !now.Running
		},
	}
	if err := process.join(c.upgrade(ctx)); err != nil {
		return err
	}
	return errUpgraded
}
