package twilio

import (
	"context"
	"time"
)

// A SiprecStatus is the state of a SIPREC session. The set is open: a value
// that is not among the constants passes through.
type SiprecStatus string

// The states of a SIPREC session. The second is final.
const (
	SiprecStatusInProgress SiprecStatus = "in-progress"
	SiprecStatusStopped    SiprecStatus = "stopped"
)

// A Siprec is a session that sends the audio of a call to a recorder by the
// SIPREC protocol, while the call continues.
//
// See https://www.twilio.com/docs/voice/api/siprec.
type Siprec struct {
	// SID identifies the session: SR and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the session belongs to.
	AccountSID string `json:"account_sid"`
	// CallSID is the call whose audio is sent.
	CallSID string `json:"call_sid"`
	// Name is the name that the session was created with, if any.
	Name string `json:"name"`
	// Status is in-progress or stopped.
	Status SiprecStatus `json:"status"`
	// DateUpdated is when the session was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the session's own path.
	URI string `json:"uri"`
}

// SiprecCreateParams are the parameters of [SiprecService.Create].
type SiprecCreateParams struct {
	// Name is a name by which the session can be stopped, unique within the
	// call.
	Name string `url:"Name,omitempty"`
	// ConnectorName is the unique name of the SIPREC connector, an add-on of
	// the account, that leads to the recorder.
	ConnectorName string `url:"ConnectorName,omitempty"`
	// Track is what to send; both_tracks by default.
	Track Track `url:"Track,omitempty"`
	// StatusCallback is the URL that Twilio reports starts, stops and errors
	// to.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is how StatusCallback is requested; POST by default.
	StatusCallbackMethod HTTPMethod `url:"StatusCallbackMethod,omitempty"`
	// Parameters are names and values of your own that the recorder receives;
	// at most 99.
	Parameters map[string]string `url:"Parameter,omitempty"`
}

func (SiprecCreateParams) check(r *request) error { return checkNumbered("Parameters", r.form) }

// SiprecUpdateParams are the parameters of [SiprecService.Update]. Status is
// required.
type SiprecUpdateParams struct {
	// Status is stopped, the only one that can be set.
	Status *SiprecStatus `url:"Status,omitempty"`
}

func (SiprecUpdateParams) check(r *request) error { return required("Status", r.form.Get("Status")) }

// A SiprecService starts and stops SIPREC sessions of a call.
//
// See https://www.twilio.com/docs/voice/api/siprec.
type SiprecService struct{ sessions endpoint }

func (s *SiprecService) endpoint() endpoint { return orEmpty(s).sessions }

var siprecSessions = &route{name: "calls.siprec", path: "/Calls/{callSID:CA}/Siprec/{sidOrName:*}"}

// Create starts a session on a call that is in progress. The client never
// retries it once it may have reached Twilio: after an error that matches
// [ErrOutcomeUnknown], a session that has a Name can be stopped by that name.
func (s *SiprecService) Create(ctx context.Context, callSID string, params SiprecCreateParams, opts ...RequestOption) (*Siprec, error) {
	return send[*Siprec](ctx, s.endpoint().create(params, opts, callSID))
}

// Update stops a session, which you identify by its SID or by its name.
func (s *SiprecService) Update(ctx context.Context, callSID, sidOrName string, params SiprecUpdateParams, opts ...RequestOption) (*Siprec, error) {
	return send[*Siprec](ctx, s.endpoint().update(params, opts, callSID, sidOrName))
}
