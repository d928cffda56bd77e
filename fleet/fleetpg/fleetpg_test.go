package fleetpg_test

import (
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/fleetpg"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestNoPool(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	_, err := fleet.Open(t.Context(), srv.Client(), fleetpg.New(nil))
	if err == nil || !strings.Contains(err.Error(), "pgxpool.New") {
		t.Errorf("got %v", err)
	}
}
