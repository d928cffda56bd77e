// Package libraries_test has Twilio's own libraries call every operation of the
// fake, so that it is more than a mirror of this module's client. The calls
// come from the table of operations.
package libraries_test

import (
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A call is an operation on a fake of its own, with what it takes.
type call struct {
	operations.Operation
	srv  *twiliotest.Server
	args []string   // the SIDs and names on the path
	form url.Values // query or form
}

func calls(t *testing.T) []call {
	t.Helper()
	var all []call
	for _, op := range operations.All {
		srv := twiliotest.NewUnstartedServer()
		all = append(all, call{op, srv, op.PrepareArgs(srv), formOf(t, op, srv.AccountSID)})
	}
	return all
}

// formOf is what this module's client sends with an operation.
func formOf(t *testing.T, op operations.Operation, accountSID string) url.Values {
	t.Helper()
	var form url.Values
	client, err := twilio.NewClient(twilio.AuthToken(accountSID, "token"), twilio.WithMaxRetries(0),
		twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if form == nil { // what follows looks whether it was created
				if r.Body == nil {
					r.Body = http.NoBody
				}
				if err := r.ParseForm(); err != nil {
					t.Error(err)
				}
				form = r.Form
				form.Del("PageSize") // each library has its own
			}
			return nil, errors.New("not sent")
		})}))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = operations.Invoke(t.Context(), operations.Method(client, op.Method), op.Args(), reflect.ValueOf(op.Params))
	if form == nil {
		t.Errorf("%s sends nothing", op.Method)
	}
	return form
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
