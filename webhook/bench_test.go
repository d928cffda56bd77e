package webhook_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// BenchmarkVerify is what a request costs: one like Twilio's, the largest that
// is read, and one of an account that somebody has invented.
func BenchmarkVerify(b *testing.B) {
	const sms = "ToCountry=US&ToState=CA&SmsMessageSid=SM11111111111111111111111111111111&NumMedia=0&ToCity=&FromZip=&SmsSid=SM11111111111111111111111111111111&FromState=&SmsStatus=received&FromCity=&Body=Hi&FromCountry=US&To=%2B15005550006&ToZip=&NumSegments=1&MessageSid=SM11111111111111111111111111111111&From=%2B14155550100&ApiVersion=2010-04-01&AccountSid="
	store := func(_ context.Context, sid string) ([]twilio.Secret, error) {
		if sid != accountSID {
			return nil, webhook.ErrUnknownAccount
		}
		return []twilio.Secret{twilio.NewSecret(token)}, nil
	}
	v, err := webhook.NewVerifier(webhook.FromStore(store))
	if err != nil {
		b.Fatal(err)
	}
	run := func(name string, body func(i int) string) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				r := httptest.NewRequest(http.MethodPost, hook, strings.NewReader(body(i)))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				r.Header.Set("X-Twilio-Signature", "L/OH5YylLD5NRKLltdqwSvS0BnU=")
				if _, err := v.Verify(r); err == nil {
					b.Fatal("a wrong signature passes")
				}
			}
		})
	}
	large := sms + accountSID + "&Body=" + strings.Repeat("a", 1<<20-1000)
	run("sms", func(int) string { return sms + accountSID })
	run("1 MiB", func(int) string { return large })
	run("invented account", func(i int) string { return sms + fmt.Sprintf("AC%032x", i) })
}
