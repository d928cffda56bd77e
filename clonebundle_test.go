package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

const originalBundle = "BU00000000000000000000000000000001"

// addBundled adds a number that requires a bundle, with its bundle, to an
// account.
func addBundled(w *customer, account string) *twilio.IncomingPhoneNumber {
	w.srv.AddBundle(account, twilio.Bundle{SID: originalBundle, FriendlyName: "DE, business"})
	return w.srv.AddPhoneNumber(account, twilio.IncomingPhoneNumber{
		SID: "PN00000000000000000000000000000600", PhoneNumber: "+14155550600", BundleSID: originalBundle, VoiceURL: "https://old.example.com",
	})
}

// bundlesOf returns the bundles of an account.
func bundlesOf(t *testing.T, w *customer, account string) []*twilio.Bundle {
	t.Helper()
	client := w.srv.Client().WithCredentials(w.srv.Credentials(account))
	return collect(t, client.Regulatory.Bundles.All(t.Context(), twilio.BundleListParams{}))
}

// A number that requires a bundle changes hands in one call, between a main
// account and a subaccount in both directions, and between subaccounts.
func TestTransferClonesTheBundle(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, from, to string }{
		{"to a sibling", acme, other}, {"to the main account", acme, ""}, {"from the main account", "", other},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newCustomer(t)
			if c.from == "" {
				c.from = w.srv.AccountSID
			}
			if c.to == "" {
				c.to = w.srv.AccountSID
			}
			number := addBundled(w, c.from)
			numbers := w.client.Subaccount(c.from).IncomingPhoneNumbers
			_, err := numbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: c.to})
			if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Code != twilio.CodeBundleRequired {
				t.Errorf("without a bundle: %v", err)
			}
			_, err = numbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: c.to, BundleSID: originalBundle})
			if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Code != twilio.CodeBundleRequired {
				t.Errorf("with the bundle of the former owner: %v", err)
			}
			for range 2 { // the second finds it moved
				moved, err := numbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: c.to, CloneBundle: true})
				if err != nil {
					t.Fatal(err)
				}
				clones := bundlesOf(t, w, c.to)
				if len(clones) != 1 || moved.BundleSID != clones[0].SID || moved.AccountSID != c.to || clones[0].FriendlyName != "clone of "+originalBundle {
					t.Errorf("moved to %s with %s; bundles %+v", moved.AccountSID, moved.BundleSID, clones)
				}
			}
		})
	}
}

// TransferAll clones each bundle once, however many numbers have it, and sends
// one request for each number besides.
func TestTransferAllClonesEachBundleOnce(t *testing.T) {
	t.Parallel()
	w := newCustomer(t)
	addBundled(w, acme)
	for i := range 40 {
		w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: fmt.Sprintf("+141555507%02d", i), BundleSID: originalBundle})
	}
	report, err := w.client.Subaccount(acme).IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: other, CloneBundle: true})
	if err != nil || len(report.Moved) != 46 || len(bundlesOf(t, w, other)) != 1 {
		t.Errorf("%d moved, %d bundles, error %v", len(report.Moved), len(bundlesOf(t, w, other)), err)
	}
	posts := 0
	for _, r := range w.srv.Requests() {
		if r.Method == http.MethodPost {
			posts++
		}
	}
	if posts != 47 {
		t.Errorf("%d requests that change something, want 46 moves and a clone", posts)
	}
}

// Numbers that wait for the clone of another leave time to testing/synctest, in
// which a lock that is held during a request would stop the clock.
func TestTransferAllClonesInABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newCustomer(t)
		addBundled(w, acme)
		for i := range 5 {
			w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{PhoneNumber: fmt.Sprintf("+141555507%02d", i), BundleSID: originalBundle})
		}
		w.transport.intercept = func(_ int, _ *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
			<-time.After(time.Second)
			return send()
		}
		report, err := w.client.Subaccount(acme).IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: other, CloneBundle: true})
		if err != nil || len(report.Moved) != 11 || len(bundlesOf(t, w, other)) != 1 {
			t.Errorf("%d moved: %v", len(report.Moved), err)
		}
	})
}

