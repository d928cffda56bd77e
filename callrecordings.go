package twilio

import (
	"context"
	"iter"
	"time"
)

// RecordingCurrent stands for the recording in progress, where
// [CallRecordingService.Update] and [ConferenceRecordingService.Update] take
// the SID of one.
const RecordingCurrent = "Twilio.CURRENT"

// A RecordingEvent is an event that Twilio can send to a
// RecordingStatusCallback. The set is open: a value that is not among the
// constants passes through.
type RecordingEvent string

// The events of a recording. The comment of each RecordingStatusCallbackEvent
// lists those that it accepts.
const (
	RecordingEventStarted    RecordingEvent = "started"
	RecordingEventInProgress RecordingEvent = "in-progress"
	RecordingEventPaused     RecordingEvent = "paused"
	RecordingEventResumed    RecordingEvent = "resumed"
	RecordingEventStopped    RecordingEvent = "stopped"
	RecordingEventCompleted  RecordingEvent = "completed"
	RecordingEventFailed     RecordingEvent = "failed"
	RecordingEventAbsent     RecordingEvent = "absent"
)

// A RecordingChannels says how many channels a recording is made with.
type RecordingChannels string

// A recording has all parties in one channel, or each of two parties in its
// own.
const (
	RecordingChannelsMono RecordingChannels = "mono"
	RecordingChannelsDual RecordingChannels = "dual"
)

// A RecordingTrim says whether the silence at both ends of a recording is kept.
type RecordingTrim string

// The silence is cut off or kept.
const (
	RecordingTrimSilence   RecordingTrim = "trim-silence"
	RecordingTrimDoNotTrim RecordingTrim = "do-not-trim"
)

// A RecordingPauseBehavior says what a recording contains for the time in which
// it was paused.
type RecordingPauseBehavior string

// The recording leaves the pause out, or has silence in its place (Twilio's
// default).
const (
	RecordingPauseBehaviorSkip    RecordingPauseBehavior = "skip"
	RecordingPauseBehaviorSilence RecordingPauseBehavior = "silence"
)

// CallRecordingCreateParams are the parameters of
// [CallRecordingService.Create]. All are optional.
type CallRecordingCreateParams struct {
	// RecordingChannels is mono (default) or dual.
	RecordingChannels RecordingChannels `url:"RecordingChannels,omitempty"`
	// RecordingTrack is inbound, outbound or both (default).
	RecordingTrack RecordingTrack `url:"RecordingTrack,omitempty"`
	// Trim is do-not-trim (default) or trim-silence.
	Trim RecordingTrim `url:"Trim,omitempty"`
	// RecordingStatusCallback receives the RecordingStatusCallbackEvent events.
	RecordingStatusCallback string `url:"RecordingStatusCallback,omitempty"`
	// RecordingStatusCallbackMethod is GET or POST (default).
	RecordingStatusCallbackMethod HTTPMethod `url:"RecordingStatusCallbackMethod,omitempty"`
	// RecordingStatusCallbackEvent selects among in-progress, completed
	// (default) and absent.
	RecordingStatusCallbackEvent []RecordingEvent `url:"RecordingStatusCallbackEvent,omitempty"`
}

// RecordingUpdateParams are the parameters of [CallRecordingService.Update] and
// [ConferenceRecordingService.Update]. Status is required.
type RecordingUpdateParams struct {
	// Status is paused, in-progress or stopped. A recording that was stopped
	// can't continue.
	Status *RecordingStatus `url:"Status,omitempty"`
	// PauseBehavior is silence (default) or skip, where Status is paused.
	PauseBehavior *RecordingPauseBehavior `url:"PauseBehavior,omitempty"`
}

func (RecordingUpdateParams) check(r *request) error {
	return required("Status", r.form.Get("Status"))
}

// repeatable is false for the current recording: by the second time it may be
// another one.
func (RecordingUpdateParams) repeatable(r *request) bool {
	return r.args[len(r.args)-1] != RecordingCurrent
}

