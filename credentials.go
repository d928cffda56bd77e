package twilio

import (
	"encoding/base64"
	"os"
	"strings"
)

// Credentials are what a [Client] authenticates with. Make them with
// [AuthToken], [APIKey] or [Account.Credentials]. They print no secret and
// encode to nothing; to store them, store AccountSID, KeySID and the revealed
// Secret.
type Credentials struct {
	accountSID string
	keySID     string // empty for an AuthToken
	secret     Secret
}

// AuthToken makes credentials from an account's SID and AuthToken. Those of the
// main account reach it and all its subaccounts, those of a subaccount reach
// that subaccount only.
func AuthToken(accountSID, authToken string) Credentials {
	return Credentials{accountSID: accountSID, secret: NewSecret(authToken)}
}

// APIKey makes credentials from an API key. A key reaches the account that it
// belongs to and nothing else: with a main account's key, the client refuses
// requests on a subaccount.
//
// See https://www.twilio.com/docs/iam/api-keys.
func APIKey(accountSID, keySID, keySecret string) Credentials {
	return Credentials{accountSID: accountSID, keySID: keySID, secret: NewSecret(keySecret)}
}

// AccountSID returns the SID of the account that the credentials belong to.
func (c Credentials) AccountSID() string { return c.accountSID }

// KeySID returns the SID of the API key; it is empty for an AuthToken.
func (c Credentials) KeySID() string { return c.keySID }

// Secret returns the AuthToken, or the API key's secret.
func (c Credentials) Secret() Secret { return c.secret }

// Equal reports whether two Credentials are the same.
func (c Credentials) Equal(other Credentials) bool {
	return c.accountSID == other.accountSID && c.keySID == other.keySID && c.secret.Equal(other.secret)
}

func (c Credentials) isKey() bool { return c.keySID != "" }

// user is the user name of HTTP basic authentication.
func (c Credentials) user() string {
	if c.isKey() {
		return c.keySID
	}
	return c.accountSID
}

// authorization returns a function that returns the header that authenticates a
// request. Printers that look into values don't look into functions.
func (c Credentials) authorization() func() string {
	header := "Basic " + base64.StdEncoding.EncodeToString([]byte(c.user()+":"+c.secret.Reveal()))
	return func() string { return header }
}

func (c Credentials) check() error {
	secretField := "AuthToken"
	if strings.HasPrefix(c.accountSID, "SK") {
		return &ParamError{Field: "accountSID", Reason: "is an API key's SID; pass the account's SID, and use APIKey for a key"}
	}
	if err := checkSID("accountSID", c.accountSID, "AC"); err != nil {
		return err
	}
	if c.isKey() {
		secretField = "keySecret"
		if err := checkSID("keySID", c.keySID, "SK"); err != nil {
			return err
		}
	}
	switch text := c.secret.Reveal(); {
	case text == "":
		return &ParamError{Field: secretField, Reason: "is empty; Twilio also leaves an account's AuthToken blank when it was read with an API key"}
	case strings.TrimSpace(text) != text:
		return &ParamError{Field: secretField, Reason: "begins or ends with white space; trim it"}
	default:
		return nil
	}
}

// NewClientFromEnv makes a client from environment variables:
// TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN, or with TWILIO_API_KEY and
// TWILIO_API_SECRET if there is no token. TWILIO_SUBACCOUNT_SID, TWILIO_EDGE
// and TWILIO_REGION are optional; opts override them.
func NewClientFromEnv(opts ...Option) (*Client, error) {
	var cred Credentials
	account, token := os.Getenv("TWILIO_ACCOUNT_SID"), os.Getenv("TWILIO_AUTH_TOKEN")
	key, secret := os.Getenv("TWILIO_API_KEY"), os.Getenv("TWILIO_API_SECRET")
	switch {
	case account == "":
		return nil, &ParamError{Field: "TWILIO_ACCOUNT_SID", Reason: "isn't set; it is the SID (AC…) of the account that the credentials belong to"}
	case token != "":
		cred = AuthToken(account, token)
	case key != "" && secret != "":
		cred = APIKey(account, key, secret)
	case key != "":
		return nil, &ParamError{Field: "TWILIO_API_SECRET", Reason: "isn't set, though TWILIO_API_KEY is; set both"}
	default:
		return nil, &ParamError{Field: "TWILIO_AUTH_TOKEN", Reason: "isn't set; set it, or TWILIO_API_KEY and TWILIO_API_SECRET"}
	}
	var env []Option
	if sid := os.Getenv("TWILIO_SUBACCOUNT_SID"); sid != "" {
		env = append(env, WithSubaccount(sid))
	}
	if edge := os.Getenv("TWILIO_EDGE"); edge != "" {
		env = append(env, WithEdge(edge))
	}
	if region := os.Getenv("TWILIO_REGION"); region != "" {
		env = append(env, WithRegion(region))
	}
	return NewClient(cred, append(env, opts...)...)
}
