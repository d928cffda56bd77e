package twiliotest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// request sends a request in memory and reads the response.
func request(b *testing.B, srv *twiliotest.Server, method, path string, form url.Values) {
	b.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, srv.URL+"/2010-04-01"+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.Fatal(err)
	}
	r.SetBasicAuth(srv.AccountSID, srv.AuthToken)
	response, err := srv.Transport().RoundTrip(r)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode > 299 {
		b.Fatal(response.Status, err)
	}
}

// history adds n priced calls and messages.
func history(srv *twiliotest.Server, n int) {
	price := decimal.NewNullDecimal(decimal.RequireFromString("-0.014"))
	calls, messages := make([]twilio.Call, n), make([]twilio.Message, n)
	for i := range n {
		at := srv.Now().Add(-time.Duration(i) * time.Minute)
		calls[i] = twilio.Call{
			From: "+14158141829", To: "+16518675310", StartTime: at, EndTime: at.Add(time.Minute), Duration: 60, Price: price,
		}
		messages[i] = twilio.Message{From: "+14158141829", To: "+16518675310", DateSent: at, Price: price}
	}
	srv.AddCalls(srv.AccountSID, calls...)
	srv.AddMessages(srv.AccountSID, messages...)
}

func BenchmarkListOfAThousandCalls(b *testing.B) {
	srv := twiliotest.NewUnstartedServer()
	history(srv, 1000)
	b.ReportAllocs()
	for b.Loop() {
		request(b, srv, http.MethodGet, "/Accounts/"+srv.AccountSID+"/Calls.json?PageSize=1000", nil)
	}
}

// The cost of usage and of the balance doesn't grow with what is stored.
func BenchmarkUsageAndBalance(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			srv := twiliotest.NewUnstartedServer()
			history(srv, n)
			for b.Loop() {
				request(b, srv, http.MethodGet, "/Accounts/"+srv.AccountSID+"/Usage/Records.json", nil)
				request(b, srv, http.MethodGet, "/Accounts/"+srv.AccountSID+"/Balance.json", nil)
			}
		})
	}
}

// The cost of moving a phone number doesn't grow with their count.
func BenchmarkMove(b *testing.B) {
	for _, n := range []int{200, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			srv := twiliotest.NewUnstartedServer()
			numbers, sids := make([]twilio.IncomingPhoneNumber, n), make([]string, n)
			for i := range n {
				sids[i] = sid("PN", i)
				numbers[i] = twilio.IncomingPhoneNumber{SID: sids[i], PhoneNumber: fmt.Sprintf("+1415%07d", 2000000+i)}
			}
			srv.AddPhoneNumbers(srv.AccountSID, numbers...)
			from, to := srv.AccountSID, srv.AddSubaccount(twilio.Account{}).SID
			i := 0
			for b.Loop() {
				request(b, srv, http.MethodPost, "/Accounts/"+from+"/IncomingPhoneNumbers/"+sids[i]+".json", url.Values{"AccountSid": {to}})
				if i++; i == n {
					i, from, to = 0, to, from
				}
			}
		})
	}
}
