package main

import (
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Whatever a document says, it is added or refused, and the server goes on.
func FuzzSeed(f *testing.F) {
	for _, document := range []string{
		`{}`, `[]`, `{"subaccounts":[{"friendly_name":"Submarine","date_created":"-36h"}]}`,
		`{"phone_numbers":[{"phone_number":"+14155550100","sms_url":"http://127.0.0.1/"},{}]}`,
		`{"messages":[{"from":"+14155550100","to":"+16518675310","status":"sent","date_sent":"9999-12-31","num_media":10,"price":"-0.1"}]}`,
		`{"calls":[{"from":"+14155550100","to":"+16518675310","status":"ringing","start_time":"0001-01-01","duration":9223372036854775807}]}`,
		`{"usage_records":[{"category":"sms-outbound","start_date":"2020-02-29","count":9223372036854775807,"price":1e18}]}`,
	} {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		fake := twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart))
		seed, err := readSeed(document, fake.Now())
		if err != nil {
			return
		}
		_ = fake.Seed(seed) // refuses much of it
		fake.Advance(24 * time.Hour)
		if !fake.HasAccount(fake.AccountSID) {
			t.Error("the main account is gone")
		}
	})
}
