package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestTransferRefuses(t *testing.T) {
	t.Parallel()
	transfer := func(c *twilio.Client, sid, to string) error {
		_, err := c.IncomingPhoneNumbers.Transfer(t.Context(), sid, twilio.TransferParams{To: to})
		return err
	}
	transferAll := func(c *twilio.Client, to string) error {
		_, err := c.IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: to})
		return err
	}
	const operation = "incoming_phone_numbers.transfer"
	testRefusals(t, []refusal{
		{name: "with the subaccount's credentials", operation: operation, field: "credentials", reason: "main account", afterReads: true,
			run: func(w *customer) error { return transfer(w.ownClient(), acmeNumber, other) }},
		{name: "with a key", operation: operation, field: "credentials", reason: "AuthToken",
			run: func(w *customer) error { return transfer(w.keyClient(), acmeNumber, w.srv.AccountSID) }},
		{name: "with a key, to a subaccount", operation: operation, field: "Subaccount",
			run: func(w *customer) error { return transfer(w.keyClient(), acmeNumber, acme) }},
		{name: "no number", operation: operation, field: "sid",
			run: func(w *customer) error { return transfer(w.client.Subaccount(acme), acme, other) }},
		{name: "to nothing", operation: operation, field: "To",
			run: func(w *customer) error { return transfer(w.client.Subaccount(acme), acmeNumber, "") }},
		{name: "to a number", operation: operation, field: "To",
			run: func(w *customer) error { return transfer(w.client, acmeNumber, "PNcanary") }},
		{name: "all to itself", operation: operation, field: "To", reason: "has the numbers", afterReads: true,
			run: func(w *customer) error { return transferAll(w.client.Subaccount(acme), acme) }},
		{name: "all to a path", operation: operation, field: "To",
			run: func(w *customer) error { return transferAll(w.client, "AC/../canary") }},
	})
	const demanding = "PN00000000000000000000000000000500"
	var withoutAddress []refusal
	for requirement, kind := range map[twilio.AddressRequirement]string{
		"any": "an address anywhere", "local": "in the number's own country", "foreign": "outside the number's own country",
	} {
		withoutAddress = append(withoutAddress, refusal{name: "without the address: " + string(requirement), operation: operation,
			field: "AddressSID", reason: kind, afterReads: true,
			prepare: func(w *customer) {
				w.srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: demanding, PhoneNumber: "+14155550500", AddressRequirements: requirement})
			},
			run: func(w *customer) error { return transfer(w.client.Subaccount(acme), demanding, other) }})
	}
	testRefusals(t, withoutAddress)
}

// rich is a subaccount with n numbers.
func rich(n int) *slowNetwork {
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(twilio.Account{SID: acme}, twilio.Account{SID: other})
	for i := range n {
		srv.AddPhoneNumber(acme, twilio.IncomingPhoneNumber{SID: fmt.Sprintf("PN%032d", i), PhoneNumber: fmt.Sprintf("+1415555%04d", i)})
	}
	return &slowNetwork{srv: srv, delay: 20 * time.Millisecond}
}

func numberSIDs(numbers []*twilio.IncomingPhoneNumber) (sids []string) {
	for _, n := range numbers {
		sids = append(sids, n.SID)
	}
	return sids
}

func failedSIDs(failures []twilio.TransferFailure) (sids []string) {
	for _, f := range failures {
		sids = append(sids, f.Number.SID)
	}
	return sids
}

// A thousand numbers take little more than a thousand requests, eight at once.
func TestTransferAllNeedsOneRequestANumber(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		net := rich(1000)
		begun := time.Now()
		report, err := net.client().Subaccount(acme).IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: other})
		if err != nil || len(report.Moved) != 1000 || net.sent["POST"] != 1000 || net.sent["GET"] > 10 {
			t.Errorf("%d moved, %v sent; error %v", len(report.Moved), net.sent, err)
		}
		if took, most := time.Since(begun), (125+10)*net.delay; took > most {
			t.Errorf("took %v, more than %v", took, most)
		}
		for _, n := range report.Moved {
			if n.AccountSID != other {
				t.Fatalf("%s is said to be at %s", n.SID, n.AccountSID)
			}
		}
	})
}

