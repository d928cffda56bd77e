package twilio

import (
	"context"
	"io"
	"iter"
	"time"
)

// Media is a file of a message, such as a picture, which
// [MediaService.Download] downloads.
//
// See https://www.twilio.com/docs/messaging/api/media-resource.
type Media struct {
	// SID identifies the file: ME and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the file belongs to.
	AccountSID string `json:"account_sid"`
	// ParentSID is the message.
	ParentSID string `json:"parent_sid"`
	// ContentType is the MIME type, such as image/jpeg.
	ContentType string `json:"content_type"`
	// DateCreated is when the file was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the file was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the path of this metadata. Without .json it is the path of the
	// file.
	URI string `json:"uri"`
}

func (m *Media) dates() []time.Time { return []time.Time{m.DateCreated} }

// MediaListParams are the filters of [MediaService.List] and
// [MediaService.All].
//
// The range is half-open, [After, Before), and exact to the second: Twilio
// filters by whole UTC days, and the client drops what lies outside.
type MediaListParams struct {
	// DateCreated selects the files that were created on the UTC day of this
	// time.
	DateCreated time.Time `url:"DateCreated,omitempty" layout:"2006-01-02"`
	// DateCreatedAfter selects files that were created at this time or later.
	DateCreatedAfter time.Time `url:"DateCreated>,omitempty" layout:"2006-01-02"`
	// DateCreatedBefore selects files that were created before this time.
	DateCreatedBefore time.Time `url:"DateCreated<,omitempty" layout:"2006-01-02"`
	// Limit ends the list after so many files; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many files one request asks for, 1 to 1000. Zero lets the
	// client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p MediaListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p MediaListParams) check(r *request) error {
	return oneRange(r, "DateCreated", p.DateCreatedAfter, p.DateCreatedBefore)
}

func (p MediaListParams) normalized() any {
	p.DateCreatedBefore = nextDay(p.DateCreatedBefore)
	return p
}

func (p MediaListParams) ranges() []timeRange {
	return []timeRange{{After: p.DateCreatedAfter, Before: p.DateCreatedBefore, param: "DateCreated"}}
}

// A MediaService reads, downloads and deletes the files of a message.
//
// See https://www.twilio.com/docs/messaging/api/media-resource.
type MediaService struct{ media endpoint }

func (s *MediaService) endpoint() endpoint { return orEmpty(s).media }

var media = &route{name: "messages.media", path: "/Messages/{messageSID:SM|MM}/Media/{sid:ME}", list: "media_list"}

// Get reads a file's metadata. Download writes the file itself.
func (s *MediaService) Get(ctx context.Context, messageSID, sid string, opts ...RequestOption) (*Media, error) {
	return send[*Media](ctx, s.endpoint().get(opts, messageSID, sid))
}

// Download writes a file to w, as it arrives and of any size, and returns its
// type and size. It is retried until the first byte is written; after that the
// error says how many bytes were. [WithProgress] reports the progress.
//
// A redirect to storage is followed to https only, and without credentials.
func (s *MediaService) Download(ctx context.Context, messageSID, sid string, w io.Writer, opts ...RequestOption) (*MediaInfo, error) {
	return s.endpoint().download(ctx, "download", nil, "", w, opts, messageSID, sid)
}

// Delete permanently removes a file. Its message stays.
func (s *MediaService) Delete(ctx context.Context, messageSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, messageSID, sid)
}

// List returns the first page of the files of a message.
func (s *MediaService) List(ctx context.Context, messageSID string, params MediaListParams, opts ...RequestOption) (*Page[Media], error) {
	return pageOf[Media](ctx, s.endpoint().query(params, opts, messageSID))
}

// All iterates over the files of a message, fetching pages as they are needed.
func (s *MediaService) All(ctx context.Context, messageSID string, params MediaListParams, opts ...RequestOption) iter.Seq2[*Media, error] {
	return all[*Media](ctx, s.endpoint(), params, opts, messageSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *MediaService) Resume(ctx context.Context, messageSID, cursor string, opts ...RequestOption) (*Page[Media], error) {
	return pageOf[Media](ctx, s.endpoint().resumed(cursor, opts, messageSID))
}
