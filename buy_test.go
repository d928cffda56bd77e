package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Responses as Twilio's pages on available and incoming phone numbers show
// them.
func offersOf(numbers ...string) step {
	var items []string
	for _, number := range numbers {
		items = append(items, fmt.Sprintf(`{"phone_number":%q,"capabilities":{"voice":true,"SMS":true,"MMS":false},"latitude":"37.840000","beta":false}`, number))
	}
	return respond(200, `{"available_phone_numbers":[`+strings.Join(items, ",")+`],"uri":"/2010-04-01/…"}`)
}

func ownedNumber(number string) string {
	return fmt.Sprintf(`{"sid":"PN1","account_sid":%q,"phone_number":%q,"status":"in-use","voice_application_sid":"","address_sid":null}`, mainSID, number)
}

func ownedNumbers(numbers ...string) step {
	var items []string
	for _, number := range numbers {
		items = append(items, ownedNumber(number))
	}
	return respond(200, `{"incoming_phone_numbers":[`+strings.Join(items, ",")+`],"next_page_uri":null}`)
}

const (
	firstOffer  = "+14155550001"
	secondOffer = "+14155550002"
)

func bought(number string) step { return respond(201, ownedNumber(number)) }

func TestBuy(t *testing.T) {
	t.Parallel()
	gone, down := respondError(400, twilio.CodePhoneNumberNotAvailable), respond(500, "")
	for _, tt := range []struct {
		name  string
		steps []step
		buys  []string // the numbers that were requested
		want  string   // the number
		err   error    // a sentinel, or nil
		code  int      // of the error, or 0
	}{
		{name: "the first offer", steps: []step{offersOf(firstOffer, secondOffer), bought(firstOffer)}, buys: []string{firstOffer}, want: firstOffer},
		{name: "the first is gone", steps: []step{offersOf(firstOffer, secondOffer), gone, bought(secondOffer)},
			buys: []string{firstOffer, secondOffer}, want: secondOffer},
		{name: "all are gone", steps: []step{offersOf(firstOffer, secondOffer), gone, gone},
			buys: []string{firstOffer, secondOffer}, err: twilio.ErrNoPhoneNumber, code: twilio.CodePhoneNumberNotAvailable},
		{name: "odd offers", steps: []step{respond(200, `{"available_phone_numbers":[null,{"phone_number":{},"locality":"x"},{"phone_number":"`+firstOffer+`"}]}`), bought(firstOffer)},
			buys: []string{firstOffer}, want: firstOffer},
		{name: "none is for sale", steps: []step{offersOf()}, err: twilio.ErrNoPhoneNumber},
		{name: "no such kind in the country", steps: []step{respondError(404, twilio.CodeNotFound)}, err: twilio.ErrNotFound, code: twilio.CodeNotFound},
		{name: "another refusal", steps: []step{offersOf(firstOffer, secondOffer), respondError(400, twilio.CodeAddressSIDRequired)},
			buys: []string{firstOffer}, code: twilio.CodeAddressSIDRequired},
		{name: "lost, and bought", steps: []step{offersOf(firstOffer, secondOffer), connReset, ownedNumbers(firstOffer)},
			buys: []string{firstOffer}, want: firstOffer},
		{name: "lost, and not bought", steps: []step{offersOf(firstOffer, secondOffer), down, ownedNumbers(), bought(firstOffer)},
			buys: []string{firstOffer, firstOffer}, want: firstOffer},
		{name: "lost, bought and shown late", steps: []step{offersOf(firstOffer, secondOffer), connReset, ownedNumbers(), gone, ownedNumbers(firstOffer)},
			buys: []string{firstOffer, firstOffer}, want: firstOffer},
		{name: "lost twice", steps: []step{offersOf(firstOffer, secondOffer), connReset, ownedNumbers(), down, ownedNumbers()},
			buys: []string{firstOffer, firstOffer}, err: twilio.ErrOutcomeUnknown},
		{name: "an outage that says it is gone", steps: []step{offersOf(firstOffer, secondOffer),
			respondError(500, twilio.CodePhoneNumberNotAvailable), ownedNumbers(), respondError(500, twilio.CodePhoneNumberNotAvailable), ownedNumbers()},
			buys: []string{firstOffer, firstOffer}, err: twilio.ErrOutcomeUnknown},
		{name: "lost, and never shown", steps: []step{offersOf(firstOffer, secondOffer), connReset, ownedNumbers(), gone, ownedNumbers("+14155550003")},
			buys: []string{firstOffer, firstOffer}, err: twilio.ErrOutcomeUnknown},
		{name: "lost, and the look-up fails", steps: []step{offersOf(firstOffer, secondOffer), connReset, connReset},
			buys: []string{firstOffer}, err: twilio.ErrOutcomeUnknown},
		{name: "the second is lost", steps: []step{offersOf(firstOffer, secondOffer), gone, connReset, ownedNumbers(secondOffer)},
			buys: []string{firstOffer, secondOffer}, want: secondOffer},
		{name: "the search fails", steps: []step{down}, code: 0, err: nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, tt.steps...)
			number, err := newClient(t, s, noRetries).IncomingPhoneNumbers.Buy(t.Context(), twilio.BuyParams{
				Country: "US", Search: twilio.AvailablePhoneNumberListParams{AreaCode: "415", Limit: 3},
				Number: twilio.IncomingPhoneNumberCreateParams{VoiceURL: "https://example.com/voice"},
			})
			if tt.want != "" {
				if err != nil || number.PhoneNumber != tt.want {
					t.Errorf("%+v, %v, want %s", number, err, tt.want)
				}
			} else if number != nil || err == nil || tt.err != nil && !errors.Is(err, tt.err) || tt.code != 0 && errorCode(err) != tt.code {
				t.Errorf("%+v, %v", number, err)
			}
			for _, sentinel := range []error{twilio.ErrNoPhoneNumber, twilio.ErrOutcomeUnknown} {
				if errors.Is(err, sentinel) != (tt.err == sentinel) { //nolint:errorlint // which of the sentinels
					t.Errorf("%v is %v: %t", err, sentinel, errors.Is(err, sentinel))
				}
			}
			if err != nil && strings.Contains(fmt.Sprint(err), "+1415") {
				t.Errorf("the error names a number: %v", err)
			}
			var buys []string
			for _, r := range s.sent {
				if r.Method == http.MethodPost {
					buys = append(buys, r.Form.Get("PhoneNumber"))
					if r.Form.Get("VoiceUrl") != "https://example.com/voice" || len(r.Form) != 2 {
						t.Errorf("sent %v", r.Form)
					}
				}
			}
			if fmt.Sprint(buys) != fmt.Sprint(tt.buys) {
				t.Errorf("requested %v, want %v", buys, tt.buys)
			}
			if search := s.sent[0]; !strings.HasSuffix(search.Path, "/AvailablePhoneNumbers/US/Local.json") || search.RawQuery != "AreaCode=415&PageSize=3" {
				t.Errorf("searched %s?%s", search.Path, search.RawQuery)
			}
		})
	}
}

