package twilio

import (
	"context"
	"iter"
	"time"
)

// A CallLogEntry is an HTTP request that belongs to a call, with its response:
// one to the API, such as the one that created the call, or one from Twilio to
// your webhooks. Twilio calls it an event of the call.
//
// See https://www.twilio.com/docs/voice/api/call-event-resource.
type CallLogEntry struct {
	// Request is what was sent.
	Request CallLogRequest `json:"request"`
	// Response is what came back.
	Response CallLogResponse `json:"response"`
}

// A CallLogRequest is the request of a [CallLogEntry].
type CallLogRequest struct {
	// Method is the method of the request.
	Method HTTPMethod `json:"method"`
	// URL is where the request went.
	URL string `json:"url"`
	// Parameters are those of the request, by name. Those of requests to the
	// API are named in lower case with underscores.
	Parameters map[string]any `json:"parameters"`
}

// A CallLogResponse is the response of a [CallLogEntry].
type CallLogResponse struct {
	// ResponseCode is the HTTP status.
	ResponseCode int `json:"response_code"`
	// RequestDuration is how long the request took, in milliseconds.
	RequestDuration int `json:"request_duration"`
	// ContentType is the type of the body.
	ContentType string `json:"content_type"`
	// ResponseBody is the body: TwiML from a webhook, JSON from the API.
	ResponseBody string `json:"response_body"`
	// DateCreated is when the response arrived, in UTC.
	DateCreated time.Time `json:"date_created"`
}

// CallEventListParams are the parameters of [CallEventService.List] and
// [CallEventService.All].
type CallEventListParams struct {
	// Limit ends the list after so many entries; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many entries one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p CallEventListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A CallEventService reads the log of a call's HTTP requests.
//
// See https://www.twilio.com/docs/voice/api/call-event-resource.
type CallEventService struct{ events endpoint }

func (s *CallEventService) endpoint() endpoint { return orEmpty(s).events }

var callEvents = &route{name: "calls.events", path: "/Calls/{callSID:CA}/Events", list: "events"}

// List returns the first page of a call's log.
func (s *CallEventService) List(ctx context.Context, callSID string, params CallEventListParams, opts ...RequestOption) (*Page[CallLogEntry], error) {
	return pageOf[CallLogEntry](ctx, s.endpoint().query(params, opts, callSID))
}

// All iterates over a call's log, fetching pages as they are needed.
func (s *CallEventService) All(ctx context.Context, callSID string, params CallEventListParams, opts ...RequestOption) iter.Seq2[*CallLogEntry, error] {
	return all[*CallLogEntry](ctx, s.endpoint(), params, opts, callSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *CallEventService) Resume(ctx context.Context, callSID, cursor string, opts ...RequestOption) (*Page[CallLogEntry], error) {
	return pageOf[CallLogEntry](ctx, s.endpoint().resumed(cursor, opts, callSID))
}
