package consumer

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/davecgh/go-spew/spew"
	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// What users' tests print when they fail shows no secret: the libraries that
// compare and print values follow pointers, look into unexported fields, and
// pass over methods.

const token = "canary7oken5inging1nthec0almine0"

// recorder is a test that fails and goes on.
type recorder struct{ text strings.Builder }

func (r *recorder) Errorf(format string, args ...any) { fmt.Fprintf(&r.text, format, args...) }

func account(name, token string) *twilio.Account {
	var uris twilio.SubresourceURIs
	if err := json.Unmarshal([]byte(`{"calls":"/Calls.json"}`), &uris); err != nil {
		panic(err)
	}
	return &twilio.Account{SID: "AC1", FriendlyName: name, AuthToken: twilio.NewSecret(token), DateCreated: time.Unix(0, 0).UTC(),
		SubresourceURIs: uris}
}

func TestTestifyShowsNoSecret(t *testing.T) {
	t.Parallel()
	client, err := twilio.NewClient(twilio.AuthToken("AC1", token))
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		Name        string
		Credentials twilio.Credentials
		hidden      twilio.Secret
		client      *twilio.Client
	}
	rowOf := func(name string) row {
		return row{name, twilio.APIKey("AC1", "SK1", token), twilio.NewSecret(token), client}
	}
	var r recorder
	assert.Equal(&r, account("a", token), account("b", token))
	assert.Equal(&r, *account("a", token), *account("a", token+"2"))
	assert.Equal(&r, rowOf("a"), rowOf("b"))
	assert.Contains(&r, []twilio.Secret{twilio.NewSecret(token)}, 17)
	assert.Nil(&r, account("a", token))
	if strings.Count(r.text.String(), "Error Trace") < 5 || !strings.Contains(r.text.String(), "Diff:") {
		t.Errorf("the assertions didn't fail as they should: %s", r.text.String())
	}
	if strings.Contains(r.text.String(), token) {
		t.Errorf("testify shows the token: %s", r.text.String())
	}
	assert.Equal(t, account("a", token), account("a", token))
	assert.Equal(t, rowOf("a"), rowOf("a"))
}

func TestSpewShowsNoSecret(t *testing.T) {
	t.Parallel()
	client, err := twilio.NewClient(twilio.AuthToken("AC1", token))
	if err != nil {
		t.Fatal(err)
	}
	for name, config := range map[string]*spew.ConfigState{
		"by default":                 spew.NewDefaultConfig(),
		"without methods":            {Indent: " ", DisableMethods: true},
		"without methods on pointer": {Indent: " ", DisablePointerMethods: true, ContinueOnMethod: true},
	} {
		for _, v := range []any{account("a", token), twilio.NewSecret(token), twilio.AuthToken("AC1", token), client} {
			if text := config.Sdump(v) + config.Sprintf("%v %+v %#v %#+v", v, v, v, v); strings.Contains(text, token) {
				t.Errorf("spew %s shows the token of a %T: %s", name, v, text)
			}
		}
	}
}

func TestCmpComparesResources(t *testing.T) {
	t.Parallel()
	call := twilio.Call{SID: "CA1", Price: decimal.NewNullDecimal(decimal.New(-3, -2)), StartTime: time.Unix(0, 0).UTC()}
	other := call
	other.Duration = 7
	for name, test := range map[string]struct {
		x, y  any
		equal bool
	}{
		"the same account":  {account("a", token), account("a", token), true},
		"another name":      {account("a", token), account("b", token), false},
		"another token":     {account("a", token), account("a", token+"2"), false},
		"no token":          {account("a", token), account("a", ""), false},
		"the same call":     {call, call, true},
		"another duration":  {call, other, false},
		"credentials":       {twilio.AuthToken("AC1", token), twilio.AuthToken("AC1", token), true},
		"other credentials": {twilio.AuthToken("AC1", token), twilio.AuthToken("AC1", token+"2"), false},
	} {
		diff := cmp.Diff(test.x, test.y)
		if (diff == "") != test.equal || strings.Contains(diff, token) {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
