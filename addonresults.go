package twilio

import (
	"context"
	"io"
	"iter"
	"time"
)

// An AddOnResultStatus is the state of an add-on's result. The set is open: a
// value that is not among the constants passes through.
type AddOnResultStatus string

// The states of a result. It is init, queued, in-progress and processing, and
// ends as completed, canceled or failed. A deleted one no longer has payloads.
const (
	AddOnResultStatusInit       AddOnResultStatus = "init"
	AddOnResultStatusQueued     AddOnResultStatus = "queued"
	AddOnResultStatusInProgress AddOnResultStatus = "in-progress"
	AddOnResultStatusProcessing AddOnResultStatus = "processing"
	AddOnResultStatusCompleted  AddOnResultStatus = "completed"
	AddOnResultStatusCanceled   AddOnResultStatus = "canceled"
	AddOnResultStatusFailed     AddOnResultStatus = "failed"
	AddOnResultStatusDeleted    AddOnResultStatus = "deleted"
)

// An AddOnResult is the result that an add-on of Twilio's marketplace has for a
// recording. Its payloads have the data.
//
// See https://www.twilio.com/docs/voice/api/recording-addonresult-resource.
type AddOnResult struct {
	// SID identifies the result: XR and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the result belongs to.
	AccountSID string `json:"account_sid"`
	// ReferenceSID is the recording.
	ReferenceSID string `json:"reference_sid"`
	// AddOnSID is the add-on: XB and 32 hex digits.
	AddOnSID string `json:"add_on_sid"`
	// AddOnConfigurationSID is how the add-on is installed: XE and 32 hex
	// digits.
	AddOnConfigurationSID string `json:"add_on_configuration_sid"`
	// Status is the state of the result.
	Status AddOnResultStatus `json:"status"`
	// DateCreated is when the result was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the result was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// DateCompleted is when the result was completed, in UTC; zero until then.
	DateCompleted time.Time `json:"date_completed"`
	// SubresourceURIs has the path of the payloads, by name ("payloads").
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
}

// AddOnResultListParams are the parameters of [AddOnResultService.List] and
// [AddOnResultService.All].
type AddOnResultListParams struct {
	// Limit ends the list after so many results; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many results one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p AddOnResultListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An AddOnResultService reads and deletes the results that add-ons produced
// from a recording.
//
// See https://www.twilio.com/docs/voice/api/recording-addonresult-resource.
type AddOnResultService struct {
	// Payloads has the data of a result.
	Payloads *AddOnPayloadService

	results endpoint
}

func (s *AddOnResultService) endpoint() endpoint { return orEmpty(s).results }

var addOnResults = &route{name: "recordings.add_on_results",
	path: "/Recordings/{recordingSID:RE}/AddOnResults/{sid:XR}", list: "add_on_results"}

// Get reads one result.
func (s *AddOnResultService) Get(ctx context.Context, recordingSID, sid string, opts ...RequestOption) (*AddOnResult, error) {
	return send[*AddOnResult](ctx, s.endpoint().get(opts, recordingSID, sid))
}

// Delete removes a result with all its payloads.
func (s *AddOnResultService) Delete(ctx context.Context, recordingSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, recordingSID, sid)
}

// List returns the first page of the results of a recording.
func (s *AddOnResultService) List(ctx context.Context, recordingSID string, params AddOnResultListParams, opts ...RequestOption) (*Page[AddOnResult], error) {
	return pageOf[AddOnResult](ctx, s.endpoint().query(params, opts, recordingSID))
}

