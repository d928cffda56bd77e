package twilio

import (
	"context"
	"time"
)

// A Track is one direction of a call's audio, or both, as seen from Twilio. The
// set is open: a value that is not among the constants passes through.
type Track string

// The tracks of a call.
const (
	TrackInbound  Track = "inbound_track"
	TrackOutbound Track = "outbound_track"
	TrackBoth     Track = "both_tracks"
)

// A StreamStatus is the state of a stream. The set is open.
type StreamStatus string

// The states of a stream. The second is final.
const (
	StreamStatusInProgress StreamStatus = "in-progress"
	StreamStatusStopped    StreamStatus = "stopped"
)

// A Stream sends the audio of a call to a WebSocket, one way, while the call
// continues.
//
// See https://www.twilio.com/docs/voice/api/stream-resource.
type Stream struct {
	// SID identifies the stream: MZ and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the stream belongs to.
	AccountSID string `json:"account_sid"`
	// CallSID is the call whose audio is sent.
	CallSID string `json:"call_sid"`
	// Name is the name that the stream was created with, if any.
	Name string `json:"name"`
	// Status is in-progress or stopped.
	Status StreamStatus `json:"status"`
	// DateUpdated is when the stream was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the stream's own path.
	URI string `json:"uri"`
}

// StreamCreateParams are the parameters of [StreamService.Create]. URL is
// required.
type StreamCreateParams struct {
	// URL is the WebSocket to send the audio to: wss and no query. Use
	// Parameters in place of a query.
	URL string `url:"Url,omitempty"`
	// Name is a name by which the stream can be stopped, unique within the
	// call.
	Name string `url:"Name,omitempty"`
	// Track is what to send; inbound_track by default.
	Track Track `url:"Track,omitempty"`
	// StatusCallback is the URL that Twilio reports starts, stops and errors
	// to.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is how StatusCallback is requested; POST by default.
	StatusCallbackMethod HTTPMethod `url:"StatusCallbackMethod,omitempty"`
	// Parameters are names and values of your own that the WebSocket receives
	// in the first message; at most 99.
	Parameters map[string]string `url:"Parameter,omitempty"`
}

func (StreamCreateParams) check(r *request) error {
	return firstError(required("URL", r.form.Get("Url")), checkNumbered("Parameters", r.form))
}

// StreamUpdateParams are the parameters of [StreamService.Update]. Status is
// required.
type StreamUpdateParams struct {
	// Status is stopped, the only one that can be set.
	Status *StreamStatus `url:"Status,omitempty"`
}

func (StreamUpdateParams) check(r *request) error { return required("Status", r.form.Get("Status")) }

// A StreamService starts and stops streams of a call's audio.
//
// See https://www.twilio.com/docs/voice/api/stream-resource.
type StreamService struct{ streams endpoint }

func (s *StreamService) endpoint() endpoint { return orEmpty(s).streams }

var streams = &route{name: "calls.streams", path: "/Calls/{callSID:CA}/Streams/{sidOrName:*}"}

// Create starts a stream on a call that is in progress. The client never
// retries it once it may have reached Twilio: after an error that matches
// [ErrOutcomeUnknown], a stream that has a Name can be stopped by that name.
func (s *StreamService) Create(ctx context.Context, callSID string, params StreamCreateParams, opts ...RequestOption) (*Stream, error) {
	return send[*Stream](ctx, s.endpoint().create(params, opts, callSID))
}

// Update stops a stream, which you identify by its SID or by its name.
func (s *StreamService) Update(ctx context.Context, callSID, sidOrName string, params StreamUpdateParams, opts ...RequestOption) (*Stream, error) {
	return send[*Stream](ctx, s.endpoint().update(params, opts, callSID, sidOrName))
}
