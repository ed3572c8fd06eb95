package iopodman

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/containers/podman/v5/pkg/bindings/images"
	"github.com/containers/podman/v5/pkg/domain/entities/types"
)

func (m *methods) ListImages(ctx context.Context, c VarlinkCall) error {
	all, err := listImages(ctx, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyListImages(ctx, all)
}

func (m *methods) ListImagesWithFilters(ctx context.Context, c VarlinkCall, texts []string) error {
	all, err := listImages(ctx, filters(texts))
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyListImagesWithFilters(ctx, all)
}

func (m *methods) GetImage(ctx context.Context, c VarlinkCall, id string) error {
	found, err := images.GetImage(ctx, id, nil)
	if err != nil {
		return c.imageError(ctx, id, err)
	}
	all, err := listImages(ctx, nil)
	if err != nil {
		return c.imageError(ctx, id, err)
	}
	for _, image := range all {
		if image.Id == found.ID {
			return c.ReplyGetImage(ctx, image)
		}
	}
	return c.imageError(ctx, id, gone(nil))
}

// listImages: the REST API does not tell the top layer.
func listImages(ctx context.Context, filters map[string][]string) ([]Image, error) {
	found, err := images.List(ctx, new(images.ListOptions).WithAll(true).WithFilters(filters))
	if err != nil {
		return nil, err
	}
	parents := map[string]bool{}
	for _, image := range found {
		parents[image.ParentId] = true
	}
	all := []Image{}
	for _, image := range found {
		all = append(all, asImage(image, parents[image.ID]))
	}
	return all, nil
}

func asImage(image *types.ImageSummary, isParent bool) Image {
	virtual := image.VirtualSize
	if virtual == 0 {
		virtual = image.Size
	}
	digests := []string{}
	if image.Digest != "" {
		digests = append(digests, image.Digest)
	}
	return Image{
		Id:          image.ID,
		Digest:      image.Digest,
		Digests:     digests,
		ParentId:    image.ParentId,
		RepoTags:    array(image.RepoTags),
		RepoDigests: array(image.RepoDigests),
		Created:     rfc3339(time.Unix(image.Created, 0)),
		Size:        image.Size,
		VirtualSize: virtual,
		Containers:  int64(image.Containers),
		Labels:      dictionary(image.Labels),
		IsParent:    isParent,
		ReadOnly:    image.ReadOnly,
		History:     array(image.History),
	}
}

func (m *methods) InspectImage(ctx context.Context, c VarlinkCall, name string) error {
	text, err := answer(ctx, http.MethodGet, "/images/%s/json", nil, name)
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	return c.ReplyInspectImage(ctx, text)
}

func (m *methods) HistoryImage(ctx context.Context, c VarlinkCall, name string) error {
	steps, err := images.History(ctx, name, nil)
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	all := []ImageHistory{}
	for _, step := range steps {
		all = append(all, ImageHistory{
			Id:        step.ID,
			Created:   rfc3339(time.Unix(step.Created, 0)),
			CreatedBy: step.CreatedBy,
			Tags:      array(step.Tags),
			Size:      step.Size,
			Comment:   step.Comment,
		})
	}
	return c.ReplyHistoryImage(ctx, all)
}

func (m *methods) ImageExists(ctx context.Context, c VarlinkCall, name string) error {
	there, err := images.Exists(ctx, name, nil)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	return c.ReplyImageExists(ctx, exitCode(there))
}

// exitCode: 0 is yes, as for a shell.
func exitCode(yes bool) int64 {
	if yes {
		return 0
	}
	return 1
}

func (m *methods) ImageTree(ctx context.Context, c VarlinkCall, name string, whatRequires bool) error {
	report, err := images.Tree(ctx, name, new(images.TreeOptions).WithWhatRequires(whatRequires))
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	return c.ReplyImageTree(ctx, report.Tree)
}

func (m *methods) TagImage(ctx context.Context, c VarlinkCall, name, tagged string) error {
	return c.onImage(ctx, name, c.ReplyTagImage, func(string) error {
		repository, tag := repositoryAndTag(tagged)
		return images.Tag(ctx, name, tag, repository, nil)
	})
}

func (m *methods) UntagImage(ctx context.Context, c VarlinkCall, name, tag string) error {
	return c.onImage(ctx, name, c.ReplyUntagImage, func(string) error {
		repository, tag := repositoryAndTag(tag)
		return images.Untag(ctx, name, tag, repository, nil)
	})
}

// repositoryAndTag: a colon before the last slash is that of a registry's port.
func repositoryAndTag(reference string) (repository, tag string) {
	if colon := strings.LastIndexByte(reference, ':'); colon > strings.LastIndexByte(reference, '/') {
		return reference[:colon], reference[colon+1:]
	}
	return reference, "latest"
}

func (m *methods) RemoveImage(ctx context.Context, c VarlinkCall, name string, force bool) error {
	return c.onImage(ctx, name, c.ReplyRemoveImage, func(string) error {
		_, err := removeImage(ctx, name, force)
		return err
	})
}

func (m *methods) RemoveImageWithResponse(ctx context.Context, c VarlinkCall, name string, force bool) error {
	report, err := removeImage(ctx, name, force)
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	deleted := ""
	if len(report.Deleted) > 0 {
		deleted = report.Deleted[0]
	}
	return c.ReplyRemoveImageWithResponse(ctx, RemoveImageResponse{Untagged: array(report.Untagged), Deleted: deleted})
}

// removeImage: what the bindings have for many images hides the status of one.
func removeImage(ctx context.Context, name string, force bool) (*types.ImageRemoveReport, error) {
	query := map[string][]string{"force": {strconv.FormatBool(force)}}
	response, err := request(ctx, http.MethodDelete, "/images/%s", query, name)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	report := new(types.ImageRemoveReport)
	return report, response.Process(report)
}

// onImage does something with the image of this name, and replies its id.
func (c *VarlinkCall) onImage(ctx context.Context, name string, reply func(context.Context, string) error, do func(id string) error) error {
	image, err := images.GetImage(ctx, name, nil)
	if err != nil {
		return c.imageError(ctx, name, err)
	}
	if err := do(image.ID); err != nil {
		return c.imageError(ctx, name, err)
	}
	return reply(ctx, image.ID)
}

func (m *methods) DeleteUnusedImages(ctx context.Context, c VarlinkCall) error {
	return c.pruneImages(ctx, true, nil, c.ReplyDeleteUnusedImages)
}

func (m *methods) ImagesPrune(ctx context.Context, c VarlinkCall, all bool, filter []string) error {
	return c.pruneImages(ctx, all, filters(filter), c.ReplyImagesPrune)
}

func (c *VarlinkCall) pruneImages(ctx context.Context, all bool, filters map[string][]string, reply func(context.Context, []string) error) error {
	reports, err := images.Prune(ctx, new(images.PruneOptions).WithAll(all).WithFilters(filters))
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	gone, failures := pruned(reports)
	if len(failures) > 0 {
		return c.ReplyErrorOccurred(ctx, strings.Join(failures, "; "))
	}
	return reply(ctx, gone)
}

func (m *methods) SearchImages(ctx context.Context, c VarlinkCall, query string, limit *int64, filter ImageSearchFilter) error {
	wanted := map[string][]string{}
	if filter.Is_official != nil {
		wanted["is-official"] = []string{strconv.FormatBool(*filter.Is_official)}
	}
	if filter.Is_automated != nil {
		wanted["is-automated"] = []string{strconv.FormatBool(*filter.Is_automated)}
	}
	if filter.Star_count > 0 {
		wanted["stars"] = []string{strconv.FormatInt(filter.Star_count, 10)}
	}
	options := new(images.SearchOptions).WithFilters(wanted)
	if limit != nil {
		options = options.WithLimit(int(*limit))
	}
	found, err := images.Search(ctx, query, options)
	if err != nil {
		return c.ReplyErrorOccurred(ctx, err.Error())
	}
	all := []ImageSearchResult{}
	for _, image := range found {
		all = append(all, ImageSearchResult{
			Description:  image.Description,
			Is_official:  image.Official == "[OK]",
			Is_automated: image.Automated == "[OK]",
			Registry:     image.Index,
			Name:         image.Name,
			Star_count:   int64(image.Stars),
		})
	}
	return c.ReplySearchImages(ctx, all)
}
