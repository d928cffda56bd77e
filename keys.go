package twilio

import "time"

// Key is an API key: a name and a secret that stand in for the account's SID and
// auth token, and that can be withdrawn one by one. A key reaches the account
// that it belongs to and no other: a main account's key is refused on the
// resources of its subaccounts. The keys made here are standard keys, which
// manage neither accounts nor keys.
//
// See https://www.twilio.com/docs/iam/api-keys/keys-in-v2010-api.
type Key struct {
	// SID identifies the key, and is its user name: SK and 32 hex digits.
	SID string `json:"sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// Secret is the key's password. It is there in the answer to
	// [KeyService.Create] and never again.
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

// KeyUpdateParams are the parameters of [KeyService.Update]. A nil field leaves
// its value alone.
type KeyUpdateParams struct {
	// FriendlyName describes the key, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

// KeyListParams are the parameters of [KeyService.List] and [KeyService.All].
type KeyListParams struct {
	// Limit ends the list after so many keys; 0 means no limit.
	Limit int `url:"-"`
	// PageSize is how many keys one request asks for, 1 to 1000; 0 means as many
	// as help.
	PageSize int `url:"PageSize,omitempty"`
}
