package twilio

import (
	"context"
	"iter"
	"time"
)

// A Key is an API key: a SID and a secret that replace the account's SID and
// AuthToken, and that can be revoked one by one. A key reaches only the account
// that it belongs to: Twilio refuses a main account's key on the resources of
// its subaccounts. [KeyService.Create] creates standard keys, which can manage
// neither accounts nor keys; Twilio's Console creates main keys, which can.
//
// See https://www.twilio.com/docs/iam/api-keys/key-resource-v2010.
type Key struct {
	// SID identifies the key and is its user name: SK and 32 hex digits.
	SID string `json:"sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// Secret is the key's password. Only the response to [KeyService.Create]
	// has it.
	Secret Secret `json:"secret"`
	// DateCreated is when the key was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the key was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
}

// KeyCreateParams are the parameters of [KeyService.Create].
type KeyCreateParams struct {
	// FriendlyName describes the key, in at most 64 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
}

func (KeyCreateParams) check(r *request) error { return checkFriendlyName(r.form) }

// KeyUpdateParams are the parameters of [KeyService.Update]. A nil field leaves
// its value unchanged.
type KeyUpdateParams struct {
	// FriendlyName describes the key, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

func (KeyUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// KeyListParams are the parameters of [KeyService.List] and [KeyService.All].
type KeyListParams struct {
	// Limit ends the list after so many keys; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many keys one request asks for, 1 to 1000. Zero lets the
	// client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p KeyListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A KeyService creates, reads, renames and deletes the keys of the account that
// the client acts on. It requires an AuthToken or a main key: a standard key
// can't manage keys.
//
// See https://www.twilio.com/docs/iam/api-keys/key-resource-v2010.
type KeyService struct{ keys endpoint }

func (s *KeyService) endpoint() endpoint { return orEmpty(s).keys }

var keys = &route{name: "keys", path: "/Keys/{sid:SK}", list: "keys"}

// Create creates a key. Store its Secret, which can't be read again. [APIKey]
// accepts it, with the account's SID.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], check with List whether the key exists,
// delete it, since its secret is lost, and create another.
func (s *KeyService) Create(ctx context.Context, params KeyCreateParams, opts ...RequestOption) (*Key, error) {
	return send[*Key](ctx, s.endpoint().create(params, opts))
}

// Get reads one key, without its secret.
func (s *KeyService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Key, error) {
	return send[*Key](ctx, s.endpoint().get(opts, sid))
}

// Update renames a key.
func (s *KeyService) Update(ctx context.Context, sid string, params KeyUpdateParams, opts ...RequestOption) (*Key, error) {
	return send[*Key](ctx, s.endpoint().update(params, opts, sid))
}

// Delete revokes a key; requests that use it fail from then on.
func (s *KeyService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's keys.
func (s *KeyService) List(ctx context.Context, params KeyListParams, opts ...RequestOption) (*Page[Key], error) {
	return pageOf[Key](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's keys, fetching pages as they are needed.
func (s *KeyService) All(ctx context.Context, params KeyListParams, opts ...RequestOption) iter.Seq2[*Key, error] {
	return all[*Key](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *KeyService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Key], error) {
	return pageOf[Key](ctx, s.endpoint().resumed(cursor, opts))
}
