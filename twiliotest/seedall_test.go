package twiliotest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestSeedAddsEverything(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart))
	customer := "AC" + strings.Repeat("1", 32)
	yesterday := srv.Now().Add(-24 * time.Hour)
	seed := twiliotest.Seed{
		Subaccounts:  []twilio.Account{{SID: customer, FriendlyName: "Submarine"}},
		PhoneNumbers: []twilio.IncomingPhoneNumber{{AccountSID: customer, PhoneNumber: "+14155550100"}, {}},
		Messages:     []twilio.Message{{AccountSID: customer, From: "+16518675310", To: "+14155550100", Direction: "inbound", Status: "received", DateSent: yesterday}},
		Calls:        []twilio.Call{{From: "+16518675310", To: "+14155550100", Direction: "inbound", StartTime: yesterday, Duration: 90}},
		UsageRecords: []twilio.UsageRecord{{AccountSID: customer, Category: "sms-outbound", StartDate: yesterday, Count: 7, Price: decimal.NewNullDecimal(decimal.NewFromInt(3))}},
	}
	if err := srv.Seed(&seed); err != nil {
		t.Fatal(err)
	}
	main, sub := srv.Client(), srv.Client().Subaccount(customer)
	if m, err := sub.Messages.Get(t.Context(), seed.Messages[0].SID); err != nil || m.Direction != "inbound" || !m.DateSent.Equal(yesterday) {
		t.Errorf("%+v, %v", m, err)
	}
	if c, err := main.Calls.Get(t.Context(), seed.Calls[0].SID); err != nil || c.Duration != 90 || c.Direction != "inbound" {
		t.Errorf("%+v, %v", c, err)
	}
	if n, err := sub.IncomingPhoneNumbers.Get(t.Context(), seed.PhoneNumbers[0].SID); err != nil || n.PhoneNumber != "+14155550100" {
		t.Errorf("%+v, %v", n, err)
	}
	usage, err := sub.Usage.Records.List(t.Context(), twilio.UsageRecordListParams{Category: "sms-outbound"})
	if err != nil || len(usage.Items) != 1 || usage.Items[0].Count != 7 {
		t.Errorf("%+v, %v", usage, err)
	}
}

