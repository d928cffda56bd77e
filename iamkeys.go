package twilio

import (
	"context"
	"encoding/json"
	"iter"
	"net/url"
	"time"
)

// An IAMKeyType is the kind of key to create. The set is open: a value that is
// not among the constants passes through.
type IAMKeyType string

// IAMKeyTypeRestricted is a key with a policy of its own.
const IAMKeyTypeRestricted IAMKeyType = "restricted"

// An IAMPolicy is what a restricted key may do.
//
// See https://www.twilio.com/docs/iam/api-keys/restricted-api-keys.
type IAMPolicy struct {
	// Allow has permissions such as "/twilio/messaging/messages/read", at most
	// 100. Permission to read isn't permission to list.
	Allow []string `json:"allow"`
}

// IsZero reports whether there is no policy. One that allows nothing has an
// empty list.
func (p IAMPolicy) IsZero() bool { return p.Allow == nil }

// EncodeValues writes the policy into a form, as JSON.
func (p IAMPolicy) EncodeValues(key string, form *url.Values) error {
	if p.Allow == nil {
		p.Allow = []string{}
	}
	text, err := json.Marshal(p)
	form.Set(key, string(text))
	return err
}

// An IAMKey is an API key, standard or restricted, as Twilio's host for
// identity and access management has it.
//
// See https://www.twilio.com/docs/iam/api-keys/key-resource-v1.
type IAMKey struct {
	// SID identifies the key, and is its user name: SK and 32 hex digits.
	SID string `json:"sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// Secret is the key's password. It is in the response to
	// [IAMKeyService.Create] and never again.
	Secret Secret `json:"secret"`
	// Policy is what a restricted key may do; empty for other keys and in
	// lists.
	Policy IAMPolicy `json:"policy"`
	// Flags say what a standard key is for, such as "rest_api" and "signing".
	// Only lists have them, and not for restricted keys.
	Flags []string `json:"flags"`
	// DateCreated is when the key was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the key was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
}

// IAMKeyCreateParams are the parameters of [IAMKeyService.Create].
type IAMKeyCreateParams struct {
	// AccountSID is the account that the key is for; empty means the client's
	// own.
	AccountSID string `url:"AccountSid,omitempty"`
	// FriendlyName describes the key, in at most 64 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// KeyType is restricted for a key with a Policy; empty for a standard key.
	KeyType IAMKeyType `url:"KeyType,omitempty"`
	// Policy is what a restricted key may do, and is for those only.
	Policy IAMPolicy `url:"Policy,omitempty"`
}

func (IAMKeyCreateParams) check(r *request) error {
	if r.form.Get("KeyType") == "" && r.form.Has("Policy") {
		return &ParamError{Field: "KeyType", Reason: "is empty, but Policy is set; set it to restricted, or leave out Policy for a key with all permissions"}
	}
	return checkFriendlyName(r.form)
}

// IAMKeyUpdateParams are the parameters of [IAMKeyService.Update]. A nil field
// leaves its value unchanged.
type IAMKeyUpdateParams struct {
	// FriendlyName describes the key, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// Policy replaces the policy of a restricted key, as a whole.
	Policy *IAMPolicy `url:"Policy,omitempty"`
}

func (IAMKeyUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// IAMKeyListParams are the parameters of [IAMKeyService.List] and
// [IAMKeyService.All].
type IAMKeyListParams struct {
	// AccountSID is the account whose keys are listed; empty means the client's
	// own.
	AccountSID string `url:"AccountSid,omitempty"`
	// Limit ends the list after so many keys; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many keys one request asks for, 1 to 1000. Zero lets the
	// client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p IAMKeyListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An IAMService has the resources of Twilio's host for identity and access
// management.
type IAMService struct {
	// Keys are API keys, restricted ones with their policies included.
	Keys *IAMKeyService
}

// An IAMKeyService creates, reads, changes and revokes API keys. Creating one
// requires the account's AuthToken, a main key, or a restricted key with that
// permission. For a subaccount, use its own credentials, by
// [Client.WithCredentials].
//
// Restricted keys exist in the region US1 only, and can't sign access tokens.
//
// See https://www.twilio.com/docs/iam/api-keys/key-resource-v1.
type IAMKeyService struct{ keys endpoint }

func (s *IAMKeyService) endpoint() endpoint { return orEmpty(s).keys }

var iamKeys = &route{name: "iam.keys", path: "https://iam.twilio.com/v1/Keys/{sid:SK}", list: "keys"}

// Create makes a key. Its Secret is in the response and can't be read again:
// store it at once. [APIKey] accepts it, with the account's SID.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], check with List whether the key exists,
// delete it, since its secret is lost, and create another. Twilio refuses a
// permission that doesn't exist with [CodeBadRequest], and what the credentials
// may not do with [CodeMissingGrant].
func (s *IAMKeyService) Create(ctx context.Context, params IAMKeyCreateParams, opts ...RequestOption) (*IAMKey, error) {
	params.AccountSID = s.endpoint().accountOr(params.AccountSID)
	return send[*IAMKey](ctx, s.endpoint().create(params, opts))
}

// Get reads one key, without its secret.
func (s *IAMKeyService) Get(ctx context.Context, sid string, opts ...RequestOption) (*IAMKey, error) {
	return send[*IAMKey](ctx, s.endpoint().get(opts, sid))
}

// Update renames a key or replaces its policy.
func (s *IAMKeyService) Update(ctx context.Context, sid string, params IAMKeyUpdateParams, opts ...RequestOption) (*IAMKey, error) {
	return send[*IAMKey](ctx, s.endpoint().update(params, opts, sid))
}

// Delete revokes a key, and the access tokens that were made with it; requests
// that use them fail from then on.
func (s *IAMKeyService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of an account's keys, those of [KeyService]
// included.
func (s *IAMKeyService) List(ctx context.Context, params IAMKeyListParams, opts ...RequestOption) (*Page[IAMKey], error) {
	params.AccountSID = s.endpoint().accountOr(params.AccountSID)
	return pageOf[IAMKey](ctx, s.endpoint().query(params, opts))
}

// All iterates over an account's keys, fetching pages as they are needed.
func (s *IAMKeyService) All(ctx context.Context, params IAMKeyListParams, opts ...RequestOption) iter.Seq2[*IAMKey, error] {
	params.AccountSID = s.endpoint().accountOr(params.AccountSID)
	return all[*IAMKey](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *IAMKeyService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[IAMKey], error) {
	return pageOf[IAMKey](ctx, s.endpoint().resumed(cursor, opts))
}

// accountOr returns a SID, or that of the account that the client acts on.
func (e endpoint) accountOr(sid string) string {
	if sid == "" && e.client != nil {
		return e.client.accountSID
	}
	return sid
}
