package twilio

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

// A RecordingStatus is the state of a recording. The set is open: a value that
// is not among the constants passes through.
type RecordingStatus string

// The states of a recording. It is in-progress or paused while the call goes
// on, then stopped and processing, and ends as completed, or as absent where
// there is nothing to hear. A deleted one no longer has audio; Twilio keeps the
// rest of it for 40 days.
const (
	RecordingStatusInProgress RecordingStatus = "in-progress"
	RecordingStatusPaused     RecordingStatus = "paused"
	RecordingStatusStopped    RecordingStatus = "stopped"
	RecordingStatusProcessing RecordingStatus = "processing"
	RecordingStatusCompleted  RecordingStatus = "completed"
	RecordingStatusAbsent     RecordingStatus = "absent"
	RecordingStatusDeleted    RecordingStatus = "deleted"
)

// A RecordingSource is what started a recording. The set is open: a value that
// is not among the constants passes through.
type RecordingSource string

// A recording is started by TwiML (Dial, Conference, Record), by a SIP trunk,
// by the parameters of a call or a participant, or through the API while the
// call continues.
const (
	RecordingSourceDialVerb                    RecordingSource = "DialVerb"
	RecordingSourceConference                  RecordingSource = "Conference"
	RecordingSourceOutboundAPI                 RecordingSource = "OutboundAPI"
	RecordingSourceTrunking                    RecordingSource = "Trunking"
	RecordingSourceRecordVerb                  RecordingSource = "RecordVerb"
	RecordingSourceStartCallRecordingAPI       RecordingSource = "StartCallRecordingAPI"
	RecordingSourceStartConferenceRecordingAPI RecordingSource = "StartConferenceRecordingAPI"
)

// A RecordingTrack says whose voice a recording has. The set is open: a value
// that is not among the constants passes through.
type RecordingTrack string

// A recording has what Twilio received, what it sent, or both (Twilio's
// default).
const (
	RecordingTrackInbound  RecordingTrack = "inbound"
	RecordingTrackOutbound RecordingTrack = "outbound"
	RecordingTrackBoth     RecordingTrack = "both"
)

// A Recording is the audio of a call or a conference, which
// [RecordingService.Media] downloads.
//
// See https://www.twilio.com/docs/voice/api/recording.
type Recording struct {
	// SID identifies the recording: RE and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the recording belongs to.
	AccountSID string `json:"account_sid"`
	// CallSID is the call that was recorded; if it has two legs, it is the
	// parent.
	CallSID string `json:"call_sid"`
	// ConferenceSID is the conference that was recorded, if one was.
	ConferenceSID string `json:"conference_sid"`
	// Status is the state of the recording.
	Status RecordingStatus `json:"status"`
	// ErrorCode says why a recording is absent, and is 0 for all others. See
	// https://www.twilio.com/docs/api/errors.
	ErrorCode int `json:"error_code"`
	// Source is what started the recording.
	Source RecordingSource `json:"source"`
	// Channels is how many channels the file has: 1, or 2 with one for each
	// party.
	Channels int `json:"channels"`
	// Track says whose voice the recording has. Only recordings that are read
	// through their call have it.
	Track RecordingTrack `json:"track"`
	// StartTime is when the recording started, in UTC.
	StartTime time.Time `json:"start_time"`
	// Duration is the length of the recording in seconds; 0 while it is being
	// made.
	Duration int `json:"duration"`
	// Price is the charge for making the recording, in PriceUnit. Charges are
	// negative, as Twilio sends them. It is null until Twilio has priced the
	// recording.
	Price decimal.NullDecimal `json:"price"`
	// PriceUnit is the currency of Price: an ISO 4217 code such as USD.
	PriceUnit string `json:"price_unit"`
	// EncryptionDetails says how to decrypt a recording that is encrypted: the
	// public key's SID, the encrypted key of the content, and the
	// initialization vector. It is nil for others.
	EncryptionDetails map[string]string `json:"encryption_details"`
	// MediaURL is where the audio is, which may be your own storage.
	MediaURL string `json:"media_url"`
	// DateCreated is when the recording was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the recording was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// APIVersion is the version of the API that made the recording.
	APIVersion string `json:"api_version"`
	// SubresourceURIs has the paths of what belongs to the recording, by name
	// ("transcriptions", "add_on_results").
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the recording's own path.
	URI string `json:"uri"`
}

func (r *Recording) dates() []time.Time { return []time.Time{r.DateCreated} }

