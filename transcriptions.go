package twilio

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

// A TranscriptionStatus is the state of a transcription. The set is open: a
// value that is not among the constants passes through.
type TranscriptionStatus string

// A transcription is in-progress until it is completed or has failed.
const (
	TranscriptionStatusInProgress TranscriptionStatus = "in-progress"
	TranscriptionStatusCompleted  TranscriptionStatus = "completed"
	TranscriptionStatusFailed     TranscriptionStatus = "failed"
)

// A Transcription is the text of a recording that TwiML asked for with <Record
// transcribe>. Deleting the recording doesn't delete it.
//
// See https://www.twilio.com/docs/voice/api/recording-transcription.
type Transcription struct {
	// SID identifies the transcription: TR and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the transcription belongs to.
	AccountSID string `json:"account_sid"`
	// RecordingSID is the recording that was transcribed.
	RecordingSID string `json:"recording_sid"`
	// Status is the state of the transcription.
	Status TranscriptionStatus `json:"status"`
	// TranscriptionText is what was said; empty until the transcription is
	// completed.
	TranscriptionText string `json:"transcription_text"`
	// Type is fast.
	Type string `json:"type"`
	// Duration is the length of the audio in seconds.
	Duration int `json:"duration"`
	// Price is the charge for the transcription, in PriceUnit. Charges are
	// negative, as Twilio sends them.
	Price decimal.NullDecimal `json:"price"`
	// PriceUnit is the currency of Price: an ISO 4217 code such as USD.
	PriceUnit string `json:"price_unit"`
	// DateCreated is when the transcription was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the transcription was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// APIVersion is the version of the API that made the transcription.
	APIVersion string `json:"api_version"`
	// URI is the transcription's own path.
	URI string `json:"uri"`
}

// TranscriptionListParams are the parameters of [TranscriptionService.List] and
// [RecordingTranscriptionService.List], and of their All.
type TranscriptionListParams struct {
	// Limit ends the list after so many transcriptions; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many transcriptions one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p TranscriptionListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A TranscriptionService reads and deletes the transcriptions of all recordings
// of the account that the client acts on.
//
// See https://www.twilio.com/docs/voice/api/recording-transcription.
type TranscriptionService struct{ transcriptions endpoint }

func (s *TranscriptionService) endpoint() endpoint { return orEmpty(s).transcriptions }

var transcriptions = &route{name: "transcriptions", path: "/Transcriptions/{sid:TR}", list: "transcriptions"}

// Get reads one transcription.
func (s *TranscriptionService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Transcription, error) {
	return send[*Transcription](ctx, s.endpoint().get(opts, sid))
}

// Delete removes a transcription. Its recording stays.
func (s *TranscriptionService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's transcriptions, newest first.
func (s *TranscriptionService) List(ctx context.Context, params TranscriptionListParams, opts ...RequestOption) (*Page[Transcription], error) {
	return pageOf[Transcription](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's transcriptions, newest first, fetching pages
// as they are needed.
func (s *TranscriptionService) All(ctx context.Context, params TranscriptionListParams, opts ...RequestOption) iter.Seq2[*Transcription, error] {
	return all[*Transcription](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *TranscriptionService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Transcription], error) {
	return pageOf[Transcription](ctx, s.endpoint().resumed(cursor, opts))
}

// A RecordingTranscriptionService reads and deletes the transcriptions of a
// recording.
//
// See https://www.twilio.com/docs/voice/api/recording-transcription.
type RecordingTranscriptionService struct{ transcriptions endpoint }

func (s *RecordingTranscriptionService) endpoint() endpoint { return orEmpty(s).transcriptions }

var recordingTranscriptions = &route{name: "recordings.transcriptions",
	path: "/Recordings/{recordingSID:RE}/Transcriptions/{sid:TR}", list: "transcriptions"}

// Get reads one transcription of a recording.
func (s *RecordingTranscriptionService) Get(ctx context.Context, recordingSID, sid string, opts ...RequestOption) (*Transcription, error) {
	return send[*Transcription](ctx, s.endpoint().get(opts, recordingSID, sid))
}

// Delete removes a transcription. Its recording stays.
func (s *RecordingTranscriptionService) Delete(ctx context.Context, recordingSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, recordingSID, sid)
}

// List returns the first page of the transcriptions of a recording.
func (s *RecordingTranscriptionService) List(ctx context.Context, recordingSID string, params TranscriptionListParams, opts ...RequestOption) (*Page[Transcription], error) {
	return pageOf[Transcription](ctx, s.endpoint().query(params, opts, recordingSID))
}

// All iterates over the transcriptions of a recording, fetching pages as they
// are needed.
func (s *RecordingTranscriptionService) All(ctx context.Context, recordingSID string, params TranscriptionListParams, opts ...RequestOption) iter.Seq2[*Transcription, error] {
	return all[*Transcription](ctx, s.endpoint(), params, opts, recordingSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *RecordingTranscriptionService) Resume(ctx context.Context, recordingSID, cursor string, opts ...RequestOption) (*Page[Transcription], error) {
	return pageOf[Transcription](ctx, s.endpoint().resumed(cursor, opts, recordingSID))
}
