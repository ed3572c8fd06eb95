package iopodman

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"

	"github.com/containers/podman/v5/pkg/bindings/pods"
	"github.com/containers/podman/v5/pkg/domain/entities/types"
	"github.com/containers/podman/v5/pkg/errorhandling"
)

func (m *methods) CreatePod(ctx context.Context, c VarlinkCall, create PodCreate) error {
	arguments := []string{"pod", "create"}
	for _, option := range []struct{ name, value string }{
		{"name", create.Name},
		{"cgroup-parent", create.CgroupParent},
		{"infra-command", create.InfraCommand},
		{"infra-image", create.InfraImage},
	} {
		if option.value != "" {
			arguments = append(arguments, "--"+option.name+"="+option.value)
		}
	}
	for name, value := range create.Labels {
		arguments = append(arguments, "--label="+name+"="+value)
	}
	for _, namespace := range create.Share {
		// With a plus more come in addition to the usual ones; the list here is all of them.
		arguments = append(arguments, "--share="+namespace)
	}
	for _, port := range create.Publish {
		arguments = append(arguments, "--publish="+port)
	}
	id, err := m.rest.podman(ctx, append(arguments, "--infra="+strconv.FormatBool(create.Infra))...)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyCreatePod(ctx, id)
}

func (m *methods) ListPods(ctx context.Context, c VarlinkCall) error {
	all, err := pods.List(ctx, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	reply := []ListPodData{}
	for _, pod := range all {
		reply = append(reply, asPod(pod))
	}
	return c.ReplyListPods(ctx, reply)
}

func (m *methods) GetPod(ctx context.Context, c VarlinkCall, name string) error {
	id, err := podID(ctx, name)
	if err != nil {
		return c.podError(ctx, name, err)
	}
	found, err := podsWhere(ctx, "id", id)
	if err != nil || len(found) == 0 {
		return c.podError(ctx, name, gone(err))
	}
	return c.ReplyGetPod(ctx, asPod(found[0]))
}

func asPod(pod *types.ListPodsReport) ListPodData {
	inside := []ListPodContainerInfo{}
	for _, container := range pod.Containers {
		inside = append(inside, ListPodContainerInfo{Name: container.Names, Id: container.Id, Status: container.Status})
	}
	return ListPodData{
		Id:                 pod.Id,
		Name:               pod.Name,
		Createdat:          rfc3339(pod.Created),
		Cgroup:             pod.Cgroup,
		Status:             pod.Status,
		Labels:             dictionary(pod.Labels),
		Numberofcontainers: strconv.Itoa(len(inside)),
		Containersinfo:     inside,
	}
}

func podsWhere(ctx context.Context, filter string, values ...string) ([]*types.ListPodsReport, error) {
	return pods.List(ctx, new(pods.ListOptions).WithFilters(map[string][]string{filter: values}))
}

func (m *methods) GetPodsByStatus(ctx context.Context, c VarlinkCall, statuses []string) error {
	// Without a value the filter would let all pods pass.
	if len(statuses) == 0 {
		return c.ReplyGetPodsByStatus(ctx, []string{})
	}
	found, err := podsWhere(ctx, "status", statuses...)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyGetPodsByStatus(ctx, podIDs(found))
}

func (m *methods) GetPodsByContext(ctx context.Context, c VarlinkCall, all, latest bool, args []string) error {
	if all || latest {
		found, err := pods.List(ctx, nil)
		if err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
		if !all {
			found = newest(found)
		}
		return c.ReplyGetPodsByContext(ctx, podIDs(found))
	}
	ids := []string{}
	for _, name := range args {
		id, err := podID(ctx, name)
		if err != nil {
			return c.podError(ctx, name, err)
		}
		ids = append(ids, id)
	}
	return c.ReplyGetPodsByContext(ctx, ids)
}

func podIDs(all []*types.ListPodsReport) []string {
	ids := []string{}
	for _, pod := range all {
		ids = append(ids, pod.Id)
	}
	return ids
}

// newest is the pod that was made last, none if there are none.
func newest(all []*types.ListPodsReport) []*types.ListPodsReport {
	if len(all) == 0 {
		return nil
	}
	return []*types.ListPodsReport{slices.MaxFunc(all, func(a, b *types.ListPodsReport) int { return a.Created.Compare(b.Created) })}
}

func podID(ctx context.Context, name string) (string, error) {
	pod, err := pods.Inspect(ctx, name, nil)
	if err != nil {
		return "", err
	}
	return pod.ID, nil
}

func (m *methods) InspectPod(ctx context.Context, c VarlinkCall, name string) error {
	text, err := answer(ctx, http.MethodGet, "/pods/%s/json", nil, name)
	if err != nil {
		return c.podError(ctx, name, err)
	}
	return c.ReplyInspectPod(ctx, text)
}

func (m *methods) PodStateData(ctx context.Context, c VarlinkCall, name string) error {
	text, err := answer(ctx, http.MethodGet, "/pods/%s/json", nil, name)
	if err != nil {
		return c.podError(ctx, name, err)
	}
	return c.ReplyPodStateData(ctx, text)
}

func (m *methods) StartPod(ctx context.Context, c VarlinkCall, name string) error {
	return c.onPod(ctx, name, c.ReplyStartPod, func(id string) error {
		_, err := pods.Start(ctx, id, nil)
		return err
	})
}

func (m *methods) StopPod(ctx context.Context, c VarlinkCall, name string, timeout int64) error {
	return c.onPod(ctx, name, c.ReplyStopPod, func(id string) error {
		_, err := pods.Stop(ctx, id, new(pods.StopOptions).WithTimeout(int(timeout)))
		return err
	})
}

func (m *methods) RestartPod(ctx context.Context, c VarlinkCall, name string) error {
	return c.onPod(ctx, name, c.ReplyRestartPod, func(id string) error {
		_, err := pods.Restart(ctx, id, nil)
		return err
	})
}

func (m *methods) KillPod(ctx context.Context, c VarlinkCall, name string, signal int64) error {
	return c.onPod(ctx, name, c.ReplyKillPod, func(id string) error {
		_, err := pods.Kill(ctx, id, new(pods.KillOptions).WithSignal(signalName(signal)))
		return err
	})
}

func (m *methods) PausePod(ctx context.Context, c VarlinkCall, name string) error {
	return c.onPod(ctx, name, c.ReplyPausePod, func(id string) error {
		_, err := pods.Pause(ctx, id, nil)
		return err
	})
}

func (m *methods) UnpausePod(ctx context.Context, c VarlinkCall, name string) error {
	return c.onPod(ctx, name, c.ReplyUnpausePod, func(id string) error {
		_, err := pods.Unpause(ctx, id, nil)
		return err
	})
}

func (m *methods) RemovePod(ctx context.Context, c VarlinkCall, name string, force bool) error {
	return c.onPod(ctx, name, c.ReplyRemovePod, func(id string) error {
		_, err := pods.Remove(ctx, id, new(pods.RemoveOptions).WithForce(force))
		return err
	})
}

// onPod does something with the pod of this name, and replies its id.
func (c *VarlinkCall) onPod(ctx context.Context, name string, reply func(context.Context, string) error, do func(id string) error) error {
	id, err := podID(ctx, name)
	if err != nil {
		return c.podError(ctx, name, err)
	}
	err = do(id)
	conflict := new(errorhandling.PodConflictErrorModel)
	if errors.As(err, &conflict) {
		return c.ReplyPodContainerError(ctx, name, podContainerErrors(conflict.Errs))
	}
	if err != nil {
		return c.podError(ctx, name, err)
	}
	return reply(ctx, id)
}

var containerIDs = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

// podContainerErrors: the REST API names the container in the text only.
func podContainerErrors(texts []string) []PodContainerErrorData {
	all := []PodContainerErrorData{}
	for _, text := range texts {
		all = append(all, PodContainerErrorData{Containerid: containerIDs.FindString(text), Reason: text})
	}
	return all
}

func (m *methods) TopPod(ctx context.Context, c VarlinkCall, pod string, latest bool, descriptors []string) error {
	if latest {
		all, err := pods.List(ctx, nil)
		if err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
		for _, found := range newest(all) {
			pod = found.Id
		}
	}
	lines, err := pods.Top(ctx, pod, new(pods.TopOptions).WithDescriptors(descriptors))
	if err != nil {
		return c.podError(ctx, pod, err)
	}
	return c.ReplyTopPod(ctx, array(lines))
}
