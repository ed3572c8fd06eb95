package iopodman

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/containers/podman/v5/libpod/define"
	"github.com/containers/podman/v5/pkg/bindings/system"
)

// What Podman 1 said its interface's version was.
const remoteAPIVersion = 1

// engineVersion is the engine's, which cannot change while it is the program that this one is a part of.
type engineVersion struct {
	mutex sync.Mutex
	known *define.Version
}

func (v *engineVersion) get(ctx context.Context) (*define.Version, error) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if v.known == nil {
		report, err := system.Version(ctx, nil)
		if err != nil {
			return nil, err
		}
		v.known = report.Server
	}
	return v.known, nil
}

func (m *methods) GetVersion(ctx context.Context, c VarlinkCall) error {
	v, err := m.version.get(ctx)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyGetVersion(ctx, v.Version, v.GoVersion, v.GitCommit, rfc3339(time.Unix(v.Built, 0)), v.OsArch, remoteAPIVersion)
}

func (m *methods) GetInfo(ctx context.Context, c VarlinkCall) error {
	info, err := system.Info(ctx, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	host, store := info.Host, info.Store
	return c.ReplyGetInfo(ctx, PodmanInfo{
		Host: InfoHost{
			Buildah_version: host.BuildahVersion,
			Distribution:    InfoDistribution{Distribution: host.Distribution.Distribution, Version: host.Distribution.Version},
			Mem_free:        host.MemFree,
			Mem_total:       host.MemTotal,
			Swap_free:       host.SwapFree,
			Swap_total:      host.SwapTotal,
			Arch:            host.Arch,
			Cpus:            int64(host.CPUs),
			Hostname:        host.Hostname,
			Kernel:          host.Kernel,
			Os:              host.OS,
			Uptime:          host.Uptime,
			Eventlogger:     host.EventLogger,
		},
		Registries: registries(info.Registries),
		Store: InfoStore{
			Containers:           int64(store.ContainerStore.Number),
			Images:               int64(store.ImageStore.Number),
			Graph_driver_name:    store.GraphDriverName,
			Graph_driver_options: fmt.Sprint(store.GraphOptions),
			Graph_root:           store.GraphRoot,
			Graph_status: InfoGraphStatus{
				Backing_filesystem:  store.GraphStatus["Backing Filesystem"],
				Native_overlay_diff: store.GraphStatus["Native Overlay Diff"],
				Supports_d_type:     store.GraphStatus["Supports d_type"],
			},
			Run_root: store.RunRoot,
		},
		Podman: InfoPodmanBinary{
			Compiler:       "gc",
			Go_version:     info.Version.GoVersion,
			Podman_version: info.Version.Version,
			Git_commit:     info.Version.GitCommit,
		},
	})
}

// registries: the REST API has the search list, and a record for each registry with settings.
func registries(all map[string]any) InfoRegistry {
	reply := InfoRegistry{Search: []string{}, Insecure: []string{}, Blocked: []string{}}
	for name, value := range all {
		switch value := value.(type) {
		case []any:
			for _, registry := range value {
				reply.Search = append(reply.Search, fmt.Sprint(registry))
			}
		case map[string]any:
			if value["Insecure"] == true {
				reply.Insecure = append(reply.Insecure, name)
			}
			if value["Blocked"] == true {
				reply.Blocked = append(reply.Blocked, name)
			}
		}
	}
	slices.Sort(reply.Insecure)
	slices.Sort(reply.Blocked)
	return reply
}
