package iopodman

import (
	"context"
	"net/http"

	"github.com/containers/podman/v5/pkg/bindings/volumes"
	"github.com/containers/podman/v5/pkg/domain/entities/types"
)

func (m *methods) VolumeCreate(ctx context.Context, c VarlinkCall, options VolumeCreateOpts) error {
	created, err := volumes.Create(ctx, types.VolumeCreateOptions{
		Name:    options.VolumeName,
		Driver:  options.Driver,
		Labels:  options.Labels,
		Options: options.Options,
	}, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyVolumeCreate(ctx, created.Name)
}

func (m *methods) VolumeRemove(ctx context.Context, c VarlinkCall, options VolumeRemoveOpts) error {
	names := options.Volumes
	if options.All {
		all, err := volumes.List(ctx, nil)
		if err != nil {
			return c.ReplyErrorOccurred(ctx, err.Error())
		}
		names = nil
		for _, volume := range all {
			names = append(names, volume.Name)
		}
	}
	gone, failures := []string{}, map[string]string{}
	for _, name := range names {
		if err := volumes.Remove(ctx, name, new(volumes.RemoveOptions).WithForce(options.Force)); err != nil {
			failures[name] = err.Error()
		} else {
			gone = append(gone, name)
		}
	}
	return c.ReplyVolumeRemove(ctx, gone, failures)
}

func (m *methods) GetVolumes(ctx context.Context, c VarlinkCall, args []string, all bool) error {
	reply := []Volume{}
	if !all {
		for _, name := range args {
			volume, err := volumes.Inspect(ctx, name, nil)
			if err != nil {
				return c.volumeError(ctx, name, err)
			}
			reply = append(reply, asVolume(volume))
		}
		return c.ReplyGetVolumes(ctx, reply)
	}
	there, err := volumes.List(ctx, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	for _, volume := range there {
		reply = append(reply, asVolume(&volume.VolumeConfigResponse))
	}
	return c.ReplyGetVolumes(ctx, reply)
}

func asVolume(volume *types.VolumeConfigResponse) Volume {
	return Volume{
		Name:       volume.Name,
		Labels:     dictionary(volume.Labels),
		MountPoint: volume.Mountpoint,
		Driver:     volume.Driver,
		Options:    dictionary(volume.Options),
	}
}

func (m *methods) InspectVolume(ctx context.Context, c VarlinkCall, name string) error {
	text, err := answer(ctx, http.MethodGet, "/volumes/%s/json", nil, name)
	if err != nil {
		return c.volumeError(ctx, name, err)
	}
	return c.ReplyInspectVolume(ctx, text)
}

func (m *methods) VolumesPrune(ctx context.Context, c VarlinkCall) error {
	all, err := volumes.Prune(ctx, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	gone, failures := pruned(all)
	return c.ReplyVolumesPrune(ctx, gone, failures)
}
