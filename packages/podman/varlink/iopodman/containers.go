package iopodman

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/containers/podman/v5/pkg/bindings/generate"
	"github.com/containers/podman/v5/pkg/errorhandling"
	"go.podman.io/storage"
	"go.podman.io/storage/pkg/archive"
	"sigs.k8s.io/yaml"
)

func (m *methods) CreateContainer(ctx context.Context, c VarlinkCall, create Create) error {
	if len(create.Args) == 0 {
		return c.ReplyInvalidParameter(ctx, "create.args")
	}
	options, err := createOptions(create)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	arguments := append([]string{"create", "--pull=never"}, options...)
	id, err := m.rest.podman(ctx, append(append(arguments, "--"), create.Args...)...)
	if err != nil {
		// Which image it was is in the text only.
		if strings.Contains(err.Error(), "image not known") {
			return c.ReplyImageNotFound(ctx, create.Args[0], err.Error())
		}
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyCreateContainer(ctx, id)
}

func (m *methods) InspectContainer(ctx context.Context, c VarlinkCall, name string) error {
	text, err := inspected(ctx, name, true)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyInspectContainer(ctx, text)
}

func (m *methods) ContainerInspectData(ctx context.Context, c VarlinkCall, name string, size bool) error {
	text, err := inspected(ctx, name, size)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyContainerInspectData(ctx, text)
}

func (m *methods) ContainerConfig(ctx context.Context, c VarlinkCall, name string) error {
	text, err := partOf(ctx, name, "Config")
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyContainerConfig(ctx, text)
}

func (m *methods) ContainerStateData(ctx context.Context, c VarlinkCall, name string) error {
	text, err := partOf(ctx, name, "State")
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyContainerStateData(ctx, text)
}

func inspected(ctx context.Context, name string, size bool) (string, error) {
	return answer(ctx, http.MethodGet, "/containers/%s/json", map[string][]string{"size": {strconv.FormatBool(size)}}, name)
}

// partOf is the nearest that the REST API has to the engine's own records.
func partOf(ctx context.Context, name, part string) (string, error) {
	text, err := inspected(ctx, name, false)
	if err != nil {
		return "", err
	}
	var parts map[string]json.RawMessage
	return string(parts[part]), json.Unmarshal([]byte(text), &parts)
}

func (m *methods) ContainerExists(ctx context.Context, c VarlinkCall, name string) error {
	there, err := containers.Exists(ctx, name, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyContainerExists(ctx, exitCode(there))
}

func (m *methods) StartContainer(ctx context.Context, c VarlinkCall, name string) error {
	id, err := containerID(ctx, name)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	status, err := post(ctx, "/containers/%s/start", nil, id)
	if status == http.StatusNotModified {
		return c.ReplyErrorOccurred(ctx, name+" runs already")
	}
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyStartContainer(ctx, id)
}

func (m *methods) StopContainer(ctx context.Context, c VarlinkCall, name string, timeout int64) error {
	if timeout < 0 {
		return c.ReplyInvalidParameter(ctx, "timeout")
	}
	id, err := containerID(ctx, name)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	status, err := post(ctx, "/containers/%s/stop", map[string][]string{"timeout": {strconv.FormatInt(timeout, 10)}}, id)
	if status == http.StatusNotModified {
		return c.ReplyErrCtrStopped(ctx, id)
	}
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyStopContainer(ctx, id)
}

func (m *methods) InitContainer(ctx context.Context, c VarlinkCall, name string) error {
	return c.onContainer(ctx, name, c.ReplyInitContainer, func(id string) error {
		return containers.ContainerInit(ctx, id, nil)
	})
}

func (m *methods) PauseContainer(ctx context.Context, c VarlinkCall, name string) error {
	return c.onContainer(ctx, name, c.ReplyPauseContainer, func(id string) error {
		return containers.Pause(ctx, id, nil)
	})
}

func (m *methods) UnpauseContainer(ctx context.Context, c VarlinkCall, name string) error {
	return c.onContainer(ctx, name, c.ReplyUnpauseContainer, func(id string) error {
		return containers.Unpause(ctx, id, nil)
	})
}

func (m *methods) RestartContainer(ctx context.Context, c VarlinkCall, name string, timeout int64) error {
	if timeout < 0 {
		return c.ReplyInvalidParameter(ctx, "timeout")
	}
	return c.onContainer(ctx, name, c.ReplyRestartContainer, func(id string) error {
		return containers.Restart(ctx, id, new(containers.RestartOptions).WithTimeout(int(timeout)))
	})
}

func (m *methods) KillContainer(ctx context.Context, c VarlinkCall, name string, signal int64) error {
	return c.onContainer(ctx, name, c.ReplyKillContainer, func(id string) error {
		return containers.Kill(ctx, id, new(containers.KillOptions).WithSignal(signalName(signal)))
	})
}

// signalName: -1 asks for the one that ends most programs.
func signalName(number int64) string {
	if number == -1 {
		return "TERM"
	}
	return strconv.FormatInt(number, 10)
}

func (m *methods) RemoveContainer(ctx context.Context, c VarlinkCall, name string, force, removeVolumes bool) error {
	return c.onContainer(ctx, name, c.ReplyRemoveContainer, func(id string) error {
		return removeContainer(ctx, id, force, removeVolumes)
	})
}

func (m *methods) EvictContainer(ctx context.Context, c VarlinkCall, name string, removeVolumes bool) error {
	return c.onContainer(ctx, name, c.ReplyEvictContainer, func(id string) error {
		return removeContainer(ctx, id, true, removeVolumes)
	})
}

func removeContainer(ctx context.Context, id string, force, volumes bool) error {
	reports, err := containers.Remove(ctx, id, new(containers.RemoveOptions).WithForce(force).WithVolumes(volumes))
	if err != nil {
		return err
	}
	for _, report := range reports {
		if report.Err != nil {
			return report.Err
		}
	}
	return nil
}

// onContainer does something with the container of this name, and replies its id.
func (c *VarlinkCall) onContainer(ctx context.Context, name string, reply func(context.Context, string) error, do func(id string) error) error {
	id, err := containerID(ctx, name)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	if err := do(id); err != nil {
		return c.containerError(ctx, name, err)
	}
	return reply(ctx, id)
}

func containerID(ctx context.Context, name string) (string, error) {
	container, err := containers.Inspect(ctx, name, nil)
	if err != nil {
		return "", err
	}
	return container.ID, nil
}

// post is for what answers 304 when there is nothing to do: the bindings take that for done.
func post(ctx context.Context, endpoint string, query map[string][]string, path ...string) (status int, err error) {
	response, err := request(ctx, http.MethodPost, endpoint, query, path...)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, response.Process(nil)
}

func (m *methods) DeleteStoppedContainers(ctx context.Context, c VarlinkCall) error {
	reports, err := containers.Prune(ctx, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	gone, failures := pruned(reports)
	if len(failures) > 0 {
		return c.ReplyErrorOccurred(ctx, strings.Join(failures, "; "))
	}
	return c.ReplyDeleteStoppedContainers(ctx, gone)
}

func (m *methods) WaitContainer(ctx context.Context, c VarlinkCall, name string, interval int64) error {
	options := new(containers.WaitOptions)
	if interval > 0 {
		options = options.WithInterval(strconv.FormatInt(interval, 10) + "ms")
	}
	code, err := containers.Wait(ctx, name, options)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyWaitContainer(ctx, int64(code))
}

func (m *methods) ListContainerProcesses(ctx context.Context, c VarlinkCall, name string, opts []string) error {
	lines, err := containers.Top(ctx, name, new(containers.TopOptions).WithDescriptors(opts))
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyListContainerProcesses(ctx, array(lines))
}

func (m *methods) Top(ctx context.Context, c VarlinkCall, name string, descriptors []string) error {
	lines, err := containers.Top(ctx, name, new(containers.TopOptions).WithDescriptors(descriptors))
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyTop(ctx, array(lines))
}

func (m *methods) HealthCheckRun(ctx context.Context, c VarlinkCall, name string) error {
	result, err := containers.RunHealthCheck(ctx, name, nil)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyHealthCheckRun(ctx, result.Status)
}

func (m *methods) ListContainerChanges(ctx context.Context, c VarlinkCall, name string) error {
	changes, err := containers.Diff(ctx, name, nil)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	reply := ContainerChanges{Changed: []string{}, Added: []string{}, Deleted: []string{}}
	for _, change := range changes {
		switch change.Kind {
		case archive.ChangeModify:
			reply.Changed = append(reply.Changed, change.Path)
		case archive.ChangeAdd:
			reply.Added = append(reply.Added, change.Path)
		case archive.ChangeDelete:
			reply.Deleted = append(reply.Deleted, change.Path)
		}
	}
	return c.ReplyListContainerChanges(ctx, reply)
}

func (m *methods) Diff(ctx context.Context, c VarlinkCall, name string) error {
	// Images, too.
	changes, err := containers.Diff(ctx, name, new(containers.DiffOptions).WithDiffType("all"))
	if model := new(errorhandling.ErrorModel); errors.As(err, &model) && model.Because == storage.ErrLayerUnknown.Error() {
		return c.ReplyContainerNotFound(ctx, name, err.Error())
	}
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	all := []DiffInfo{}
	for _, change := range changes {
		all = append(all, DiffInfo{Path: change.Path, ChangeType: change.Kind.String()})
	}
	return c.ReplyDiff(ctx, all)
}

func (m *methods) ContainerCheckpoint(ctx context.Context, c VarlinkCall, name string, keep, leaveRunning, tcpEstablished bool) error {
	options := new(containers.CheckpointOptions).WithKeep(keep).WithLeaveRunning(leaveRunning).WithTCPEstablished(tcpEstablished)
	return c.onContainer(ctx, name, c.ReplyContainerCheckpoint, func(id string) error {
		_, err := containers.Checkpoint(ctx, id, options)
		return err
	})
}

func (m *methods) ContainerRestore(ctx context.Context, c VarlinkCall, name string, keep, tcpEstablished bool) error {
	options := new(containers.RestoreOptions).WithKeep(keep).WithTCPEstablished(tcpEstablished)
	return c.onContainer(ctx, name, c.ReplyContainerRestore, func(id string) error {
		_, err := containers.Restore(ctx, id, options)
		return err
	})
}

func (m *methods) ListContainerMounts(ctx context.Context, c VarlinkCall) error {
	paths, err := containers.GetMountedContainerPaths(ctx, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyListContainerMounts(ctx, dictionary(paths))
}

func (m *methods) MountContainer(ctx context.Context, c VarlinkCall, name string) error {
	// The bindings take the answer for JSON, but it is plain text.
	path, err := answer(ctx, http.MethodPost, "/containers/%s/mount", nil, name)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyMountContainer(ctx, path)
}

func (m *methods) UnmountContainer(ctx context.Context, c VarlinkCall, name string, force bool) error {
	if err := containers.Unmount(ctx, name, nil); err != nil {
		return c.containerError(ctx, name, err)
	}
	return c.ReplyUnmountContainer(ctx)
}

func (m *methods) GenerateKube(ctx context.Context, c VarlinkCall, name string, service bool) error {
	report, err := generate.Kube(ctx, []string{name}, new(generate.KubeOptions).WithService(service))
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	text, err := io.ReadAll(report.Reader)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	var reply KubePodService
	for _, document := range strings.Split(string(text), "\n---\n") {
		object, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
		var kind struct{ Kind string }
		if err := json.Unmarshal(object, &kind); err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
		if kind.Kind == "Service" {
			reply.Service = string(object)
		} else {
			reply.Pod = string(object)
		}
	}
	return c.ReplyGenerateKube(ctx, reply)
}
