package twilio

import (
	"context"
	"iter"
	"time"
)

// A ShortCode is a number of five or six digits that sends and receives
// messages.
//
// See https://www.twilio.com/docs/messaging/api/short-code-resource.
type ShortCode struct {
	// SID identifies the short code: SC and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that has the short code.
	AccountSID string `json:"account_sid"`
	// ShortCode is the code, such as 894546.
	ShortCode string `json:"short_code"`
	// FriendlyName is a description; the code unless one was set.
	FriendlyName string `json:"friendly_name"`
	// APIVersion is the version of the API that incoming messages use.
	APIVersion string `json:"api_version"`

	// SMSURL is requested when a message comes in.
	SMSURL string `json:"sms_url"`
	// SMSMethod is how SMSURL is requested.
	SMSMethod HTTPMethod `json:"sms_method"`
	// SMSFallbackURL is requested when SMSURL or its TwiML fails.
	SMSFallbackURL string `json:"sms_fallback_url"`
	// SMSFallbackMethod is how SMSFallbackURL is requested.
	SMSFallbackMethod HTTPMethod `json:"sms_fallback_method"`

	// DateCreated is when the account got the short code, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the short code was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the short code's own path.
	URI string `json:"uri"`
}

// ShortCodeUpdateParams are the parameters of [ShortCodeService.Update]. A nil
// field leaves its value unchanged.
type ShortCodeUpdateParams struct {
	// FriendlyName describes the short code, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// APIVersion is the version of the API that incoming messages use:
	// 2010-04-01 or 2008-08-01.
	APIVersion *string `url:"ApiVersion,omitempty"`
	// SMSURL is requested when a message comes in.
	SMSURL *string `url:"SmsUrl,omitempty"`
	// SMSMethod is how SMSURL is requested.
	SMSMethod *HTTPMethod `url:"SmsMethod,omitempty"`
	// SMSFallbackURL is requested when SMSURL or its TwiML fails.
	SMSFallbackURL *string `url:"SmsFallbackUrl,omitempty"`
	// SMSFallbackMethod is how SMSFallbackURL is requested.
	SMSFallbackMethod *HTTPMethod `url:"SmsFallbackMethod,omitempty"`
}

func (ShortCodeUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// ShortCodeListParams are the filters of [ShortCodeService.List] and
// [ShortCodeService.All].
type ShortCodeListParams struct {
	// FriendlyName selects short codes of this name.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// ShortCode selects by the code or a part of it; * stands for any digit.
	ShortCode string `url:"ShortCode,omitempty"`
	// Limit ends the list after so many short codes; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many short codes one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p ShortCodeListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A ShortCodeService reads and changes the short codes of the account that the
// client acts on. The API neither buys nor releases them: Twilio's sales team
// does.
//
// See https://www.twilio.com/docs/messaging/api/short-code-resource.
type ShortCodeService struct{ shortCodes endpoint }

func (s *ShortCodeService) endpoint() endpoint { return orEmpty(s).shortCodes }

var shortCodes = &route{name: "short_codes", path: "/SMS/ShortCodes/{sid:SC}", list: "short_codes"}

// Get returns one short code.
func (s *ShortCodeService) Get(ctx context.Context, sid string, opts ...RequestOption) (*ShortCode, error) {
	return send[*ShortCode](ctx, s.endpoint().get(opts, sid))
}

// Update changes how messages to a short code are handled, or renames it.
func (s *ShortCodeService) Update(ctx context.Context, sid string, params ShortCodeUpdateParams, opts ...RequestOption) (*ShortCode, error) {
	return send[*ShortCode](ctx, s.endpoint().update(params, opts, sid))
}

// List returns the first page of the short codes that match.
func (s *ShortCodeService) List(ctx context.Context, params ShortCodeListParams, opts ...RequestOption) (*Page[ShortCode], error) {
	return pageOf[ShortCode](ctx, s.endpoint().query(params, opts))
}

// All iterates over the short codes that match, fetching pages as they are
// needed.
func (s *ShortCodeService) All(ctx context.Context, params ShortCodeListParams, opts ...RequestOption) iter.Seq2[*ShortCode, error] {
	return all[*ShortCode](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *ShortCodeService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[ShortCode], error) {
	return pageOf[ShortCode](ctx, s.endpoint().resumed(cursor, opts))
}
