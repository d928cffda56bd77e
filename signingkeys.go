package twilio

import (
	"context"
	"iter"
	"time"
)

// A SigningKey is an API key in an older resource of the API, named after the
// signing of access tokens. New code should use [Key].
//
// See https://www.twilio.com/docs/iam/api-keys/key-resource-v2010.
type SigningKey struct {
	// SID identifies the key: SK and 32 hex digits.
	SID string `json:"sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// Secret signs access tokens. Only the response to
	// [SigningKeyService.Create] has it.
	Secret Secret `json:"secret"`
	// DateCreated is when the key was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the key was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
}

// SigningKeyCreateParams are the parameters of [SigningKeyService.Create].
type SigningKeyCreateParams struct {
	// FriendlyName describes the key, in at most 64 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
}

func (SigningKeyCreateParams) check(r *request) error { return checkFriendlyName(r.form) }

// SigningKeyUpdateParams are the parameters of [SigningKeyService.Update]. A
// nil field leaves its value unchanged.
type SigningKeyUpdateParams struct {
	// FriendlyName describes the key, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

func (SigningKeyUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// SigningKeyListParams are the parameters of [SigningKeyService.List] and
// [SigningKeyService.All].
type SigningKeyListParams struct {
	// Limit ends the list after so many keys; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many keys one request asks for, 1 to 1000. Zero lets the
	// client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p SigningKeyListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A SigningKeyService creates, reads, renames and deletes the signing keys of
// the account that the client acts on. It requires an AuthToken or a main key:
// a standard key can't manage keys.
//
// See https://www.twilio.com/docs/iam/api-keys/key-resource-v2010.
type SigningKeyService struct{ keys endpoint }

func (s *SigningKeyService) endpoint() endpoint { return orEmpty(s).keys }

var signingKeys = &route{name: "signing_keys", path: "/SigningKeys/{sid:SK}", list: "signing_keys"}

// Create creates a signing key. Store its Secret, which can't be read again.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], check with List whether the key exists,
// delete it, since its secret is lost, and create another.
func (s *SigningKeyService) Create(ctx context.Context, params SigningKeyCreateParams, opts ...RequestOption) (*SigningKey, error) {
	return send[*SigningKey](ctx, s.endpoint().create(params, opts))
}

// Get reads one signing key, without its secret.
func (s *SigningKeyService) Get(ctx context.Context, sid string, opts ...RequestOption) (*SigningKey, error) {
	return send[*SigningKey](ctx, s.endpoint().get(opts, sid))
}

// Update renames a signing key.
func (s *SigningKeyService) Update(ctx context.Context, sid string, params SigningKeyUpdateParams, opts ...RequestOption) (*SigningKey, error) {
	return send[*SigningKey](ctx, s.endpoint().update(params, opts, sid))
}

// Delete revokes a signing key; requests that use it fail from then on.
func (s *SigningKeyService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's signing keys.
func (s *SigningKeyService) List(ctx context.Context, params SigningKeyListParams, opts ...RequestOption) (*Page[SigningKey], error) {
	return pageOf[SigningKey](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's signing keys, fetching pages as they are
// needed.
func (s *SigningKeyService) All(ctx context.Context, params SigningKeyListParams, opts ...RequestOption) iter.Seq2[*SigningKey, error] {
	return all[*SigningKey](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *SigningKeyService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[SigningKey], error) {
	return pageOf[SigningKey](ctx, s.endpoint().resumed(cursor, opts))
}
