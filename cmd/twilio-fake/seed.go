package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// seedKinds are the lists of a seed: how an item of each is read, and added to
// the seed.
var seedKinds = map[string]func(in *input, now time.Time, to *twiliotest.Seed){
	"subaccounts":   readSubaccount,
	"phone_numbers": readPhoneNumber,
	"messages":      readMessage,
	"calls":         readCall,
	"usage_records": readUsageRecord,
}

// readSeed reads a document of JSON: lists of objects, by kind.
func readSeed(body []byte, now time.Time) (*twiliotest.Seed, error) {
	var lists map[string][]map[string]any
	if err := decode(body, &lists); err != nil {
		return nil, err
	}
	seed := new(twiliotest.Seed)
	for _, kind := range slices.Sorted(maps.Keys(lists)) {
		read, ok := seedKinds[kind]
		if !ok {
			return nil, fmt.Errorf("%q is unknown; use %s", kind, strings.Join(slices.Sorted(maps.Keys(seedKinds)), ", "))
		}
		if lists[kind] == nil {
			return nil, fmt.Errorf("%s is null, where a list is expected", kind)
		}
		for i, object := range lists[kind] {
			in, err := inputOf(object)
			switch {
			case object == nil:
				err = errors.New("is null, where an object is expected")
			case err == nil:
				read(in, now, seed)
				err = in.finish()
			}
			if err != nil {
				return nil, fmt.Errorf("%s[%d]: %w", kind, i, err)
			}
		}
	}
	return seed, nil
}

// seedFile adds what a file has.
func seedFile(fake *twiliotest.Server, name string) error {
	body, err := os.ReadFile(name) //nolint:gosec // the user of the program names it
	if err != nil {
		return err
	}
	seed, err := readSeed(body, fake.Now())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := fake.Seed(seed); err != nil {
		return fmt.Errorf("%s: %w", name, plainError(err))
	}
	return nil
}

// plainError leaves out the name of the package, which means nothing outside of
// Go.
func plainError(err error) error {
	return errors.New(strings.TrimPrefix(err.Error(), "twiliotest: "))
}

func readSubaccount(in *input, now time.Time, to *twiliotest.Seed) {
	var a twilio.Account
	var token string
	setText(in, "sid", &a.SID)
	setText(in, "friendly_name", &a.FriendlyName)
	setText(in, "status", &a.Status)
	setText(in, "auth_token", &token)
	parse(in, "date_created", &a.DateCreated, timeFrom(now))
	a.AuthToken = twilio.NewSecret(token)
	to.Subaccounts = append(to.Subaccounts, a)
}

func readPhoneNumber(in *input, now time.Time, to *twiliotest.Seed) {
	var n twilio.IncomingPhoneNumber
	setText(in, "sid", &n.SID)
	setText(in, "account_sid", &n.AccountSID)
	setText(in, "phone_number", &n.PhoneNumber)
	setText(in, "friendly_name", &n.FriendlyName)
	setText(in, "address_sid", &n.AddressSID)
	setText(in, "bundle_sid", &n.BundleSID)
	setText(in, "identity_sid", &n.IdentitySID)
	setText(in, "trunk_sid", &n.TrunkSID)
	setText(in, "sms_url", &n.SMSURL)
	setText(in, "sms_method", &n.SMSMethod)
	setText(in, "sms_fallback_url", &n.SMSFallbackURL)
	setText(in, "sms_fallback_method", &n.SMSFallbackMethod)
	setText(in, "sms_application_sid", &n.SMSApplicationSID)
	setText(in, "voice_url", &n.VoiceURL)
	setText(in, "voice_method", &n.VoiceMethod)
	setText(in, "voice_fallback_url", &n.VoiceFallbackURL)
	setText(in, "voice_fallback_method", &n.VoiceFallbackMethod)
	setText(in, "voice_application_sid", &n.VoiceApplicationSID)
	setText(in, "status_callback", &n.StatusCallback)
	setText(in, "status_callback_method", &n.StatusCallbackMethod)
	parse(in, "date_created", &n.DateCreated, timeFrom(now))
	to.PhoneNumbers = append(to.PhoneNumbers, n)
}

