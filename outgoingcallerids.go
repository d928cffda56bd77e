package twilio

import (
	"context"
	"iter"
	"time"
)

// An OutgoingCallerID is a number that doesn't belong to Twilio but that its
// owner has verified, so that the account's calls may show it as their caller
// ID.
//
// See https://www.twilio.com/docs/voice/api/outgoing-caller-ids.
type OutgoingCallerID struct {
	// SID identifies the caller ID: PN and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that may use it.
	AccountSID string `json:"account_sid"`
	// PhoneNumber is the number in E.164 form.
	PhoneNumber string `json:"phone_number"`
	// FriendlyName is a description: the number in national notation unless you
	// set another.
	FriendlyName string `json:"friendly_name"`
	// DateCreated is when the number was verified, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the caller ID was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the caller ID's own path.
	URI string `json:"uri"`
}

// A ValidationRequest is a call that Twilio makes to a number to verify it. The
// number becomes an [OutgoingCallerID] once the person who answers has entered
// the code.
//
// See https://www.twilio.com/docs/voice/api/outgoing-caller-ids.
type ValidationRequest struct {
	// AccountSID is the account that may use the number afterwards.
	AccountSID string `json:"account_sid"`
	// CallSID is the call that asks for the code.
	CallSID string `json:"call_sid"`
	// PhoneNumber is the number to verify, in E.164 form.
	PhoneNumber string `json:"phone_number"`
	// FriendlyName is the description that the caller ID will have.
	FriendlyName string `json:"friendly_name"`
	// ValidationCode has the six digits to enter during the call. Show it to
	// the owner of the number at once: it is valid only for this call.
	ValidationCode string `json:"validation_code"`
}

// ValidationRequestParams are the parameters of
// [OutgoingCallerIDService.Validate]. PhoneNumber is required.
type ValidationRequestParams struct {
	// PhoneNumber is the number to verify, in E.164 form.
	PhoneNumber string `url:"PhoneNumber,omitempty"`
	// FriendlyName describes the caller ID, in at most 64 characters. Twilio's
	// default is the number in national notation.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// CallDelay is how long to wait before calling, in seconds: 0 to 60.
	CallDelay int `url:"CallDelay,omitempty"`
	// Extension has the digits to dial once the call is answered.
	Extension string `url:"Extension,omitempty"`
	// StatusCallback receives whether the number was verified.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// StatusCallbackMethod is GET or POST (Twilio's default).
	StatusCallbackMethod HTTPMethod `url:"StatusCallbackMethod,omitempty"`
}

func (ValidationRequestParams) check(r *request) error {
	return firstError(
		required("PhoneNumber", r.form.Get("PhoneNumber")),
		checkFriendlyName(r.form),
		inRange("CallDelay", number(r.form.Get("CallDelay")), 0, 60),
	)
}

// OutgoingCallerIDUpdateParams are the parameters of
// [OutgoingCallerIDService.Update]. A nil field leaves its value unchanged.
type OutgoingCallerIDUpdateParams struct {
	// FriendlyName describes the caller ID, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

func (OutgoingCallerIDUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// OutgoingCallerIDListParams are the filters of [OutgoingCallerIDService.List]
// and [OutgoingCallerIDService.All].
type OutgoingCallerIDListParams struct {
	// PhoneNumber selects by number, in E.164 form.
	PhoneNumber string `url:"PhoneNumber,omitempty"`
	// FriendlyName selects caller IDs of exactly this name.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// Limit ends the list after so many caller IDs; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many caller IDs one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p OutgoingCallerIDListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An OutgoingCallerIDService verifies, reads, renames and deletes the caller
// IDs of the account that the client acts on.
//
// See https://www.twilio.com/docs/voice/api/outgoing-caller-ids.
type OutgoingCallerIDService struct{ callerIDs, validations endpoint }

func (s *OutgoingCallerIDService) endpoint() endpoint { return orEmpty(s).callerIDs }

var (
	outgoingCallerIDs = &route{name: "outgoing_caller_ids", path: "/OutgoingCallerIds/{sid:PN}",
		list: "outgoing_caller_ids"}
	validationRequests = &route{name: "validation_requests", path: "/OutgoingCallerIds"}
)

// Validate calls a number to verify it. Show ValidationCode to its owner, who
// enters it during the call. The number is a caller ID from then on:
// StatusCallback receives the result, and List has the number.
//
// The client never retries it once it may have reached Twilio: an error that
// matches [ErrOutcomeUnknown] means that the phone may be ringing, and that its
// code is lost. Wait until the call is over before you try again.
func (s *OutgoingCallerIDService) Validate(ctx context.Context, params ValidationRequestParams, opts ...RequestOption) (*ValidationRequest, error) {
	return send[*ValidationRequest](ctx, orEmpty(s).validations.create(params, opts))
}

// Get reads one caller ID.
func (s *OutgoingCallerIDService) Get(ctx context.Context, sid string, opts ...RequestOption) (*OutgoingCallerID, error) {
	return send[*OutgoingCallerID](ctx, s.endpoint().get(opts, sid))
}

// Update renames a caller ID.
func (s *OutgoingCallerIDService) Update(ctx context.Context, sid string, params OutgoingCallerIDUpdateParams, opts ...RequestOption) (*OutgoingCallerID, error) {
	return send[*OutgoingCallerID](ctx, s.endpoint().update(params, opts, sid))
}

// Delete deletes a caller ID; calls can't show it from then on.
func (s *OutgoingCallerIDService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the caller IDs that match.
func (s *OutgoingCallerIDService) List(ctx context.Context, params OutgoingCallerIDListParams, opts ...RequestOption) (*Page[OutgoingCallerID], error) {
	return pageOf[OutgoingCallerID](ctx, s.endpoint().query(params, opts))
}

// All iterates over the caller IDs that match, fetching pages as they are
// needed.
func (s *OutgoingCallerIDService) All(ctx context.Context, params OutgoingCallerIDListParams, opts ...RequestOption) iter.Seq2[*OutgoingCallerID, error] {
	return all[*OutgoingCallerID](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *OutgoingCallerIDService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[OutgoingCallerID], error) {
	return pageOf[OutgoingCallerID](ctx, s.endpoint().resumed(cursor, opts))
}
