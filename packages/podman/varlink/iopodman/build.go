package iopodman

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/containers/buildah/define"
	"github.com/containers/podman/v5/pkg/bindings"
	"github.com/containers/podman/v5/pkg/bindings/images"
	"github.com/docker/go-units"
)

// imageID is the line that a build ends with.
var imageID = regexp.MustCompile(`^[0-9a-f]{12,64}$`)

// BuildImage builds an image of the archive in contextDir.
func (m *methods) BuildImage(ctx context.Context, c VarlinkCall, build BuildInfo) error {
	if !c.WantsMore() {
		return c.ReplyWantsMoreRequired(ctx, "the build's output is told while it runs")
	}
	query, wrong := buildQuery(build)
	if wrong != "" {
		return c.ReplyInvalidParameter(ctx, "build."+wrong)
	}
	file, _, err := openRegular(build.ContextDir)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	defer file.Close()
	connection, err := bindings.GetClient(ctx)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	// A builder may answer before it has read all: then the rest of the file is nobody's.
	header := http.Header{"Content-Type": {"application/x-tar"}}
	response, err := connection.DoRequest(ctx, io.NopCloser(file), http.MethodPost, "/build", query, header)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	defer response.Body.Close()
	if !response.IsSuccess() {
		return c.ReplyErrorOccurred(ctx, response.Process(nil).Error())
	}
	c.Continues = true
	id, err := buildOutput(response.Body, func(text string) error {
		return c.ReplyBuildImage(ctx, MoreResponse{Logs: []string{text}})
	})
	c.Continues = false
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	if err := m.files.take(build.ContextDir); err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyBuildImage(ctx, MoreResponse{Logs: []string{}, Id: id})
}

// buildOutput passes on what a build tells, and finds the image's id in it.
func buildOutput(body io.Reader, tell func(string) error) (id string, err error) {
	for lines := json.NewDecoder(body); ; {
		var line images.BuildResponse
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			if id == "" {
				return "", errors.New("the build ended without an image")
			}
			return id, nil
		} else if err != nil {
			return "", err
		}
		switch {
		case line.Error != nil:
			return "", line.Error
		case line.ErrorMessage != "":
			return "", errors.New(line.ErrorMessage)
		}
		if text := strings.TrimSpace(line.Stream); imageID.MatchString(text) {
			id = text
		}
		if line.Stream == "" {
			continue
		}
		if err := tell(line.Stream); err != nil {
			return "", err
		}
	}
}

var (
	outputFormats = map[string]string{
		"": define.OCIv1ImageManifest, "oci": define.OCIv1ImageManifest, define.OCIv1ImageManifest: define.OCIv1ImageManifest,
		"docker": define.Dockerv2ImageManifest, define.Dockerv2ImageManifest: define.Dockerv2ImageManifest,
	}
	// Old clients send the names that Buildah's own Go code had for them.
	pullPolicies = map[string]string{
		"": "missing", "missing": "missing", "always": "always", "never": "never", "ifnewer": "ifnewer",
		"PullIfMissing": "missing", "PullAlways": "always", "PullNever": "never", "PullIfNewer": "ifnewer",
	}
)

// buildQuery tells the same in the REST API's words. What cannot be told is named.
func buildQuery(build BuildInfo) (query url.Values, wrong string) {
	limits := build.BuildOptions
	format, ok := outputFormats[build.OutputFormat]
	if !ok {
		return nil, "outputFormat"
	}
	policy, ok := pullPolicies[build.PullPolicy]
	if !ok {
		return nil, "pullPolicy"
	}
	if build.SignBy != "" {
		return nil, "signBy"
	}
	query = url.Values{
		// Left to the engine's own configuration.
		"isolation": {"0"}, "networkmode": {"0"},
		"outputformat": {format}, "pullpolicy": {policy},
		"rm": {strconv.FormatBool(build.RemoteIntermediateCtrs)}, "forcerm": {strconv.FormatBool(build.ForceRmIntermediateCtrs)},
		"layers": {strconv.FormatBool(build.Layers)}, "nocache": {strconv.FormatBool(build.Nocache)},
		"q": {strconv.FormatBool(build.Quiet)}, "squash": {strconv.FormatBool(build.Squash)},
	}
	if build.Output != "" {
		query.Add("t", build.Output)
	}
	for _, tag := range build.AdditionalTags {
		query.Add("t", tag)
	}
	switch {
	case build.Os != "" && build.Architecture != "":
		query.Set("platform", build.Os+"/"+build.Architecture)
	case build.Architecture != "":
		query.Set("platform", "linux/"+build.Architecture)
	}
	for name, value := range map[string]string{
		"target": build.Target, "cgroupparent": limits.CgroupParent, "cpusetcpus": limits.CpusetCpus, "cpusetmems": limits.CpusetMems,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	for name, value := range map[string]int64{
		"cpuperiod": limits.CpuPeriod, "cpuquota": limits.CpuQuota, "cpushares": limits.CpuShares,
		"memory": limits.Memory, "memswap": limits.MemorySwap,
	} {
		if value != 0 {
			query.Set(name, strconv.FormatInt(value, 10))
		}
	}
	if limits.ShmSize != "" {
		bytes, err := units.RAMInBytes(limits.ShmSize)
		if err != nil {
			return nil, "buildOptions.shmSize"
		}
		query.Set("shmsize", strconv.FormatInt(bytes, 10))
	}
	for _, volume := range append(limits.Volume, build.TransientMounts...) {
		query.Add("volume", volume)
	}
	lists := map[string][]string{
		"addcaps": build.AddCapabilities, "dropcaps": build.DropCapabilities, "annotations": build.Annotations,
		"devices": build.Devices, "dockerfile": build.Dockerfiles, "labels": build.Label,
		"extrahosts": limits.AddHosts, "ulimits": limits.Ulimit,
	}
	for name, list := range lists {
		if len(list) > 0 {
			text, _ := json.Marshal(list)
			query.Set(name, string(text))
		}
	}
	if len(build.BuildArgs) > 0 {
		text, _ := json.Marshal(build.BuildArgs)
		query.Set("buildargs", string(text))
	}
	return query, ""
}