// While Twilio reviews the clone, the number stays, and nothing is cloned
// again; once it is approved, the same call moves the number.
func TestTransferWaitsForTheClone(t *testing.T) {
	t.Parallel()
	for status, reason := range map[twilio.BundleStatus]string{
		twilio.BundleStatusDraft:                 "draft",
		twilio.BundleStatusPendingReview:         "pending-review",
		twilio.BundleStatusInReview:              "in-review",
		twilio.BundleStatusTwilioRejected:        "rejected",
		twilio.BundleStatusProvisionallyApproved: "", // Twilio decides, and the fake refuses
	} {
		t.Run(string(status), func(t *testing.T) {
			t.Parallel()
			w := newCustomer(t)
			number := addBundled(w, acme)
			clone := twilio.Bundle{FriendlyName: "clone of " + originalBundle, Status: status}
			w.srv.AddBundle(other, clone)
			transfer := func() error {
				_, err := w.client.Subaccount(acme).IncomingPhoneNumbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: other, CloneBundle: true})
				return err
			}
			before := w.state()
			err := transfer()
			refused, isParam := errors.AsType[*twilio.ParamError](err)
			switch e, isAPI := errors.AsType[*twilio.Error](err); {
			case reason == "" && (!isAPI || e.Code != twilio.CodeBundleRequired):
				t.Error(err)
			case reason != "" && (!isParam || refused.Field != "CloneBundle" || !strings.Contains(refused.Reason, reason)):
				t.Error(err)
			}
			if w.state() != before || len(bundlesOf(t, w, other)) != 1 {
				t.Errorf("changed to %s, bundles %+v", w.state(), bundlesOf(t, w, other))
			}
			clone.Status = twilio.BundleStatusTwilioApproved
			w.srv.AddBundle(other, clone)
			if err := transfer(); err != nil {
				t.Errorf("once one is approved: %v", err)
			}
		})
	}
}

// A clone whose response was lost is found again, in the same run or the next,
// and nothing is cloned twice.
func TestTransferFindsALostClone(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	number := addBundled(w, acme)
	lose := true
	w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		res, err := send()
		if lose && strings.HasSuffix(r.URL.Path, "/Clones") {
			return respond(http.StatusBadGateway, "")(r)
		}
		return res, err
	}
	if _, err := w.client.Subaccount(acme).IncomingPhoneNumbers.Transfer(t.Context(), number.SID, twilio.TransferParams{To: other, CloneBundle: true}); err != nil {
		t.Error(err)
	}
	if n := len(bundlesOf(t, w, other)); n != 1 {
		t.Errorf("%d clones", n)
	}
}

// Close clones bundles before it suspends the account, whose own credentials
// clone them; without an approved bundle it changes nothing.
func TestCloseClonesBundles(t *testing.T) {
	t.Parallel()
	w := newCustomer(t)
	addBundled(w, acme)
	params := twilio.CloseParams{MoveNumbersTo: other, CloneBundle: true}
	report, err := w.client.Accounts.Close(t.Context(), acme, params)
	if err != nil || len(report.MovedNumbers) != 6 || len(bundlesOf(t, w, other)) != 1 {
		t.Errorf("%d moved, error %v", len(report.MovedNumbers), err)
	}

	w = newCustomer(t)
	addBundled(w, acme)
	w.srv.AddBundle(other, twilio.Bundle{FriendlyName: "clone of " + originalBundle, Status: twilio.BundleStatusInReview})
	before := w.state()
	_, err = w.client.Accounts.Close(t.Context(), acme, params)
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "CloneBundle" || w.state() != before {
		t.Errorf("%v\n%s", err, w.state())
	}
}

func TestCloneBundleRefuses(t *testing.T) {
	t.Parallel()
	testRefusals(t, []refusal{
		{name: "beside BundleSID", operation: "incoming_phone_numbers.transfer", field: "CloneBundle", reason: "beside BundleSID", run: func(w *customer) error {
			_, err := w.client.IncomingPhoneNumbers.Transfer(context.Background(), acmeNumber, twilio.TransferParams{To: other, CloneBundle: true, BundleSID: originalBundle})
			return err
		}},
		{name: "without the address, before it clones", operation: "incoming_phone_numbers.transfer", field: "AddressSID", afterReads: true, reason: "requires", prepare: func(w *customer) {
			w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: "PN00000000000000000000000000000500", PhoneNumber: "+14155550500", AddressRequirements: "any", BundleSID: originalBundle})
		}, run: func(w *customer) error {
			_, err := w.client.Subaccount(acme).IncomingPhoneNumbers.Transfer(context.Background(), "PN00000000000000000000000000000500", twilio.TransferParams{To: other, CloneBundle: true})
			return err
		}},
	})
}