// Every kind of number has its search.
func TestBuyTypes(t *testing.T) {
	t.Parallel()
	for kind, segment := range map[twilio.PhoneNumberType]string{
		"": "Local", twilio.PhoneNumberLocal: "Local", twilio.PhoneNumberTollFree: "TollFree", twilio.PhoneNumberMobile: "Mobile",
		twilio.PhoneNumberNational: "National", twilio.PhoneNumberVoip: "Voip", twilio.PhoneNumberSharedCost: "SharedCost",
		twilio.PhoneNumberMachineToMachine: "MachineToMachine",
	} {
		s := newScript(t, offersOf(firstOffer), bought(firstOffer))
		_, err := newClient(t, s).IncomingPhoneNumbers.Buy(t.Context(), twilio.BuyParams{Country: "GB", Type: kind})
		if err != nil || !strings.HasSuffix(s.sent[0].Path, "/AvailablePhoneNumbers/GB/"+segment+".json") {
			t.Errorf("%q: %s, %v", kind, s.sent[0].Path, err)
		}
	}
}

func TestBuyRefusals(t *testing.T) {
	t.Parallel()
	buy := func(change func(*twilio.BuyParams), opts ...twilio.RequestOption) func(*customer) error {
		return func(w *customer) error {
			params := twilio.BuyParams{Country: "US"}
			change(&params)
			_, err := w.client.Subaccount(acme).IncomingPhoneNumbers.Buy(t.Context(), params, opts...)
			return err
		}
	}
	const operation = "incoming_phone_numbers.buy"
	testRefusals(t, []refusal{
		{name: "no country", operation: operation, field: "Country", reason: "ISO", run: buy(func(p *twilio.BuyParams) { p.Country = "" })},
		{name: "no type", operation: operation, field: "Type", reason: "kind", run: buy(func(p *twilio.BuyParams) { p.Type = "canary" })},
		{name: "a number", operation: operation, field: "Number.PhoneNumber", reason: "Create",
			run: buy(func(p *twilio.BuyParams) { p.Number.PhoneNumber = "+1canary" })},
		{name: "an area code", operation: operation, field: "Number.AreaCode", reason: "Search.AreaCode",
			run: buy(func(p *twilio.BuyParams) { p.Number.AreaCode = "415" })},
		{name: "a distance from nowhere", operation: operation, field: "Distance", run: buy(func(p *twilio.BuyParams) { p.Search.Distance = 5 })},
		{name: "a long name", operation: operation, field: "FriendlyName", reason: "64",
			run: buy(func(p *twilio.BuyParams) { p.Number.FriendlyName = strings.Repeat("n", 65) })},
		{name: "a negative limit", operation: operation, field: "Search.Limit", run: buy(func(p *twilio.BuyParams) { p.Search.Limit = -1 })},
		{name: "a form", operation: operation, field: "WithForm", reason: "workflow",
			run: buy(func(*twilio.BuyParams) {}, twilio.WithForm(url.Values{"VoiceUrl": {"canary"}}))},
		{name: "idempotent", operation: operation, field: "WithIdempotent", run: buy(func(*twilio.BuyParams) {}, twilio.WithIdempotent())},
		{name: "lookahead", operation: operation, field: "WithLookahead", run: buy(func(*twilio.BuyParams) {}, twilio.WithLookahead(2))},
		{name: "no context", operation: operation, field: "ctx", run: func(w *customer) error {
			var ctx context.Context
			_, err := w.client.IncomingPhoneNumbers.Buy(ctx, twilio.BuyParams{Country: "US"})
			return err
		}},
	})
}