func TestSeedAddsNothingOfWhatItRefuses(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	owned := srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14155550100"})
	message := twilio.Message{From: "+16518675310", To: "+14155550100"}
	call := twilio.Call{From: "+16518675310", To: "+14155550100"}
	with := func(change func(*twiliotest.Seed)) twiliotest.Seed {
		seed := twiliotest.Seed{Messages: []twilio.Message{message}, Calls: []twilio.Call{call}}
		change(&seed)
		return seed
	}
	before := everything(t, srv, srv.AccountSID)
	for field, change := range map[string]func(s *twiliotest.Seed){
		"subaccounts[0].sid": func(s *twiliotest.Seed) { s.Subaccounts = []twilio.Account{{SID: "AC1"}} },
		"subaccounts[1].sid": func(s *twiliotest.Seed) {
			same := twilio.Account{SID: "AC" + strings.Repeat("1", 32)}
			s.Subaccounts = []twilio.Account{same, same}
		},
		"subaccounts[0].status":        func(s *twiliotest.Seed) { s.Subaccounts = []twilio.Account{{Status: "open"}} },
		"phone_numbers[0].sid":         func(s *twiliotest.Seed) { s.PhoneNumbers = []twilio.IncomingPhoneNumber{{SID: owned.SID}} },
		"phone_numbers[0].account_sid": func(s *twiliotest.Seed) { s.PhoneNumbers = []twilio.IncomingPhoneNumber{{AccountSID: "ACnone"}} },
		"phone_numbers[0].phone_number": func(s *twiliotest.Seed) {
			s.PhoneNumbers = []twilio.IncomingPhoneNumber{{PhoneNumber: owned.PhoneNumber}}
		},
		"phone_numbers[0].sms_url": func(s *twiliotest.Seed) {
			s.PhoneNumbers = []twilio.IncomingPhoneNumber{{SMSURL: "example.com/sms"}}
		},
		"phone_numbers[0].voice_method": func(s *twiliotest.Seed) {
			s.PhoneNumbers = []twilio.IncomingPhoneNumber{{VoiceMethod: "PUT"}}
		},
		"messages[0].to":            func(s *twiliotest.Seed) { s.Messages[0].To = "nobody" },
		"messages[0].from":          func(s *twiliotest.Seed) { s.Messages[0].From = "" },
		"messages[0].direction":     func(s *twiliotest.Seed) { s.Messages[0].Direction = "sideways" },
		"messages[0].status":        func(s *twiliotest.Seed) { s.Messages[0].Status = "lost" },
		"messages[0].num_media":     func(s *twiliotest.Seed) { s.Messages[0].NumMedia = 11 },
		"messages[0].num_segments":  func(s *twiliotest.Seed) { s.Messages[0].NumSegments = -1 },
		"messages[0].error_code":    func(s *twiliotest.Seed) { s.Messages[0].ErrorCode = -1 },
		"calls[0].to":               func(s *twiliotest.Seed) { s.Calls[0].To = "" },
		"calls[0].from":             func(s *twiliotest.Seed) { s.Calls[0].From = "?" },
		"calls[0].direction":        func(s *twiliotest.Seed) { s.Calls[0].Direction = "up" },
		"calls[0].status":           func(s *twiliotest.Seed) { s.Calls[0].Status = "lost" },
		"calls[0].duration":         func(s *twiliotest.Seed) { s.Calls[0].Duration = -1 },
		"calls[0].queue_time":       func(s *twiliotest.Seed) { s.Calls[0].QueueTime = -1 },
		"calls[0].end_time":         func(s *twiliotest.Seed) { s.Calls[0].StartTime = srv.Now(); s.Calls[0].EndTime = srv.Now().Add(-1) },
		"usage_records[0].category": func(s *twiliotest.Seed) { s.UsageRecords = []twilio.UsageRecord{{}} },
		"usage_records[0].start_date": func(s *twiliotest.Seed) {
			s.UsageRecords = []twilio.UsageRecord{{Category: "sms", StartDate: srv.Now().Add(48 * time.Hour)}}
		},
		"usage_records[0].count": func(s *twiliotest.Seed) { s.UsageRecords = []twilio.UsageRecord{{Category: "sms", Count: -1}} },
		"usage_records[0].price": func(s *twiliotest.Seed) {
			s.UsageRecords = []twilio.UsageRecord{{Category: "sms", Price: decimal.NewNullDecimal(decimal.NewFromInt(-1))}}
		},
		"usage_records[0].usage": func(s *twiliotest.Seed) {
			s.UsageRecords = []twilio.UsageRecord{{Category: "sms", Usage: decimal.NewNullDecimal(decimal.NewFromInt(-1))}}
		},
		"messages[0].sid":              func(s *twiliotest.Seed) { s.Messages[0].SID = "CA" + strings.Repeat("1", 32) },
		"calls[0].sid":                 func(s *twiliotest.Seed) { s.Calls[0].SID = "CA" + strings.Repeat("x", 32) },
		"calls[0].account_sid":         func(s *twiliotest.Seed) { s.Calls[0].AccountSID = "CA" + strings.Repeat("1", 32) },
		"messages[0].account_sid":      func(s *twiliotest.Seed) { s.Messages[0].AccountSID = "AC" + strings.Repeat("1", 32) },
		"usage_records[0].account_sid": func(s *twiliotest.Seed) { s.UsageRecords = []twilio.UsageRecord{{AccountSID: "AC", Category: "sms"}} },
	} {
		seed := with(change)
		if err := srv.Seed(&seed); err == nil || !strings.HasPrefix(err.Error(), "twiliotest: "+field+" ") {
			t.Errorf("%s: %v", field, err)
		}
	}
	if after := everything(t, srv, srv.AccountSID); after != before {
		t.Error(difference(after, before))
	}
}
