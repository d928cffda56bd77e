package twiliotest_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestSeededSubaccounts(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	old := time.Date(2018, 7, 5, 0, 0, 0, 0, time.UTC)
	acct := srv.AddSubaccount(twilio.Account{FriendlyName: "old", Status: twilio.AccountStatusSuspended, DateCreated: old})
	if acct.SID == "" || acct.AuthToken.IsZero() || !acct.DateCreated.Equal(old) || acct.Status != twilio.AccountStatusSuspended {
		t.Errorf("%+v", acct)
	}
	srv.AddSubaccounts(make([]twilio.Account, 3)...)
	var order []string
	for acct, err := range srv.Client().Accounts.All(t.Context(), twilio.AccountListParams{}) {
		if err != nil {
			t.Fatal(err)
		}
		order = append(order, acct.SID)
	}
	if len(order) != 5 || order[4] != acct.SID {
		t.Errorf("the oldest account isn't the last: %v", order)
	}
	active := srv.AddSubaccount(twilio.Account{})
	if _, err := srv.Client().WithCredentials(active.Credentials()).Calls.List(t.Context(), twilio.CallListParams{}); err != nil {
		t.Error(err)
	}
	if _, err := srv.Client().WithCredentials(srv.Credentials(active.SID)).Calls.List(t.Context(), twilio.CallListParams{}); err != nil {
		t.Error(err)
	}
	if requests := fmt.Sprint(srv.Requests()); strings.Contains(requests, active.AuthToken.Reveal()) {
		t.Error("the log of requests holds a token")
	}
}

// What seeding returns is what a request for it returns, URIs included.
func TestSeededResourcesAreWhole(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	account := srv.AccountSID
	price := decimal.NewNullDecimal(decimal.RequireFromString("-0.2"))
	same := func(added, uri any, get func(ctx context.Context) (any, error)) {
		t.Helper()
		got, err := get(t.Context())
		if err != nil || !reflect.DeepEqual(got, added) {
			t.Errorf("added %+v, but it is %+v, %v", added, got, err)
		}
		if uri == "" {
			t.Errorf("%T has no URI", added)
		}
	}
	for _, c := range []twilio.Call{
		{},
		{Status: twilio.CallStatusInProgress, From: "+14158141829", To: "client:ada"},
		{Status: twilio.CallStatusBusy, PriceUnit: "JPY", Price: price, AnsweredBy: "human", StartTime: srv.Now()},
	} {
		added := srv.AddCall(account, c)
		same(added, added.URI, func(ctx context.Context) (any, error) { return client.Calls.Get(ctx, added.SID) })
	}
	for _, m := range []twilio.Message{
		{},
		{Status: twilio.MessageStatusQueued, Body: "x"},
		{Status: twilio.MessageStatusFailed, ErrorCode: 30003, ErrorMessage: "unreachable"},
		{NumMedia: 2, Price: price},
	} {
		added := srv.AddMessage(account, m)
		same(added, added.URI, func(ctx context.Context) (any, error) { return client.Messages.Get(ctx, added.SID) })
	}
	number := srv.AddPhoneNumber(account, twilio.IncomingPhoneNumber{})
	same(number, number.URI, func(ctx context.Context) (any, error) { return client.IncomingPhoneNumbers.Get(ctx, number.SID) })
	address := srv.AddAddress(account, twilio.Address{City: "Berlin", ISOCountry: "DE"})
	same(address, address.URI, func(ctx context.Context) (any, error) { return client.Addresses.Get(ctx, address.SID) })
	for _, r := range []twilio.Recording{
		{}, {Status: twilio.RecordingStatusPaused}, {Duration: 3, Price: price, Channels: 2},
		{Status: twilio.RecordingStatusAbsent, ErrorCode: 16001, EncryptionDetails: map[string]string{"encryption_cek": "x"}},
	} {
		added := srv.AddRecording(account, r)
		same(added, added.URI, func(ctx context.Context) (any, error) {
			return client.Recordings.Get(ctx, added.SID, twilio.RecordingGetParams{})
		})
	}
	text := srv.AddTranscription(account, twilio.Transcription{Status: twilio.TranscriptionStatusFailed})
	same(text, text.URI, func(ctx context.Context) (any, error) { return client.Transcriptions.Get(ctx, text.SID) })
	recording := srv.AddRecording(account, twilio.Recording{}).SID
	result := srv.AddAddOnResult(account, twilio.AddOnResult{ReferenceSID: recording})
	same(result, result.SubresourceURIs.Get("payloads"), func(ctx context.Context) (any, error) {
		return client.Recordings.AddOnResults.Get(ctx, recording, result.SID)
	})
	payload := srv.AddAddOnPayload(account, twilio.AddOnPayload{AddOnResultSID: result.SID, Label: "words"}, nil)
	same(payload, payload.SubresourceURIs.Get("data"), func(ctx context.Context) (any, error) {
		return client.Recordings.AddOnResults.Payloads.Get(ctx, recording, result.SID, payload.SID)
	})
	sub := srv.AddSubaccount(twilio.Account{})
	same(&sub, sub.URI, func(ctx context.Context) (any, error) { return client.Accounts.Get(ctx, sub.SID) })
}

// Seeding doesn't depend on what the API lets its callers do.
func TestSeedingWorksWhateverTheAPIAllows(t *testing.T) {
	t.Parallel()
	magic := twiliotest.NewUnstartedServer(twiliotest.WithTestCredentials(), twiliotest.WithAccount("AC1", "short"))
	if acct := magic.AddSubaccount(twilio.Account{FriendlyName: "x"}); acct.FriendlyName != "x" || acct.AuthToken.IsZero() {
		t.Errorf("%+v", acct)
	}
	suspended := twiliotest.NewUnstartedServer()
	suspended.SetStatus(suspended.AccountSID, twilio.AccountStatusSuspended)
	if acct := suspended.AddSubaccount(twilio.Account{FriendlyName: "x"}); acct.FriendlyName != "x" {
		t.Errorf("%+v", acct)
	}
}

// A message that was not sent has no date, and its media exist.
func TestSeededMessages(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	failed := a.srv.AddMessage(a.srv.AccountSID, twilio.Message{Status: twilio.MessageStatusFailed})
	wants(t, a.get(a.main("/Messages/"+failed.SID+".json")).ok(), "date_sent", nil)
	a.srv.AddMessages(a.srv.AccountSID, twilio.Message{SID: sid("MM", 1), NumMedia: 2, Price: decimal.NewNullDecimal(decimal.NewFromInt(-1))})
	if got := len(a.get(a.main("/Messages/" + sid("MM", 1) + "/Media.json")).items()); got != 2 {
		t.Errorf("%d media, want 2", got)
	}
	wants(t, a.usage(a.main("/Usage/Records.json"))["mms"], "count", "1", "price", "1")
}
