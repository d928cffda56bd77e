package twilio

import (
	"context"
	"iter"
	"time"
)

// ConferenceRecordingListParams are the filters of
// [ConferenceRecordingService.List] and [ConferenceRecordingService.All].
//
// The range is half-open, [After, Before), and exact to the second: Twilio
// filters by whole UTC days, and the client drops what lies outside.
type ConferenceRecordingListParams struct {
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

func (p ConferenceRecordingListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p ConferenceRecordingListParams) check(r *request) error {
	return oneRange(r, "DateCreated", p.DateCreatedAfter, p.DateCreatedBefore)
}

func (p ConferenceRecordingListParams) normalized() any {
	p.DateCreatedBefore = nextDay(p.DateCreatedBefore)
	return p
}

func (p ConferenceRecordingListParams) ranges() []timeRange {
	return []timeRange{{After: p.DateCreatedAfter, Before: p.DateCreatedBefore, param: "DateCreated"}}
}

// A ConferenceRecordingService pauses, stops, reads and deletes the recordings
// of a conference. [RecordingService] has those of all conferences, and their
// audio.
//
// See https://www.twilio.com/docs/voice/api/recording.
type ConferenceRecordingService struct{ recordings, changes endpoint }

func (s *ConferenceRecordingService) endpoint() endpoint { return orEmpty(s).recordings }

var (
	conferenceRecordings = &route{name: "conferences.recordings",
		path: "/Conferences/{conferenceSID:CF}/Recordings/{sid:RE}", list: "recordings"}
	conferenceRecordingChanges = &route{name: "conferences.recordings", // by RecordingCurrent, too
		path: "/Conferences/{conferenceSID:CF}/Recordings/{sid:*}"}
)

// Get reads one recording of a conference.
func (s *ConferenceRecordingService) Get(ctx context.Context, conferenceSID, sid string, opts ...RequestOption) (*Recording, error) {
	return send[*Recording](ctx, s.endpoint().get(opts, conferenceSID, sid))
}

// Update pauses, continues or stops a recording while its conference continues.
// sid may be [RecordingCurrent] for the one in progress; such an update isn't
// retried once it may have taken effect.
func (s *ConferenceRecordingService) Update(ctx context.Context, conferenceSID, sid string, params RecordingUpdateParams, opts ...RequestOption) (*Recording, error) {
	return send[*Recording](ctx, orEmpty(s).changes.update(params, opts, conferenceSID, sid))
}

// Delete permanently removes a recording's audio; see
// [RecordingService.Delete].
func (s *ConferenceRecordingService) Delete(ctx context.Context, conferenceSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, conferenceSID, sid)
}

// List returns the first page of the recordings of a conference, newest first.
func (s *ConferenceRecordingService) List(ctx context.Context, conferenceSID string, params ConferenceRecordingListParams, opts ...RequestOption) (*Page[Recording], error) {
	return pageOf[Recording](ctx, s.endpoint().query(params, opts, conferenceSID))
}

// All iterates over the recordings of a conference, newest first, fetching
// pages as they are needed.
func (s *ConferenceRecordingService) All(ctx context.Context, conferenceSID string, params ConferenceRecordingListParams, opts ...RequestOption) iter.Seq2[*Recording, error] {
	return all[*Recording](ctx, s.endpoint(), params, opts, conferenceSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *ConferenceRecordingService) Resume(ctx context.Context, conferenceSID, cursor string, opts ...RequestOption) (*Page[Recording], error) {
	return pageOf[Recording](ctx, s.endpoint().resumed(cursor, opts, conferenceSID))
}