// current has what an update can set. A recording that was stopped goes on to
// be processed by itself.
func (r *Recording) current() map[string]string {
	status := r.Status
	if status == RecordingStatusProcessing || status == RecordingStatusCompleted {
		status = RecordingStatusStopped
	}
	return map[string]string{"Status": string(status)}
}

// isUnfinished reports whether the recording is still being made. Until then it
// can't be deleted, and has no audio.
func (s RecordingStatus) isUnfinished() bool {
	switch s {
	case RecordingStatusInProgress, RecordingStatusPaused, RecordingStatusStopped, RecordingStatusProcessing:
		return true
	default:
		return false
	}
}

// RecordingGetParams are the parameters of [RecordingService.Get].
type RecordingGetParams struct {
	// IncludeSoftDeleted finds a recording also after it was deleted, for 40
	// days.
	IncludeSoftDeleted bool `url:"IncludeSoftDeleted,omitempty"`
}

// RecordingListParams are the filters of [RecordingService.List] and
// [RecordingService.All].
//
// The range is half-open, [After, Before), and exact to the second: Twilio
// filters by whole UTC days, and the client drops what lies outside.
type RecordingListParams struct {
	// CallSID selects the recordings of this call.
	CallSID string `url:"CallSid,omitempty"`
	// ConferenceSID selects the recordings of this conference.
	ConferenceSID string `url:"ConferenceSid,omitempty"`
	// DateCreated selects the recordings that were created on the UTC day of
	// this time.
	DateCreated time.Time `url:"DateCreated,omitempty" layout:"2006-01-02"`
	// DateCreatedAfter selects recordings that were created at this time or
	// later.
	DateCreatedAfter time.Time `url:"DateCreated>,omitempty" layout:"2006-01-02"`
	// DateCreatedBefore selects recordings that were created before this time.
	DateCreatedBefore time.Time `url:"DateCreated<,omitempty" layout:"2006-01-02"`
	// IncludeSoftDeleted selects also those that were deleted in the last 40
	// days.
	IncludeSoftDeleted bool `url:"IncludeSoftDeleted,omitempty"`
	// Limit ends the list after so many recordings; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many recordings one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p RecordingListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p RecordingListParams) check(r *request) error {
	return oneRange(r, "DateCreated", p.DateCreatedAfter, p.DateCreatedBefore)
}

func (p RecordingListParams) normalized() any {
	p.DateCreatedBefore = nextDay(p.DateCreatedBefore)
	return p
}

func (p RecordingListParams) ranges() []timeRange {
	return []timeRange{{After: p.DateCreatedAfter, Before: p.DateCreatedBefore, param: "DateCreated"}}
}

// A RecordingService reads, downloads and deletes the recordings of the account
// that the client acts on.
//
// See https://www.twilio.com/docs/voice/api/recording.
type RecordingService struct {
	// Transcriptions has the transcriptions of a recording.
	Transcriptions *RecordingTranscriptionService
	// AddOnResults has what add-ons produced from a recording.
	AddOnResults *AddOnResultService

	recordings endpoint
}

func (s *RecordingService) endpoint() endpoint { return orEmpty(s).recordings }

var recordings = &route{name: "recordings", path: "/Recordings/{sid:RE}", list: "recordings"}

// Get reads one recording, without its audio, which Media downloads.
func (s *RecordingService) Get(ctx context.Context, sid string, params RecordingGetParams, opts ...RequestOption) (*Recording, error) {
	return send[*Recording](ctx, s.endpoint().getWith(params, opts, sid))
}

// Delete permanently removes a recording's audio. Twilio keeps the rest of the
// recording for 40 days as deleted, and refuses one that isn't completed yet.
// Transcriptions and results of add-ons have a Delete of their own; Erase
// deletes all three.
func (s *RecordingService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the recordings that match, newest first.
func (s *RecordingService) List(ctx context.Context, params RecordingListParams, opts ...RequestOption) (*Page[Recording], error) {
	return pageOf[Recording](ctx, s.endpoint().query(params, opts))
}

// All iterates over the recordings that match, newest first, fetching pages as
// they are needed.
func (s *RecordingService) All(ctx context.Context, params RecordingListParams, opts ...RequestOption) iter.Seq2[*Recording, error] {
	return all[*Recording](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *RecordingService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Recording], error) {
	return pageOf[Recording](ctx, s.endpoint().resumed(cursor, opts))
}
