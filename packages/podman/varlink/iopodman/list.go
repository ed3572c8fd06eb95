package iopodman

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/containers/podman/v5/pkg/domain/entities/types"
	"github.com/docker/go-units"
)

func (m *methods) ListContainers(ctx context.Context, c VarlinkCall) error {
	all, err := m.list(ctx, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyListContainers(ctx, all)
}

func (m *methods) GetContainersByStatus(ctx context.Context, c VarlinkCall, status []string) error {
	// Without a value the filter would let all containers pass.
	if len(status) == 0 {
		return c.ReplyGetContainersByStatus(ctx, []Container{})
	}
	all, err := m.list(ctx, map[string][]string{"status": status})
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyGetContainersByStatus(ctx, all)
}

func (m *methods) GetContainer(ctx context.Context, c VarlinkCall, name string) error {
	id, err := containerID(ctx, name)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	found, err := m.list(ctx, map[string][]string{"id": {id}})
	if err != nil || len(found) == 0 {
		return c.containerError(ctx, name, gone(err))
	}
	return c.ReplyGetContainer(ctx, found[0])
}

// list is one request for all containers, and one for each that has volumes and was never seen before.
func (m *methods) list(ctx context.Context, filters map[string][]string) ([]Container, error) {
	options := new(containers.ListOptions).WithAll(true).WithSize(true).WithNamespace(true).WithFilters(filters)
	found, err := containers.List(ctx, options)
	if err != nil {
		return nil, err
	}
	mounts, err := m.mounts.of(ctx, found)
	if err != nil {
		return nil, err
	}
	all := []Container{}
	for _, container := range found {
		all = append(all, asContainer(container, mounts[container.ID]))
	}
	return all, nil
}

func asContainer(container types.ListContainer, mounts []ContainerMount) Container {
	root, own := sizes(container)
	namespaces := container.Namespaces
	return Container{
		Id:               container.ID,
		Image:            container.Image,
		Imageid:          container.ImageID,
		Command:          array(container.Command),
		Createdat:        rfc3339(container.Created),
		Runningfor:       units.HumanDuration(time.Since(container.Created)),
		Status:           container.State,
		Ports:            ports(container),
		Rootfssize:       root,
		Rwsize:           own,
		Names:            strings.Join(container.Names, ","),
		Labels:           dictionary(container.Labels),
		Mounts:           array(mounts),
		Containerrunning: container.State == "running",
		Namespaces: ContainerNameSpace{
			User:   namespaces.User,
			Uts:    namespaces.UTS,
			Pidns:  namespaces.PIDNS,
			Pid:    strconv.Itoa(container.Pid),
			Cgroup: namespaces.Cgroup,
			Net:    namespaces.NET,
			Mnt:    namespaces.MNT,
			Ipc:    namespaces.IPC,
		},
	}
}

func sizes(container types.ListContainer) (root, own int64) {
	if container.Size == nil {
		return 0, 0
	}
	return container.Size.RootFsSize, container.Size.RwSize
}

// ports: a range is told port by port.
func ports(container types.ListContainer) []ContainerPortMappings {
	all := []ContainerPortMappings{}
	for _, mapping := range container.Ports {
		for offset := range int(max(mapping.Range, 1)) {
			all = append(all, ContainerPortMappings{
				Host_port:      strconv.Itoa(int(mapping.HostPort) + offset),
				Host_ip:        mapping.HostIP,
				Protocol:       mapping.Protocol,
				Container_port: strconv.Itoa(int(mapping.ContainerPort) + offset),
			})
		}
	}
	return all
}

// Containers that are gone are forgotten when so many are known.
const mountsKept = 1000

// mounts are known by the containers' ids: those of a container cannot change.
type mounts struct {
	mutex sync.Mutex
	known map[string][]ContainerMount
}

func (m *mounts) of(ctx context.Context, all []types.ListContainer) (map[string][]ContainerMount, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.known == nil || len(m.known) > mountsKept {
		m.known = map[string][]ContainerMount{}
	}
	mounts := map[string][]ContainerMount{}
	for _, container := range all {
		if len(container.Mounts) == 0 {
			continue
		}
		known, seen := m.known[container.ID]
		if !seen {
			data, err := containers.Inspect(ctx, container.ID, nil)
			if status(err) == http.StatusNotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			known = []ContainerMount{}
			for _, mount := range data.Mounts {
				known = append(known, ContainerMount{
					Destination: mount.Destination,
					Type:        mount.Type,
					Source:      mount.Source,
					Options:     array(mount.Options),
				})
			}
			m.known[container.ID] = known
		}
		mounts[container.ID] = known
	}
	return mounts, nil
}

func (m *methods) GetContainersByContext(ctx context.Context, c VarlinkCall, all, latest bool, args []string) error {
	ids := []string{}
	if all || latest {
		options := new(containers.ListOptions).WithAll(true)
		if !all {
			options = options.WithLast(1)
		}
		found, err := containers.List(ctx, options)
		if err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
		for _, container := range found {
			ids = append(ids, container.ID)
		}
		return c.ReplyGetContainersByContext(ctx, ids)
	}
	for _, name := range args {
		id, err := containerID(ctx, name)
		if err != nil {
			return c.containerError(ctx, name, err)
		}
		ids = append(ids, id)
	}
	return c.ReplyGetContainersByContext(ctx, ids)
}

func (m *methods) Ps(ctx context.Context, c VarlinkCall, opts PsOpts) error {
	compare, known := orders[cmp.Or(given(opts.Sort), "created")]
	if !known {
		return c.ReplyInvalidParameter(ctx, "opts.sort")
	}
	options := new(containers.ListOptions).WithAll(opts.All).WithNamespace(true).
		WithSize(given(opts.Size)).WithSync(given(opts.Sync)).WithFilters(filters(given(opts.Filters)))
	last := given(opts.Last)
	if given(opts.Latest) {
		last = 1
	}
	if last > 0 {
		options = options.WithLast(int(last))
	}
	found, err := containers.List(ctx, options)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	slices.SortStableFunc(found, compare)
	all := []PsContainer{}
	for _, container := range found {
		all = append(all, asPsContainer(container, given(opts.NoTrunc)))
	}
	return c.ReplyPs(ctx, all)
}

// orders are those of podman ps --sort.
var orders = map[string]func(a, b types.ListContainer) int{
	"command": func(a, b types.ListContainer) int { return slices.Compare(a.Command, b.Command) },
	"created": func(a, b types.ListContainer) int { return a.Created.Compare(b.Created) },
	"id":      func(a, b types.ListContainer) int { return cmp.Compare(a.ID, b.ID) },
	"image":   func(a, b types.ListContainer) int { return cmp.Compare(a.Image, b.Image) },
	"names":   func(a, b types.ListContainer) int { return slices.Compare(a.Names, b.Names) },
	"pod":     func(a, b types.ListContainer) int { return cmp.Compare(a.Pod, b.Pod) },
	"runningfor": func(a, b types.ListContainer) int {
		return cmp.Compare(b.StartedAt, a.StartedAt)
	},
	"size": func(a, b types.ListContainer) int {
		sizeA, _ := sizes(a)
		sizeB, _ := sizes(b)
		return cmp.Compare(sizeA, sizeB)
	},
	"status": func(a, b types.ListContainer) int { return cmp.Compare(a.State, b.State) },
}

func asPsContainer(container types.ListContainer, whole bool) PsContainer {
	id, command := container.ID, strings.Join(container.Command, " ")
	if !whole {
		id, command = id[:12], shortened(command)
	}
	root, own := sizes(container)
	namespaces := container.Namespaces
	return PsContainer{
		Id:         id,
		Image:      container.Image,
		Command:    command,
		Created:    units.HumanDuration(time.Since(container.Created)) + " ago",
		Ports:      portsText(container),
		Names:      strings.Join(container.Names, ","),
		IsInfra:    container.IsInfra,
		Status:     statusText(container),
		State:      container.State,
		PidNum:     int64(container.Pid),
		RootFsSize: root,
		RwSize:     own,
		Pod:        container.Pod,
		CreatedAt:  rfc3339(container.Created),
		ExitedAt:   rfc3339(time.Unix(container.ExitedAt, 0)),
		StartedAt:  rfc3339(time.Unix(container.StartedAt, 0)),
		Labels:     dictionary(container.Labels),
		NsPid:      namespaces.PIDNS,
		Cgroup:     namespaces.Cgroup,
		Ipc:        namespaces.IPC,
		Mnt:        namespaces.MNT,
		Net:        namespaces.NET,
		PidNs:      namespaces.PIDNS,
		User:       namespaces.User,
		Uts:        namespaces.UTS,
		Mounts:     strings.Join(container.Mounts, ","),
	}
}

const commandLength = 20

// shortened is as much of a command as fits into its column.
func shortened(command string) string {
	if letters := []rune(command); len(letters) > commandLength {
		return string(letters[:commandLength-1]) + "..."
	}
	return command
}

func portsText(container types.ListContainer) string {
	texts := []string{}
	for _, port := range ports(container) {
		host := cmp.Or(port.Host_ip, "0.0.0.0") + ":" + port.Host_port
		texts = append(texts, host+"->"+port.Container_port+"/"+port.Protocol)
	}
	return strings.Join(texts, ", ")
}

// statusText is the column of podman ps.
func statusText(container types.ListContainer) string {
	ago := func(seconds int64) string { return units.HumanDuration(time.Since(time.Unix(seconds, 0))) + " ago" }
	switch container.State {
	case "running":
		return "Up " + ago(container.StartedAt)
	case "paused":
		return "Paused"
	case "exited", "stopped":
		return "Exited (" + strconv.Itoa(int(container.ExitCode)) + ") " + ago(container.ExitedAt)
	case "created", "configured":
		return "Created"
	}
	return container.State
}