// All iterates over the results of a recording, fetching pages as they are
// needed.
func (s *AddOnResultService) All(ctx context.Context, recordingSID string, params AddOnResultListParams, opts ...RequestOption) iter.Seq2[*AddOnResult, error] {
	return all[*AddOnResult](ctx, s.endpoint(), params, opts, recordingSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *AddOnResultService) Resume(ctx context.Context, recordingSID, cursor string, opts ...RequestOption) (*Page[AddOnResult], error) {
	return pageOf[AddOnResult](ctx, s.endpoint().resumed(cursor, opts, recordingSID))
}

// An AddOnPayload is a part of an add-on's result. Its data is what
// [AddOnPayloadService.Download] writes.
//
// See
// https://www.twilio.com/docs/voice/api/recording-addonresult-payload-resource.
type AddOnPayload struct {
	// SID identifies the payload: XH and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the payload belongs to.
	AccountSID string `json:"account_sid"`
	// ReferenceSID is the recording.
	ReferenceSID string `json:"reference_sid"`
	// AddOnResultSID is the result that the payload is a part of.
	AddOnResultSID string `json:"add_on_result_sid"`
	// AddOnSID is the add-on: XB and 32 hex digits.
	AddOnSID string `json:"add_on_sid"`
	// AddOnConfigurationSID is how the add-on is installed: XE and 32 hex
	// digits.
	AddOnConfigurationSID string `json:"add_on_configuration_sid"`
	// Label is the vendor's description of the payload.
	Label string `json:"label"`
	// ContentType is the MIME type of the data.
	ContentType string `json:"content_type"`
	// DateCreated is when the payload was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the payload was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// SubresourceURIs has the path of the data, by name ("data").
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
}

// AddOnPayloadListParams are the parameters of [AddOnPayloadService.List] and
// [AddOnPayloadService.All].
type AddOnPayloadListParams struct {
	// Limit ends the list after so many payloads; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many payloads one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p AddOnPayloadListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An AddOnPayloadService reads, downloads and deletes the payloads of an
// add-on's result.
//
// See
// https://www.twilio.com/docs/voice/api/recording-addonresult-payload-resource.
type AddOnPayloadService struct{ payloads, data endpoint }

func (s *AddOnPayloadService) endpoint() endpoint { return orEmpty(s).payloads }

var (
	addOnPayloads = &route{name: "recordings.add_on_results.payloads",
		path: "/Recordings/{recordingSID:RE}/AddOnResults/{resultSID:XR}/Payloads/{sid:XH}", list: "payloads"}
	addOnPayloadData = &route{name: "recordings.add_on_results.payloads",
		path: "/Recordings/{recordingSID:RE}/AddOnResults/{resultSID:XR}/Payloads/{sid:XH}/Data"}
)

// Get reads one payload, without its data.
func (s *AddOnPayloadService) Get(ctx context.Context, recordingSID, resultSID, sid string, opts ...RequestOption) (*AddOnPayload, error) {
	return send[*AddOnPayload](ctx, s.endpoint().get(opts, recordingSID, resultSID, sid))
}

// Download writes a payload's data to w, as it arrives and of any size, and
// returns its type and size. It is retried until the first byte is written;
// after that the error says how many bytes were. [WithProgress] reports the
// progress.
//
// Twilio redirects to where the data is stored. The client follows to https
// only, and without credentials.
func (s *AddOnPayloadService) Download(ctx context.Context, recordingSID, resultSID, sid string, w io.Writer, opts ...RequestOption) (*MediaInfo, error) {
	return orEmpty(s).data.download(ctx, "download", nil, ".json", w, opts, recordingSID, resultSID, sid)
}

// Delete removes a payload with its data.
func (s *AddOnPayloadService) Delete(ctx context.Context, recordingSID, resultSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, recordingSID, resultSID, sid)
}

// List returns the first page of the payloads of a result.
func (s *AddOnPayloadService) List(ctx context.Context, recordingSID, resultSID string, params AddOnPayloadListParams, opts ...RequestOption) (*Page[AddOnPayload], error) {
	return pageOf[AddOnPayload](ctx, s.endpoint().query(params, opts, recordingSID, resultSID))
}

// All iterates over the payloads of a result, fetching pages as they are
// needed.
func (s *AddOnPayloadService) All(ctx context.Context, recordingSID, resultSID string, params AddOnPayloadListParams, opts ...RequestOption) iter.Seq2[*AddOnPayload, error] {
	return all[*AddOnPayload](ctx, s.endpoint(), params, opts, recordingSID, resultSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *AddOnPayloadService) Resume(ctx context.Context, recordingSID, resultSID, cursor string, opts ...RequestOption) (*Page[AddOnPayload], error) {
	return pageOf[AddOnPayload](ctx, s.endpoint().resumed(cursor, opts, recordingSID, resultSID))
}
