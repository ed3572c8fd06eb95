package iopodman

import (
	"context"

	"github.com/containers/podman/v5/libpod/define"
	"github.com/containers/podman/v5/pkg/bindings/containers"
	"github.com/containers/podman/v5/pkg/bindings/pods"
)

func (m *methods) GetContainerStats(ctx context.Context, c VarlinkCall, name string) error {
	return c.containerStats(ctx, name, func(now ContainerStats) error { return c.ReplyGetContainerStats(ctx, now) })
}

func (m *methods) GetContainerStatsWithHistory(ctx context.Context, c VarlinkCall, previous ContainerStats) error {
	return c.containerStats(ctx, previous.Id, func(now ContainerStats) error {
		if passed := now.System_nano - previous.System_nano; passed > 0 {
			now.Cpu = 100 * float64(now.Cpu_nano-previous.Cpu_nano) / float64(passed)
		}
		return c.ReplyGetContainerStatsWithHistory(ctx, now)
	})
}

func (c *VarlinkCall) containerStats(ctx context.Context, name string, reply func(ContainerStats) error) error {
	container, err := containers.Inspect(ctx, name, nil)
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	if !container.State.Running {
		return c.ReplyNoContainerRunning(ctx)
	}
	all, err := stats(ctx, []string{container.ID})
	if err != nil {
		return c.containerError(ctx, name, err)
	}
	if len(all) == 0 {
		return c.ReplyNoContainerRunning(ctx)
	}
	return reply(all[0])
}

func asStats(one define.ContainerStats) ContainerStats {
	var received, sent uint64
	for _, network := range one.Network {
		received += network.RxBytes
		sent += network.TxBytes
	}
	return ContainerStats{
		Id:           one.ContainerID,
		Name:         one.Name,
		Cpu:          one.CPU,
		Cpu_nano:     int64(one.CPUNano),
		System_nano:  int64(one.SystemNano),
		Mem_usage:    int64(one.MemUsage),
		Mem_limit:    int64(one.MemLimit),
		Mem_perc:     one.MemPerc,
		Net_input:    int64(received),
		Net_output:   int64(sent),
		Block_output: int64(one.BlockOutput),
		Block_input:  int64(one.BlockInput),
		Pids:         int64(one.PIDs),
	}
}

func (m *methods) GetPodStats(ctx context.Context, c VarlinkCall, name string) error {
	pod, err := pods.Inspect(ctx, name, nil)
	if err != nil {
		return c.podError(ctx, name, err)
	}
	if len(pod.Containers) == 0 {
		return c.ReplyNoContainersInPod(ctx, name)
	}
	running := []string{}
	for _, container := range pod.Containers {
		if container.State == "running" || container.State == "paused" {
			running = append(running, container.ID)
		}
	}
	if len(running) == 0 {
		return c.ReplyNoContainerRunning(ctx)
	}
	all, err := stats(ctx, running)
	if err != nil {
		return c.podError(ctx, name, err)
	}
	return c.ReplyGetPodStats(ctx, pod.ID, all)
}

// stats are what running containers use. The REST API's own of a pod are texts made for people.
func stats(ctx context.Context, ids []string) ([]ContainerStats, error) {
	reports, err := containers.Stats(ctx, ids, new(containers.StatsOptions).WithStream(false))
	if err != nil {
		return nil, err
	}
	all := []ContainerStats{}
	for report := range reports {
		if report.Error != nil {
			return nil, report.Error
		}
		for _, one := range report.Stats {
			all = append(all, asStats(one))
		}
	}
	return all, nil
}
