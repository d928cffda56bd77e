package main

import (
	"context"
	"errors"
	"fmt"
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
	// Submarine is suspended, and 2 calls have ended
	// Submarine is active
	// <nil>
}

func TestAClosedAccountIsErrClosed(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	account := srv.AddSubaccount(twilio.Account{}).SID
	srv.SetStatus(account, twilio.AccountStatusClosed)
	_, suspend := Suspend(t.Context(), srv.Client(), account)
	_, activate := Activate(t.Context(), srv.Client(), account)
	if !errors.Is(suspend, ErrClosed) || !errors.Is(activate, ErrClosed) {
		t.Errorf("got %v and %v", suspend, activate)
	}
}
