package twilio_test

import (
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestNewClientFromEnv(t *testing.T) {
	const account, token, key, secret, sub, edge, region = "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET",
		"TWILIO_SUBACCOUNT_SID", "TWILIO_EDGE", "TWILIO_REGION"
	type env map[string]string
	for name, test := range map[string]struct {
		env   env
		opts  []twilio.Option
		want  string // user, secret, host, account
		field string
	}{
		"a token":                 {env: env{account: mainSID, token: "t"}, want: mainSID + " t https://api.twilio.com " + mainSID},
		"a key":                   {env: env{account: mainSID, key: keySID, secret: "s"}, want: keySID + " s https://api.twilio.com " + mainSID},
		"a token and a key":       {env: env{account: mainSID, token: "t", key: keySID, secret: "s"}, want: mainSID + " t https://api.twilio.com " + mainSID},
		"a token and half a key":  {env: env{account: mainSID, token: "t", key: keySID}, want: mainSID + " t https://api.twilio.com " + mainSID},
		"a subaccount":            {env: env{account: mainSID, token: "t", sub: subSID}, want: mainSID + " t https://api.twilio.com " + subSID},
		"an edge":                 {env: env{account: mainSID, token: "t", edge: "dublin"}, want: mainSID + " t https://api.dublin.us1.twilio.com " + mainSID},
		"a region":                {env: env{account: mainSID, token: "t", region: "au1"}, want: mainSID + " t https://api.sydney.au1.twilio.com " + mainSID},
		"an edge and a region":    {env: env{account: mainSID, token: "t", edge: "tokyo", region: "jp2"}, want: mainSID + " t https://api.tokyo.jp2.twilio.com " + mainSID},
		"options over variables":  {env: env{account: mainSID, token: "t", sub: subSID, region: "canary"}, opts: []twilio.Option{twilio.WithSubaccount(mainSID), twilio.WithRegion("ie1")}, want: mainSID + " t https://api.dublin.ie1.twilio.com " + mainSID},
		"nothing":                 {field: account},
		"a token alone":           {env: env{token: "canary"}, field: account},
		"an account alone":        {env: env{account: mainSID}, field: token},
		"a key without secret":    {env: env{account: mainSID, key: "SKcanary"}, field: secret},
		"a secret without key":    {env: env{account: mainSID, secret: "canary"}, field: token},
		"a key for an account":    {env: env{account: "SKcanary", token: "canary"}, field: "accountSID"},
		"a bad key":               {env: env{account: mainSID, key: "canary", secret: "canary"}, field: "keySID"},
		"a bad subaccount":        {env: env{account: mainSID, token: "canary", sub: "canary"}, field: "Subaccount"},
		"a subaccount with a key": {env: env{account: mainSID, key: keySID, secret: "canary", sub: subSID}, field: "Subaccount"},
		"a bad edge":              {env: env{account: mainSID, token: "canary", edge: "canary."}, field: "WithEdge"},
		"an unknown region":       {env: env{account: mainSID, token: "canary", region: "canary1"}, field: "WithRegion"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{account, token, key, secret, sub, edge, region} {
				t.Setenv(variable, test.env[variable])
			}
			w := newMockAPI(t)
			w.respondToAll(200, anyResource)
			c, err := twilio.NewClientFromEnv(append(test.opts, w.transport())...)
			if test.field != "" {
				wantRefusal(t, w, err, "", test.field, "canary")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Balance.Get(t.Context()); err != nil {
				t.Fatal(err)
			}
			sent := w.request()
			user, password := sent.credentials()
			if got := strings.Join([]string{user, password, sent.origin, c.AccountSID()}, " "); got != test.want || !strings.Contains(sent.path, c.AccountSID()) {
				t.Errorf("speaks as, to and on %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestCredentialsParts: credentials can be taken apart to be stored, and
// compared.
func TestCredentialsParts(t *testing.T) {
	t.Parallel()
	token, key := twilio.AuthToken(mainSID, "a"), twilio.APIKey(mainSID, keySID, "b")
	if token.AccountSID() != mainSID || token.KeySID() != "" || token.Secret().Reveal() != "a" {
		t.Errorf("got %s, %s, %s", token.AccountSID(), token.KeySID(), token.Secret().Reveal())
	}
	if key.AccountSID() != mainSID || key.KeySID() != keySID || key.Secret().Reveal() != "b" {
		t.Errorf("got %s, %s, %s", key.AccountSID(), key.KeySID(), key.Secret().Reveal())
	}
	for _, other := range []twilio.Credentials{twilio.AuthToken(subSID, "a"), twilio.AuthToken(mainSID, "b"), twilio.APIKey(mainSID, keySID, "a"), key, {}} {
		if token.Equal(other) {
			t.Errorf("equals %v", other)
		}
	}
	if !token.Equal(twilio.AuthToken(mainSID, "a")) || !key.Equal(twilio.APIKey(mainSID, keySID, "b")) {
		t.Error("the same credentials aren't equal")
	}
}
