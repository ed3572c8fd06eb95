package iopodman

import (
	"context"
	"errors"
	"net/http"

	"github.com/containers/podman/v5/libpod/define"
	"github.com/containers/podman/v5/pkg/errorhandling"
)

// containerError replies why something could not be done with the container of this name.
func (c *VarlinkCall) containerError(ctx context.Context, name string, err error) error {
	if status(err) == http.StatusNotFound {
		return c.ReplyContainerNotFound(ctx, name, err.Error())
	}
	return c.stateError(ctx, name, err)
}

// imageError replies why something could not be done with the image of this name.
func (c *VarlinkCall) imageError(ctx context.Context, name string, err error) error {
	if status(err) == http.StatusNotFound {
		return c.ReplyImageNotFound(ctx, name, err.Error())
	}
	return c.ReplyErrorOccurred(ctx, err.Error())
}

// podError replies why something could not be done with the pod of this name.
func (c *VarlinkCall) podError(ctx context.Context, name string, err error) error {
	if status(err) == http.StatusNotFound {
		return c.ReplyPodNotFound(ctx, name, err.Error())
	}
	return c.stateError(ctx, name, err)
}

// volumeError replies why something could not be done with the volume of this name.
func (c *VarlinkCall) volumeError(ctx context.Context, name string, err error) error {
	if status(err) == http.StatusNotFound {
		return c.ReplyVolumeNotFound(ctx, name, err.Error())
	}
	return c.ReplyErrorOccurred(ctx, err.Error())
}

func (c *VarlinkCall) stateError(ctx context.Context, name string, err error) error {
	if badState(err) {
		return c.ReplyInvalidState(ctx, name, err.Error())
	}
	return c.ReplyErrorOccurred(ctx, err.Error())
}

// badState: the REST API has no status of its own for it, but names the cause.
func badState(err error) bool {
	model := new(errorhandling.ErrorModel)
	return errors.Is(err, define.ErrCtrStateInvalid) ||
		errors.As(err, &model) && (model.Because == define.ErrCtrStateInvalid.Error() || model.ResponseCode == http.StatusConflict)
}

// status is the REST API's answer, 0 if it gave none.
func status(err error) int {
	model := new(errorhandling.ErrorModel)
	if errors.As(err, &model) {
		return model.ResponseCode
	}
	conflict := new(errorhandling.PodConflictErrorModel)
	if errors.As(err, &conflict) {
		return conflict.Code()
	}
	return 0
}

// gone: what was there a moment ago.
func gone(err error) error {
	if err != nil {
		return err
	}
	return &errorhandling.ErrorModel{Message: "it is not there any more", ResponseCode: http.StatusNotFound}
}