func TestTransferAllConcurrency(t *testing.T) {
	t.Parallel()
	for concurrency, want := range map[int]int64{0: 8, 1: 1, 3: 3, 40: 40} {
		synctest.Test(t, func(t *testing.T) {
			net := rich(40)
			var running, most atomic.Int64
			net.meet = func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPost {
					n := running.Add(1)
					for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
					}
					<-time.After(time.Second)
					running.Add(-1)
				}
				return nil, nil
			}
			_, err := net.client(twilio.WithTimeout(0)).Subaccount(acme).IncomingPhoneNumbers.TransferAll(t.Context(),
				twilio.TransferParams{To: other, Concurrency: concurrency})
			if err != nil || most.Load() != want {
				t.Errorf("%d at noRetries, want %d; error %v", most.Load(), want, err)
			}
		})
	}
	_, err := rich(1).client().IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: other, Concurrency: -1})
	if e, ok := errors.AsType[*twilio.ParamError](err); !ok || e.Field != "Concurrency" {
		t.Errorf("negative: %v", err)
	}
}

// Whatever becomes of the responses, each number is in one part of the report,
// and none is said to be where it isn't.
func TestTransferAllReportsWhatIs(t *testing.T) {
	t.Parallel()
	lost := func(srv *twiliotest.Server, r *http.Request) (*http.Response, error) {
		_, _ = srv.Transport().RoundTrip(r)
		return nil, errors.New("connection lost")
	}
	for name, meet := range map[string]func(*twiliotest.Server, *http.Request) (*http.Response, error){
		"responses are lost": func(srv *twiliotest.Server, r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost {
				return lost(srv, r)
			}
			return nil, nil
		},
		"responses are lost, and so are those to looking": func(srv *twiliotest.Server, r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, "/IncomingPhoneNumbers/") {
				return lost(srv, r)
			}
			return nil, nil
		},
		"requests are lost": func(_ *twiliotest.Server, r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost {
				return nil, errors.New("connection lost")
			}
			return nil, nil
		},
		"some are refused": func(_ *twiliotest.Server, r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "3.json") {
				return respond(http.StatusBadRequest, `{"code":21649}`)(r)
			}
			return nil, nil
		},
		"some are moved and denied": func(srv *twiliotest.Server, r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "3.json") {
				_, _ = srv.Transport().RoundTrip(r)
				return respond(http.StatusInternalServerError, "")(r)
			}
			return nil, nil
		},
		"some are released": func(srv *twiliotest.Server, r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && strings.Contains(r.URL.Path, "3.json") {
				sid := strings.TrimSuffix(r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], ".json")
				_ = srv.Client().Subaccount(acme).IncomingPhoneNumbers.Delete(context.Background(), sid)
			}
			return nil, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			net := rich(40)
			net.delay, net.meet = 0, func(r *http.Request) (*http.Response, error) { return meet(net.srv, r) }
			report, err := net.client(noRetries).Subaccount(acme).IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: other})
			truth := net.srv.Client()
			at := func(account string) []string {
				return numberSIDs(collect(t, truth.Subaccount(account).IncomingPhoneNumbers.All(t.Context(), twilio.IncomingPhoneNumberListParams{})))
			}
			here, there := at(acme), at(other)
			parts := [][]string{numberSIDs(report.Moved), failedSIDs(report.Failed), failedSIDs(report.Unknown), numberSIDs(report.NotTried)}
			for i, where := range [][]string{there, here, nil, here} {
				for _, sid := range parts[i] {
					if where != nil && !slices.Contains(where, sid) {
						t.Errorf("%s is in part %d of the report, and not there", sid, i)
					}
				}
			}
			all := slices.Concat(parts...)
			slices.Sort(all)
			if len(all) != 40 || len(slices.Compact(all)) != 40 {
				t.Errorf("the report has %d, %d, %d and %d of 40 numbers", len(parts[0]), len(parts[1]), len(parts[2]), len(parts[3]))
			}
			if (err == nil) != (len(parts[0]) == 40) || !isTyped(err) {
				t.Errorf("%d moved, error %v", len(parts[0]), err)
			}
			net.meet = nil
			if _, err := net.client(noRetries).Subaccount(acme).IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: other}); err != nil || len(at(acme)) > 0 {
				t.Errorf("run again: %v", err)
			}
		})
	}
}

