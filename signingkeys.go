package twilio

import "time"

// SigningKey is an API key under its older name, from when keys only signed
// access tokens. Twilio keeps the resource for code that uses it; new code does
// better with [Key].
//
// See https://www.twilio.com/docs/iam/api-keys/keys-in-v2010-api.
type SigningKey struct {
	// SID identifies the key: SK and 32 hex digits.
	SID string `json:"sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// Secret is what the key signs with. It is there in the answer to
	// [SigningKeyService.Create] and never again.
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

// SigningKeyUpdateParams are the parameters of [SigningKeyService.Update]. A nil
// field leaves its value alone.
type SigningKeyUpdateParams struct {
	// FriendlyName describes the key, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

// SigningKeyListParams are the parameters of [SigningKeyService.List] and
// [SigningKeyService.All].
type SigningKeyListParams struct {
	// Limit ends the list after so many keys; 0 means no limit.
	Limit int `url:"-"`
	// PageSize is how many keys one request asks for, 1 to 1000; 0 means as many
	// as help.
	PageSize int `url:"PageSize,omitempty"`
}
