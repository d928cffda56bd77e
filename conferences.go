package twilio

import (
	"context"
	"iter"
	"time"
)

// A ConferenceStatus is the state of a conference. The set is open: a value
// that is not among the constants passes through.
type ConferenceStatus string

// The states of a conference. Init lasts until a participant starts the
// conference; completed is permanent.
const (
	ConferenceStatusInit       ConferenceStatus = "init"
	ConferenceStatusInProgress ConferenceStatus = "in-progress"
	ConferenceStatusCompleted  ConferenceStatus = "completed"
)

// A ConferenceEndReason says why a conference has ended. The set is open: a
// value that is not among the constants passes through.
type ConferenceEndReason string

// The reasons why a conference ends: [ConferenceService.Update], a participant
// with EndConferenceOnExit who left or was removed, or the last participant who
// left or was removed.
const (
	ConferenceEndReasonAPI                   ConferenceEndReason = "conference-ended-via-api"
	ConferenceEndReasonEndOnExitLeft         ConferenceEndReason = "participant-with-end-conference-on-exit-left"
	ConferenceEndReasonEndOnExitKicked       ConferenceEndReason = "participant-with-end-conference-on-exit-kicked"
	ConferenceEndReasonLastParticipantLeft   ConferenceEndReason = "last-participant-left"
	ConferenceEndReasonLastParticipantKicked ConferenceEndReason = "last-participant-kicked"
)

// A Conference is a room in which the audio of several calls is mixed. It can't
// be created on its own: it begins with its first participant, by
// [ParticipantService.Create] or by TwiML. At most one conference of a
// FriendlyName is live in an account at a time.
//
// See https://www.twilio.com/docs/voice/api/conference-resource.
type Conference struct {
	// SID identifies the conference: CF and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the conference belongs to.
	AccountSID string `json:"account_sid"`
	// FriendlyName is the name by which participants join, at most 128
	// characters.
	FriendlyName string `json:"friendly_name"`
	// Status is the state of the conference.
	Status ConferenceStatus `json:"status"`
	// ReasonConferenceEnded says why the conference has ended; empty while it
	// is live.
	ReasonConferenceEnded ConferenceEndReason `json:"reason_conference_ended"`
	// CallSIDEndingConference is the call that made the conference end, if one
	// did.
	CallSIDEndingConference string `json:"call_sid_ending_conference"`
	// Region is where Twilio mixes the audio, such as us1.
	Region string `json:"region"`
	// DateCreated is when the conference was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the conference was last changed, in UTC: for a
	// completed one, when it ended.
	DateUpdated time.Time `json:"date_updated"`
	// APIVersion is the version of the API that created the conference.
	APIVersion string `json:"api_version"`
	// SubresourceURIs has the paths of what belongs to the conference, by name
	// ("participants", "recordings").
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the conference's own path.
	URI string `json:"uri"`
}

func (c *Conference) dates() []time.Time { return []time.Time{c.DateCreated, c.DateUpdated} }

func (c *Conference) current() map[string]string {
	return map[string]string{"Status": string(c.Status)}
}

// ConferenceUpdateParams are the parameters of [ConferenceService.Update]. A
// nil field changes nothing.
type ConferenceUpdateParams struct {
	// Status ends the conference: Twilio accepts only completed.
	Status *ConferenceStatus `url:"Status,omitempty"`
	// AnnounceURL plays an announcement to the conference, once: an MP3 or WAV
	// file, or TwiML with Play, Say, Pause and Redirect.
	AnnounceURL *string `url:"AnnounceUrl,omitempty"`
	// AnnounceMethod is how AnnounceURL is requested: GET or POST (Twilio's
	// default).
	AnnounceMethod *HTTPMethod `url:"AnnounceMethod,omitempty"`
}

// repeatable is false for an announcement, which might be heard twice.
func (ConferenceUpdateParams) repeatable(r *request) bool { return !r.form.Has("AnnounceUrl") }