// CallRecordingListParams are the filters of [CallRecordingService.List] and
// [CallRecordingService.All].
//
// The range is half-open, [After, Before), and exact to the second: Twilio
// filters by whole UTC days, and the client drops what lies outside.
type CallRecordingListParams struct {
	// DateCreated selects the recordings that were created on the UTC day of
	// this time.
	DateCreated time.Time `url:"DateCreated,omitempty" layout:"2006-01-02"`
	// DateCreatedAfter selects recordings that were created at this time or
	// later.
	DateCreatedAfter time.Time `url:"DateCreated>,omitempty" layout:"2006-01-02"`
	// DateCreatedBefore selects recordings that were created before this time.
	DateCreatedBefore time.Time `url:"DateCreated<,omitempty" layout:"2006-01-02"`
	// Limit ends the list after so many recordings; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many recordings one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p CallRecordingListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p CallRecordingListParams) check(r *request) error {
	return oneRange(r, "DateCreated", p.DateCreatedAfter, p.DateCreatedBefore)
}

func (p CallRecordingListParams) normalized() any {
	p.DateCreatedBefore = nextDay(p.DateCreatedBefore)
	return p
}

func (p CallRecordingListParams) ranges() []timeRange {
	return []timeRange{{After: p.DateCreatedAfter, Before: p.DateCreatedBefore, param: "DateCreated"}}
}

// A CallRecordingService starts, pauses, stops, reads and deletes the
// recordings of a call. [RecordingService] has those of all calls, and their
// audio.
//
// See https://www.twilio.com/docs/voice/api/recording.
type CallRecordingService struct{ recordings, changes endpoint }

func (s *CallRecordingService) endpoint() endpoint { return orEmpty(s).recordings }

var (
	callRecordings = &route{name: "calls.recordings",
		path: "/Calls/{callSID:CA}/Recordings/{sid:RE}", list: "recordings"}
	callRecordingChanges = &route{name: "calls.recordings", // by RecordingCurrent, too
		path: "/Calls/{callSID:CA}/Recordings/{sid:*}"}
)

// Create starts recording a call that is in progress. The client never retries
// it once it may have reached Twilio: after an error that matches
// [ErrOutcomeUnknown], check with List whether the recording exists before you
// start another.
//
// A second recording of the same call through the API has no effect: the first
// one continues.
func (s *CallRecordingService) Create(ctx context.Context, callSID string, params CallRecordingCreateParams, opts ...RequestOption) (*Recording, error) {
	return send[*Recording](ctx, s.endpoint().create(params, opts, callSID))
}

// Get reads one recording of a call.
func (s *CallRecordingService) Get(ctx context.Context, callSID, sid string, opts ...RequestOption) (*Recording, error) {
	return send[*Recording](ctx, s.endpoint().get(opts, callSID, sid))
}

// Update pauses, continues or stops a recording while its call continues. sid
// may be [RecordingCurrent] for the one in progress; such an update isn't
// retried once it may have taken effect.
func (s *CallRecordingService) Update(ctx context.Context, callSID, sid string, params RecordingUpdateParams, opts ...RequestOption) (*Recording, error) {
	return send[*Recording](ctx, orEmpty(s).changes.update(params, opts, callSID, sid))
}

// Delete permanently removes a recording's audio; see
// [RecordingService.Delete].
func (s *CallRecordingService) Delete(ctx context.Context, callSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, callSID, sid)
}

// List returns the first page of the recordings of a call, newest first.
func (s *CallRecordingService) List(ctx context.Context, callSID string, params CallRecordingListParams, opts ...RequestOption) (*Page[Recording], error) {
	return pageOf[Recording](ctx, s.endpoint().query(params, opts, callSID))
}

// All iterates over the recordings of a call, newest first, fetching pages as
// they are needed.
func (s *CallRecordingService) All(ctx context.Context, callSID string, params CallRecordingListParams, opts ...RequestOption) iter.Seq2[*Recording, error] {
	return all[*Recording](ctx, s.endpoint(), params, opts, callSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *CallRecordingService) Resume(ctx context.Context, callSID, cursor string, opts ...RequestOption) (*Page[Recording], error) {
	return pageOf[Recording](ctx, s.endpoint().resumed(cursor, opts, callSID))
}
