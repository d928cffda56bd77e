package twilio

import (
	"context"
	"time"
)

// A Token is a user name and a password for Twilio's STUN and TURN servers, by
// which WebRTC clients reach each other through firewalls. They expire. Tokens
// have nothing to do with AuthTokens or access tokens.
//
// See https://www.twilio.com/docs/stun-turn/api.
type Token struct {
	// AccountSID is the account that pays for the traffic.
	AccountSID string `json:"account_sid"`
	// Username is the temporary user name.
	Username string `json:"username"`
	// Password goes with Username.
	Password Secret `json:"password"`
	// TTL is how long both are valid, in seconds.
	TTL int `json:"ttl"`
	// ICEServers are the servers to pass to the WebRTC client, with the
	// credentials of each.
	ICEServers []ICEServer `json:"ice_servers"`
	// DateCreated is when the token was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is the same.
	DateUpdated time.Time `json:"date_updated"`
}

// An ICEServer is a STUN or TURN server, in the form of the browser's
// RTCIceServer.
//
// See https://www.twilio.com/docs/stun-turn/api.
type ICEServer struct {
	// URLs is the address, such as
	// turn:global.turn.twilio.com:3478?transport=udp.
	URLs string `json:"urls"`
	// URL is the same under an older name, for browsers that support no other.
	URL string `json:"url"`
	// Username is the temporary user name; empty for STUN, which takes none.
	Username string `json:"username"`
	// Credential is the temporary password; empty for STUN. The JSON of an
	// ICEServer doesn't contain it: pass Credential.Reveal() to the WebRTC
	// client.
	Credential Secret `json:"credential"`
}

// TokenCreateParams are the parameters of [TokenService.Create].
type TokenCreateParams struct {
	// TTL is how long the token is to be valid, in seconds; 86400, a day, by
	// default.
	TTL int `url:"Ttl,omitempty"`
}

func (TokenCreateParams) check(r *request) error {
	return nonNegative("TTL", number(r.form.Get("Ttl")))
}

// repeatable is true: a token that nobody received costs nothing and expires.
func (TokenCreateParams) repeatable(*request) bool { return true }

// A TokenService creates tokens for Twilio's STUN and TURN servers, on the
// account that the client acts on.
//
// See https://www.twilio.com/docs/stun-turn/api.
type TokenService struct{ tokens endpoint }

func (s *TokenService) endpoint() endpoint { return orEmpty(s).tokens }

var tokens = &route{name: "tokens", path: "/Tokens"}

// Create makes a token. The client retries it like a read, because a second
// token does no harm.
func (s *TokenService) Create(ctx context.Context, params TokenCreateParams, opts ...RequestOption) (*Token, error) {
	return send[*Token](ctx, s.endpoint().create(params, opts))
}