// In an outage, and after a cancellation, what wasn't tried is told apart from
// what failed.
func TestTransferAllLeavesOut(t *testing.T) {
	t.Parallel()
	t.Run("outage", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			net := rich(500)
			net.meet = func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPost {
					return respond(http.StatusServiceUnavailable, "")(r)
				}
				return nil, nil
			}
			report, err := net.client().Subaccount(acme).IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: other})
			if len(net.tried) > 15 || len(report.Failed) != len(net.tried) || len(report.NotTried) != 500-len(net.tried) || err == nil {
				t.Errorf("%d tried, %d failed, %d not tried: %v", len(net.tried), len(report.Failed), len(report.NotTried), err)
			}
		})
	})
	t.Run("cancellation", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			net := rich(100)
			ctx, cancel := context.WithTimeout(t.Context(), (2+4)*net.delay+time.Millisecond)
			defer cancel()
			report, err := net.client().Subaccount(acme).IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: other})
			if len(report.Moved) != 32 || len(report.Unknown) != 8 || len(report.Failed) != 0 || len(report.NotTried) != 60 || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%d moved, %d unknown, %d failed, %d not tried: %v",
					len(report.Moved), len(report.Unknown), len(report.Failed), len(report.NotTried), err)
			}
			if named := strings.Count(err.Error(), "number PN"); named != 8 {
				t.Errorf("%d numbers are named: %v", named, err)
			}
		})
	})
}

// webhooks are a number with all of them.
func webhooks(sid, phone string) twilio.IncomingPhoneNumber {
	const app = "AP00000000000000000000000000000001"
	return twilio.IncomingPhoneNumber{SID: sid, PhoneNumber: phone, VoiceURL: "https://example.com/v", VoiceFallbackURL: "https://example.com/vf",
		SMSURL: "https://example.com/s", SMSFallbackURL: "https://example.com/sf", StatusCallback: "https://example.com/c",
		VoiceApplicationSID: app, SMSApplicationSID: app, TrunkSID: "TK00000000000000000000000000000001", FriendlyName: "Front desk"}
}

// isBare reports whether a number has no webhook, and all else.
func isBare(n *twilio.IncomingPhoneNumber) bool {
	return n.FriendlyName == "Front desk" &&
		n.VoiceURL+n.VoiceFallbackURL+n.SMSURL+n.SMSFallbackURL+n.StatusCallback+n.VoiceApplicationSID+n.SMSApplicationSID+n.TrunkSID == ""
}

// The former owner's webhooks go with the move, where the caller asks for it,
// in the same request or, where Twilio ignores them there, in another.
func TestTransferClearsWebhooks(t *testing.T) {
	t.Parallel()
	for _, ignored := range []bool{false, true} {
		srv := twiliotest.NewUnstartedServer()
		srv.AddSubaccounts(twilio.Account{SID: acme})
		for i := range 3 {
			srv.AddPhoneNumber(acme, webhooks(fmt.Sprintf("PN%032d", i), fmt.Sprintf("+1415555010%d", i)))
		}
		net := &slowNetwork{srv: srv, meet: func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodPost || !ignored {
				return nil, nil
			}
			body, _ := io.ReadAll(r.Body)
			form, _ := url.ParseQuery(string(body))
			if form.Has("AccountSid") {
				body = []byte(url.Values{"AccountSid": form["AccountSid"]}.Encode())
			}
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader(string(body))), int64(len(body))
			return nil, nil
		}}
		numbers := net.client().Subaccount(acme).IncomingPhoneNumbers
		kept, err := numbers.Transfer(t.Context(), "PN00000000000000000000000000000000", twilio.TransferParams{To: srv.AccountSID})
		if err != nil || kept.VoiceURL == "" || kept.SMSURL == "" {
			t.Errorf("nobody asked for it: %+v, %v", kept, err)
		}
		params := twilio.TransferParams{To: srv.AccountSID, ClearWebhooks: true}
		// It is there already, with its webhooks.
		if moved, err := numbers.Transfer(t.Context(), kept.SID, params); err != nil || !isBare(moved) {
			t.Errorf("there already: %+v, %v", moved, err)
		}
		if moved, err := numbers.Transfer(t.Context(), "PN00000000000000000000000000000001", params); err != nil || !isBare(moved) {
			t.Errorf("ignored %t: %+v, %v", ignored, moved, err)
		}
		net.sent = nil
		report, err := numbers.TransferAll(t.Context(), params)
		if err != nil || len(report.Moved) != 1 || !isBare(report.Moved[0]) || len(report.WebhooksKept) > 0 || !ignored && net.sent["POST"] != 1 {
			t.Errorf("ignored %t: %+v, %v; sent %v", ignored, report, err, net.sent)
		}
		for _, n := range collect(t, srv.Client().IncomingPhoneNumbers.All(t.Context(), twilio.IncomingPhoneNumberListParams{})) {
			if !isBare(n) {
				t.Errorf("%+v", n)
			}
		}
	}
}