// ConferenceListParams are the filters of [ConferenceService.List] and
// [ConferenceService.All].
//
// The ranges are half-open, [After, Before), and exact to the second: Twilio
// filters by whole UTC days, and the client drops what lies outside.
type ConferenceListParams struct {
	// FriendlyName selects conferences of exactly this name.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// Status selects conferences in this state.
	Status ConferenceStatus `url:"Status,omitempty"`
	// DateCreated selects the conferences that were created on the UTC day of
	// this time.
	DateCreated time.Time `url:"DateCreated,omitempty" layout:"2006-01-02"`
	// DateCreatedAfter selects conferences that were created at this time or
	// later.
	DateCreatedAfter time.Time `url:"DateCreated>,omitempty" layout:"2006-01-02"`
	// DateCreatedBefore selects conferences that were created before this time.
	DateCreatedBefore time.Time `url:"DateCreated<,omitempty" layout:"2006-01-02"`
	// DateUpdated selects the conferences that were last changed on the UTC day
	// of this time.
	DateUpdated time.Time `url:"DateUpdated,omitempty" layout:"2006-01-02"`
	// DateUpdatedAfter selects conferences that were last changed at this time
	// or later.
	DateUpdatedAfter time.Time `url:"DateUpdated>,omitempty" layout:"2006-01-02"`
	// DateUpdatedBefore selects conferences that were last changed before this
	// time.
	DateUpdatedBefore time.Time `url:"DateUpdated<,omitempty" layout:"2006-01-02"`
	// Limit ends the list after so many conferences; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many conferences one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p ConferenceListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p ConferenceListParams) check(r *request) error {
	return firstError(
		oneRange(r, "DateCreated", p.DateCreatedAfter, p.DateCreatedBefore),
		oneRange(r, "DateUpdated", p.DateUpdatedAfter, p.DateUpdatedBefore),
	)
}

func (p ConferenceListParams) normalized() any {
	p.DateCreatedBefore, p.DateUpdatedBefore = nextDay(p.DateCreatedBefore), nextDay(p.DateUpdatedBefore)
	return p
}

func (p ConferenceListParams) ranges() []timeRange {
	return []timeRange{
		{After: p.DateCreatedAfter, Before: p.DateCreatedBefore, param: "DateCreated", wholeDays: true},
		{After: p.DateUpdatedAfter, Before: p.DateUpdatedBefore, param: "DateUpdated", wholeDays: true},
	}
}

// A ConferenceService reads and ends the conferences of the account that the
// client acts on, and plays announcements to them.
//
// See https://www.twilio.com/docs/voice/api/conference-resource.
type ConferenceService struct {
	// Participants has the calls in a conference.
	Participants *ParticipantService
	// Recordings has the recordings of a conference.
	Recordings *ConferenceRecordingService

	conferences endpoint
}

func (s *ConferenceService) endpoint() endpoint { return orEmpty(s).conferences }

var conferences = &route{name: "conferences", path: "/Conferences/{sid:CF}", list: "conferences"}

// Get reads one conference, live or completed.
func (s *ConferenceService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Conference, error) {
	return send[*Conference](ctx, s.endpoint().get(opts, sid))
}

// Update ends a conference, for all of its participants, or plays an
// announcement to them.
//
// An update with AnnounceURL is an action, not a value that is set. The client
// never retries it once it may have reached Twilio: an error that matches
// [ErrOutcomeUnknown] means that the announcement may have been heard.
func (s *ConferenceService) Update(ctx context.Context, sid string, params ConferenceUpdateParams, opts ...RequestOption) (*Conference, error) {
	return send[*Conference](ctx, s.endpoint().update(params, opts, sid))
}

// List returns the first page of the conferences that match.
func (s *ConferenceService) List(ctx context.Context, params ConferenceListParams, opts ...RequestOption) (*Page[Conference], error) {
	return pageOf[Conference](ctx, s.endpoint().query(params, opts))
}

// All iterates over the conferences that match, fetching pages as they are
// needed.
func (s *ConferenceService) All(ctx context.Context, params ConferenceListParams, opts ...RequestOption) iter.Seq2[*Conference, error] {
	return all[*Conference](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *ConferenceService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Conference], error) {
	return pageOf[Conference](ctx, s.endpoint().resumed(cursor, opts))
}
