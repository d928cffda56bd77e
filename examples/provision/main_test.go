package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func Example() {
	ctx := context.Background()
	fmt.Println(stage.Run(ctx, example(), nil, nil, os.Stdout))
	// Output:
	// saved    the secret of the key backend, [redacted]
	// account  customer-4711, active (new: true)
	// key      backend (new: true)
	// address  head office, San Francisco (new: true)
	// alert    50 dollars a month, to https://example.com/alert (new: true)
	// number   +14152654321, calls go to https://example.com/voice (new: true)
	//
	// and again:
	// account  customer-4711, active (new: false)
	// key      backend (new: false)
	// address  head office, San Francisco (new: false)
	// alert    50 dollars a month, to https://example.com/alert (new: false)
	// number   +14152654321, calls go to https://example.com/voice (new: false)
	// <nil>
}

// A key whose secret was not saved must not pass for the customer's key in the
// next run.
func TestAKeyThatIsNotSavedIsCreatedAgain(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	full := errors.New("the vault is full")
	var saved *twilio.Key
	p := &Provisioner{
		Twilio:   srv.Client(),
		Webhooks: "https://example.com",
		SaveKey: func(context.Context, string, *twilio.Key) error {
			return full
		},
	}
	c, err := p.Provision(t.Context(), "customer-4711", office)
	if !errors.Is(err, full) || c.Account == nil || c.Key != nil {
		t.Fatalf("got %+v and %v", c, err)
	}
	p.SaveKey = func(_ context.Context, _ string, key *twilio.Key) error {
		saved = key
		return nil
	}
	c, err = p.Provision(t.Context(), "customer-4711", office)
	if err != nil {
		t.Fatal(err)
	}
	if saved == nil || saved.SID != c.Key.SID || saved.Secret.IsZero() {
		t.Errorf("saved %v, and the customer has %v", saved, c.Key)
	}
}

// Another customer of Twilio's buys the first number that is on offer.
func TestANumberThatIsGoneIsPassedOver(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.Inject(twiliotest.Fault{
		Method: http.MethodPost,
		Path:   "/IncomingPhoneNumbers.json",
		Code:   twilio.CodePhoneNumberNotAvailable,
	})
	p := &Provisioner{
		Twilio:   srv.Client(),
		Webhooks: "https://example.com",
		SaveKey:  func(context.Context, string, *twilio.Key) error { return nil },
	}
	c, err := p.Provision(t.Context(), "customer-4711", office)
	if err != nil || c.Number == nil {
		t.Errorf("got %+v and %v", c, err)
	}
}