func readMessage(in *input, now time.Time, to *twiliotest.Seed) {
	var m twilio.Message
	setText(in, "sid", &m.SID)
	setText(in, "account_sid", &m.AccountSID)
	setText(in, "from", &m.From)
	setText(in, "to", &m.To)
	setText(in, "body", &m.Body)
	setText(in, "direction", &m.Direction)
	setText(in, "status", &m.Status)
	setText(in, "messaging_service_sid", &m.MessagingServiceSID)
	setText(in, "error_message", &m.ErrorMessage)
	setText(in, "price_unit", &m.PriceUnit)
	parse(in, "date_created", &m.DateCreated, timeFrom(now))
	parse(in, "date_sent", &m.DateSent, timeFrom(now))
	parse(in, "date_updated", &m.DateUpdated, timeFrom(now))
	parse(in, "error_code", &m.ErrorCode, parseWhole)
	parse(in, "num_media", &m.NumMedia, parseWhole)
	parse(in, "num_segments", &m.NumSegments, parseWhole)
	parse(in, "price", &m.Price, money)
	to.Messages = append(to.Messages, m)
}

func readCall(in *input, now time.Time, to *twiliotest.Seed) {
	var c twilio.Call
	setText(in, "sid", &c.SID)
	setText(in, "account_sid", &c.AccountSID)
	setText(in, "from", &c.From)
	setText(in, "to", &c.To)
	setText(in, "direction", &c.Direction)
	setText(in, "status", &c.Status)
	setText(in, "answered_by", &c.AnsweredBy)
	setText(in, "caller_name", &c.CallerName)
	setText(in, "forwarded_from", &c.ForwardedFrom)
	setText(in, "parent_call_sid", &c.ParentCallSID)
	setText(in, "phone_number_sid", &c.PhoneNumberSID)
	setText(in, "price_unit", &c.PriceUnit)
	parse(in, "date_created", &c.DateCreated, timeFrom(now))
	parse(in, "date_updated", &c.DateUpdated, timeFrom(now))
	parse(in, "start_time", &c.StartTime, timeFrom(now))
	parse(in, "end_time", &c.EndTime, timeFrom(now))
	parse(in, "duration", &c.Duration, parseWhole)
	parse(in, "queue_time", &c.QueueTime, parseWhole)
	parse(in, "price", &c.Price, money)
	to.Calls = append(to.Calls, c)
}

func readUsageRecord(in *input, now time.Time, to *twiliotest.Seed) {
	var r twilio.UsageRecord
	setText(in, "account_sid", &r.AccountSID)
	setText(in, "category", &r.Category)
	parse(in, "start_date", &r.StartDate, timeFrom(now))
	parse(in, "count", &r.Count, parseWhole)
	parse(in, "usage", &r.Usage, money)
	parse(in, "price", &r.Price, money)
	to.UsageRecords = append(to.UsageRecords, r)
}

func money(text string) (decimal.NullDecimal, error) {
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() < -18 || d.Exponent() > 18 {
		return decimal.NullDecimal{}, fmt.Errorf("%q is not a decimal number such as -0.0079", text)
	}
	return decimal.NewNullDecimal(d), nil
}

// timeFrom reads a time: in either form of Twilio's, as a day, or as a
// duration before or after the time on the fake's clock, so that a seed stays
// recent.
func timeFrom(now time.Time) func(string) (time.Time, error) {
	return func(text string) (time.Time, error) {
		for _, layout := range []string{time.RFC3339, time.RFC1123Z, time.DateOnly} {
			if t, err := time.Parse(layout, text); err == nil {
				if t.Year() < 1 || t.Year() > 9999 {
					break
				}
				return t.UTC(), nil
			}
		}
		if d, err := time.ParseDuration(text); err == nil {
			return now.Add(d), nil
		}
		return time.Time{}, fmt.Errorf("%q is not a time; use 2026-01-15T12:00:00Z, 2026-01-15, or -36h for a time before now", text)
	}
}