// A number that has moved with its webhooks is a number that has moved, is
// told, and can be cleared later.
func TestTransferTellsOfWebhooksThatAreKept(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(twilio.Account{SID: acme})
	srv.AddPhoneNumber(acme, webhooks(acmeNumber, "+14155550100"))
	down := true
	net := &slowNetwork{srv: srv, meet: func(r *http.Request) (*http.Response, error) {
		if isPost(r, acme+"/IncomingPhoneNumbers/") {
			r.Body, r.ContentLength = io.NopCloser(strings.NewReader("AccountSid="+srv.AccountSID)), int64(len("AccountSid="+srv.AccountSID))
		} else if r.Method == http.MethodPost && strings.Contains(r.URL.Path, acmeNumber) && down {
			return respond(http.StatusForbidden, `{"code":20008}`)(r)
		}
		return nil, nil
	}}
	params := twilio.CloseParams{MoveNumbersTo: srv.AccountSID, ClearWebhooks: true}
	report, err := net.client(noRetries).Accounts.Close(t.Context(), acme, params)
	if !errors.Is(err, twilio.ErrForbidden) || !strings.Contains(err.Error(), acmeNumber) || len(report.MovedNumbers) != 1 || len(report.WebhooksKept) != 1 ||
		len(report.NotMoved)+len(report.MoveUnknown) > 0 || report.Account.Status != twilio.AccountStatusSuspended || report.Reactivated {
		t.Errorf("%+v, %v", report, err)
	}
	number, err := net.client(noRetries).Subaccount(acme).IncomingPhoneNumbers.Transfer(t.Context(), acmeNumber, twilio.TransferParams{To: srv.AccountSID, ClearWebhooks: true})
	if err == nil || number == nil || number.AccountSID != srv.AccountSID {
		t.Errorf("still forbidden: %+v, %v", number, err)
	}
	down = false
	number, err = net.client(noRetries).Subaccount(acme).IncomingPhoneNumbers.Transfer(t.Context(), acmeNumber, twilio.TransferParams{To: srv.AccountSID, ClearWebhooks: true})
	if err != nil || !isBare(number) {
		t.Errorf("once more: %+v, %v", number, err)
	}
}

// An item that is no number doesn't keep the numbers after it from moving, and
// isn't forgotten.
func TestTransferAllMovesNumbersBesideOddOnes(t *testing.T) {
	t.Parallel()
	client := clientResponding(t, func(r *http.Request) (int, string) {
		switch {
		case r.Method == http.MethodPost:
			return 200, `{"sid":"PN1","account_sid":"` + subSID + `"}`
		case strings.HasSuffix(r.URL.Path, "/IncomingPhoneNumbers.json"):
			return 200, `{"incoming_phone_numbers":[{"sid":"PN1"},null,{"sid":"PN2"}]}`
		default:
			return 200, `{"sid":"` + mainSID + `","owner_account_sid":"` + mainSID + `"}`
		}
	})
	report, err := client.IncomingPhoneNumbers.TransferAll(t.Context(), twilio.TransferParams{To: subSID})
	if len(report.Moved) != 2 {
		t.Errorf("%d numbers moved, want 2", len(report.Moved))
	}
	if _, unreadable := errors.AsType[*twilio.DecodeError](err); !unreadable {
		t.Errorf("error %v, want a *DecodeError", err)
	}
}
