package twilio_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// onePage answers as every list does, with a second page after the first.
func onePage(path string) func(url.Values) string {
	const lists = `"accounts addresses dependent_phone_numbers countries available_phone_numbers calls incoming_phone_numbers ` +
		`keys messages outgoing_caller_ids signing_keys usage_records usage_triggers"`
	var members strings.Builder
	for list := range strings.FieldsSeq(strings.Trim(lists, `"`)) {
		fmt.Fprintf(&members, `%q:[],`, list)
	}
	return func(query url.Values) string {
		next := "null"
		if !query.Has("PageToken") {
			next = fmt.Sprintf(`"%s?%s"`, path, secondPage)
		}
		return "{" + members.String() + `"next_page_uri":` + next + "}"
	}
}

const secondPage = "To=%2B15005550006&StartTime%3C=2026-03-01&PageSize=2&Page=1&PageToken=PAabc%2F1"

// TestWire sends every operation, with all its params, from every kind of
// client, and compares each request with what has to be on the wire.
func TestWire(t *testing.T) {
	t.Parallel()
	mainCred := twilio.AuthToken(mainSID, mainToken)
	for _, who := range []struct {
		name         string
		client       func(*wire) *twilio.Client
		owner, acts  string
		user, secret string
	}{
		{"main", func(w *wire) *twilio.Client { return w.client(mainCred) }, mainSID, mainSID, mainSID, mainToken},
		{"key", func(w *wire) *twilio.Client { return w.client(twilio.APIKey(mainSID, keySID, keySecret)) }, mainSID, mainSID, keySID, keySecret},
		{"Subaccount", func(w *wire) *twilio.Client { return w.client(mainCred).Subaccount(subSID) }, mainSID, subSID, mainSID, mainToken},
		{"WithSubaccount", func(w *wire) *twilio.Client { return w.client(mainCred, twilio.WithSubaccount(subSID)) }, mainSID, subSID, mainSID, mainToken},
		{"WithCredentials", func(w *wire) *twilio.Client {
			return w.client(mainCred).Subaccount(mainSID).WithCredentials(twilio.AuthToken(subSID, subToken))
		}, subSID, subSID, subSID, subToken},
	} {
		for _, op := range operations {
			t.Run(who.name+"/"+op.id, func(t *testing.T) {
				t.Parallel()
				w := newWire(t)
				c := who.client(w)
				if c.AccountSID() != who.acts {
					t.Errorf("acts on %s, want %s", c.AccountSID(), who.acts)
				}
				path := op.path(who.acts)
				body := func(url.Values) string { return "{}" }
				status := map[string]int{"Create": 201, "Delete": 204}[op.verb()]
				switch {
				case op.verb() == "Delete":
					body = func(url.Values) string { return "" }
				case op.verb() == "List":
					body = onePage(path)
				}
				w.answer(op.httpMethod(), path, max(status, 200), body)

				check := func(got sentRequest, query, form url.Values) {
					t.Helper()
					header := http.Header{
						"Accept":        {"application/json"},
						"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(who.user+":"+who.secret))},
					}
					if op.httpMethod() == http.MethodPost {
						header.Set("Content-Type", "application/x-www-form-urlencoded")
					}
					agent := got.header.Get("User-Agent")
					got.header.Del("User-Agent")
					if !regexp.MustCompile(`^twilio-subaccounts-go/` + regexp.QuoteMeta(twilio.Version) + ` \(\w+ \w+\) go`).MatchString(agent) {
						t.Errorf("User-Agent %q", agent)
					}
					if !reflect.DeepEqual(got.header, header) {
						t.Errorf("headers %v\nwant %v", got.header, header)
					}
					if got.operation != op.name {
						t.Errorf("operation %s, want %s", got.operation, op.name)
					}
					if request := got.method + " " + got.origin + got.path; request != op.httpMethod()+" https://api.twilio.com"+path {
						t.Errorf("request %s\nwant path %s", request, path)
					}
					if !reflect.DeepEqual(got.query, query) {
						t.Errorf("query %v\nwant %v", got.query, query)
					}
					if !reflect.DeepEqual(got.form, form) {
						t.Errorf("form %v\nwant %v", got.form, form)
					}
				}
				for i, params := range op.filled() {
					if _, err := invoke(t.Context(), methodOf(c, op.method), op.args(), params); err != nil {
						t.Fatal(err)
					}
					if params.IsValid() && !reflect.DeepEqual(params.Interface(), op.filled()[i].Interface()) {
						t.Errorf("params changed: %+v", params)
					}
					form := wantForm(params)
					if op.httpMethod() == http.MethodPost {
						check(w.one(), url.Values{}, form)
						continue
					}
					check(w.one(), form, url.Values{})
					if op.verb() != "List" || !methodOf(c, op.sibling("All")).IsValid() {
						continue
					}

					second := must(url.ParseQuery(secondPage))
					if _, err := invoke(t.Context(), methodOf(c, op.sibling("All")), op.args(), params); err != nil {
						t.Fatal(err)
					}
					sent := w.take()
					if len(sent) != 2 {
						t.Fatalf("All sent %d requests, want two", len(sent))
					}
					check(sent[0], form, url.Values{})
					check(sent[1], second, url.Values{})

					page, err := invoke(t.Context(), methodOf(c, op.method), op.args(), params)
					if err != nil {
						t.Fatal(err)
					}
					cursor := page.(interface{ Cursor() string }).Cursor()
					w.take()
					if _, err := invoke(t.Context(), methodOf(c, op.sibling("Resume")), append(op.args(), cursor), reflect.Value{}); err != nil {
						t.Fatal(err)
					}
					resumed := w.one()
					check(resumed, second, url.Values{})
					if resumed.rawQuery != secondPage {
						t.Errorf("resumed at %s, want Twilio's own text %s", resumed.rawQuery, secondPage)
					}
				}
			})
		}
	}
}

// TestWireZeroParams sends every operation that takes params without any.
func TestWireZeroParams(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		params := op.params()
		if params == nil {
			continue
		}
		t.Run(op.id, func(t *testing.T) {
			t.Parallel()
			w := newWire(t)
			w.answer(op.httpMethod(), op.path(mainSID), 200, onePage(op.path(mainSID)))
			_, err := invoke(t.Context(), methodOf(w.main(), op.method), op.args(), reflect.Zero(params))
			if e, ok := errors.AsType[*twilio.ParamError](err); ok && op.httpMethod() == http.MethodPost {
				if _, has := params.FieldByName(e.Field); !has || len(w.take()) > 0 {
					t.Errorf("refused %+v", e)
				}
				return // something is needed, and the message says what
			}
			if err != nil {
				t.Fatal(err)
			}
			want := url.Values{}
			if op.verb() == "List" {
				want.Set("PageSize", "1000")
				if strings.HasPrefix(params.Name(), "AvailablePhoneNumberListParams") {
					want.Set("PageSize", "50")
				}
				if params.Name() == "UsageRecordListParams" {
					want.Set("IncludeSubaccounts", "false") // Twilio's own default would count customers twice
				}
			}
			got := w.one()
			maps.Copy(got.query, got.form)
			if !reflect.DeepEqual(got.query, want) {
				t.Errorf("sent %v, want %v", got.query, want)
			}
		})
	}
}

// TestErrorsNameOperationAndAccount has Twilio refuse every operation of a client
// that acts on a subaccount.
func TestErrorsNameOperationAndAccount(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.answerAll(400, `{"code":20001}`)
	c := w.main().Subaccount(subSID)
	for _, op := range operations {
		account := subSID
		if op.isRoot() {
			account = mainSID
		}
		_, err := invoke(t.Context(), methodOf(c, op.method), op.args(), op.filled()[0])
		e, ok := errors.AsType[*twilio.Error](err)
		if !ok || e.Operation != op.name || e.AccountSID != account {
			t.Errorf("%s: %#v", op.id, err)
		}
	}
}

// TestWireByHand has requests written down as Twilio documents them.
func TestWireByHand(t *testing.T) {
	t.Parallel()
	const ca, pn, sm, mm = "CA0000000000000000000000000000000a", "PN0000000000000000000000000000000a",
		"SM0000000000000000000000000000000a", "MM0000000000000000000000000000000a"
	east := time.FixedZone("", 9*60*60)
	day := func(d, h, m int) time.Time { return time.Date(2026, time.March, d, h, m, 0, 0, time.UTC) }
	type c = *twilio.Client
	under := "/2010-04-01/Accounts/" + subSID
	for name, test := range map[string]struct {
		call func(sub c) error
		want string
	}{
		"create a subaccount": {func(sub c) error {
			_, err := sub.Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
			return err
		}, "POST /2010-04-01/Accounts.json FriendlyName=Submarine"},
		"create a subaccount with Twilio's name": {func(sub c) error {
			_, err := sub.Accounts.Create(t.Context(), twilio.AccountCreateParams{})
			return err
		}, "POST /2010-04-01/Accounts.json "},
		"suspend": {func(sub c) error {
			_, err := sub.Accounts.Update(t.Context(), subSID, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)})
			return err
		}, "POST " + under + ".json Status=suspended"},
		"call": {func(sub c) error {
			_, err := sub.Calls.Create(t.Context(), twilio.CallCreateParams{From: "+14158141829", To: "+16518675310", URL: "https://example.com/?a=b&c=d",
				StatusCallbackEvent: []twilio.CallEvent{twilio.CallEventRinging, twilio.CallEventAnswered}})
			return err
		}, "POST " + under + "/Calls.json From=%2B14158141829&StatusCallbackEvent=ringing&StatusCallbackEvent=answered&To=%2B16518675310&Url=https%3A%2F%2Fexample.com%2F%3Fa%3Db%26c%3Dd"},
		"end a call": {func(sub c) error {
			_, err := sub.Calls.Update(t.Context(), ca, twilio.CallUpdateParams{Status: new(twilio.CallStatusCompleted)})
			return err
		}, "POST " + under + "/Calls/" + ca + ".json Status=completed"},
		"message with media": {func(sub c) error {
			_, err := sub.Messages.Create(t.Context(), twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy & hey!",
				MediaURL: []string{"https://example.com/b", "https://example.com/a"}})
			return err
		}, "POST " + under + "/Messages.json Body=Ahoy+%26+hey%21&From=%2B14158141829&MediaUrl=https%3A%2F%2Fexample.com%2Fb&MediaUrl=https%3A%2F%2Fexample.com%2Fa&To=%2B16518675310"},
		"message for later, in UTC": {func(sub c) error {
			_, err := sub.Messages.Create(t.Context(), twilio.MessageCreateParams{MessagingServiceSID: "MG1", To: "+16518675310", Body: "x",
				ScheduleType: twilio.MessageScheduleTypeFixed, SendAt: time.Date(2026, time.March, 1, 4, 30, 15, 0, east)})
			return err
		}, "POST " + under + "/Messages.json Body=x&MessagingServiceSid=MG1&ScheduleType=fixed&SendAt=2026-02-28T19%3A30%3A15Z&To=%2B16518675310"},
		"message with media by its SID": {func(sub c) error { _, err := sub.Messages.Get(t.Context(), mm); return err },
			"GET " + under + "/Messages/" + mm + ".json "},
		"redact a message": {func(sub c) error {
			_, err := sub.Messages.Update(t.Context(), sm, twilio.MessageUpdateParams{Body: new("")})
			return err
		}, "POST " + under + "/Messages/" + sm + ".json Body="},
		"clear a URL, leave all else alone": {func(sub c) error {
			_, err := sub.IncomingPhoneNumbers.Update(t.Context(), pn, twilio.IncomingPhoneNumberUpdateParams{VoiceURL: new(""), VoiceCallerIDLookup: new(false)})
			return err
		}, "POST " + under + "/IncomingPhoneNumbers/" + pn + ".json VoiceCallerIdLookup=false&VoiceUrl="},
		"update nothing": {func(sub c) error {
			_, err := sub.IncomingPhoneNumbers.Update(t.Context(), pn, twilio.IncomingPhoneNumberUpdateParams{})
			return err
		}, "POST " + under + "/IncomingPhoneNumbers/" + pn + ".json "},
		"move a number": {func(sub c) error {
			_, err := sub.IncomingPhoneNumbers.Update(t.Context(), pn, twilio.IncomingPhoneNumberUpdateParams{AccountSID: new(mainSID)})
			return err
		}, "POST " + under + "/IncomingPhoneNumbers/" + pn + ".json AccountSid=" + mainSID},
		"near a place, to the last digit": {func(sub c) error {
			_, err := sub.AvailablePhoneNumbers.Local.List(t.Context(), "us", twilio.AvailablePhoneNumberListParams{NearLatLong: "37.840699,-122.461853", Distance: 50, SMSEnabled: new(false), Limit: 3})
			return err
		}, "GET " + under + "/AvailablePhoneNumbers/US/Local.json Distance=50&NearLatLong=37.840699%2C-122.461853&PageSize=3&SmsEnabled=false"},
		"a day, in UTC": {func(sub c) error {
			_, err := sub.Calls.List(t.Context(), twilio.CallListParams{StartTime: time.Date(2026, time.March, 2, 8, 59, 0, 0, east)})
			return err
		}, "GET " + under + "/Calls.json PageSize=1000&StartTime=2026-03-01"},
		"a range that ends at midnight": {func(sub c) error {
			_, err := sub.Calls.List(t.Context(), twilio.CallListParams{StartTimeAfter: day(1, 0, 0), StartTimeBefore: day(3, 0, 0)})
			return err
		}, "GET " + under + "/Calls.json PageSize=1000&StartTime%3C=2026-03-03&StartTime%3E=2026-03-01"},
		"a range that ends at a midnight elsewhere": {func(sub c) error {
			_, err := sub.Calls.List(t.Context(), twilio.CallListParams{EndTimeAfter: time.Date(2026, time.March, 1, 0, 0, 0, 0, east), EndTimeBefore: time.Date(2026, time.March, 2, 0, 0, 0, 0, east)})
			return err
		}, "GET " + under + "/Calls.json EndTime%3C=2026-03-02&EndTime%3E=2026-02-28T15%3A00%3A00Z&PageSize=1000"},
		"a range within a day": {func(sub c) error {
			_, err := sub.Messages.List(t.Context(), twilio.MessageListParams{DateSentAfter: day(1, 9, 0), DateSentBefore: day(1, 9, 1), Limit: 5})
			return err
		}, "GET " + under + "/Messages.json DateSent%3C=2026-03-02&DateSent%3E=2026-03-01T09%3A00%3A00Z&PageSize=1000"},
		"a range with one end": {func(sub c) error {
			_, err := sub.Messages.List(t.Context(), twilio.MessageListParams{DateSentBefore: day(31, 23, 59)})
			return err
		}, "GET " + under + "/Messages.json DateSent%3C=2026-04-01&PageSize=1000"},
		"usage of days, with subaccounts": {func(sub c) error {
			_, err := sub.Usage.Records.Daily.List(t.Context(), twilio.UsageRecordListParams{Category: twilio.UsageCategoryTotalPrice,
				StartDate: day(1, 12, 0).In(east), EndDate: day(2, 20, 0).In(east), IncludeSubaccounts: true, PageSize: 9})
			return err
		}, "GET " + under + "/Usage/Records/Daily.json Category=totalprice&EndDate=2026-03-02&IncludeSubaccounts=true&PageSize=9&StartDate=2026-03-01"},
		"a limit makes the page small": {func(sub c) error {
			_, err := sub.Calls.List(t.Context(), twilio.CallListParams{Limit: 7})
			return err
		}, "GET " + under + "/Calls.json PageSize=7"},
		"form beside and over fields": {func(sub c) error {
			_, err := sub.Calls.Create(t.Context(), twilio.CallCreateParams{From: "a", To: "b", URL: "c"},
				twilio.WithForm(url.Values{"To": {"B"}, "NewThing": {"1", "2"}}))
			return err
		}, "POST " + under + "/Calls.json From=a&NewThing=1&NewThing=2&To=B&Url=c"},
		"form in a query": {func(sub c) error {
			_, err := sub.Calls.List(t.Context(), twilio.CallListParams{To: "a"}, twilio.WithForm(url.Values{"PageSize": {"5"}, "NewThing": {"1"}}))
			return err
		}, "GET " + under + "/Calls.json NewThing=1&PageSize=5&To=a"},
		"form in the query of a get": {func(sub c) error {
			_, err := sub.Calls.Get(t.Context(), ca, twilio.WithForm(url.Values{"NewThing": {"1"}}))
			return err
		}, "GET " + under + "/Calls/" + ca + ".json NewThing=1"},
		"Do with a form in the query": {func(sub c) error {
			return sub.Do(t.Context(), "GET", under+"/Recordings.json?Page=0", url.Values{"CallSid": {ca}}, nil)
		}, "GET " + under + "/Recordings.json CallSid=" + ca + "&Page=0"},
		"Do with a form in the body": {func(sub c) error {
			return sub.Do(t.Context(), "POST", under+"/Queues.json", url.Values{"FriendlyName": {"q"}}, nil)
		}, "POST " + under + "/Queues.json FriendlyName=q"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t)
			w.answerAll(200, onePage("")(url.Values{"PageToken": {""}}))
			if err := test.call(w.main().Subaccount(subSID)); err != nil {
				t.Fatal(err)
			}
			got := w.one()
			values := got.query
			if got.method == http.MethodPost {
				if got.rawQuery != "" {
					t.Errorf("query %s in a POST", got.rawQuery)
				}
				values = got.form
			}
			if sent := got.method + " " + got.path + " " + values.Encode(); sent != test.want {
				t.Errorf("sent %s\nwant %s", sent, test.want)
			}
		})
	}
}

// TestUpdateTellsNilFromEmpty sets every field of every update, one at a time, to
// its zero value, which must reach Twilio, and alone.
func TestUpdateTellsNilFromEmpty(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		if op.verb() != "Update" {
			continue
		}
		for field := range op.params().Fields() {
			if op.id == "UpdateIncomingPhoneNumber" && field.Name == "AccountSID" {
				continue // a number can't belong to nobody
			}
			t.Run(op.id+"/"+field.Name, func(t *testing.T) {
				t.Parallel()
				w := newWire(t)
				w.answer("POST", op.path(mainSID), 200, func(url.Values) string { return "{}" })
				params := reflect.New(op.params()).Elem()
				zero := reflect.New(field.Type.Elem())
				params.FieldByName(field.Name).Set(zero)
				if _, err := invoke(t.Context(), methodOf(w.main(), op.method), op.args(), params); err != nil {
					t.Fatal(err)
				}
				key, _, _ := strings.Cut(field.Tag.Get("url"), ",")
				if got, want := w.one().form, (url.Values{key: {fmt.Sprint(zero.Elem())}}); !reflect.DeepEqual(got, want) {
					t.Errorf("sent %v, want %v", got, want)
				}
			})
		}
	}
}

func TestWithForm(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.answerAll(200, `{"calls":[],"next_page_uri":"/2010-04-01/Accounts/`+mainSID+`/Calls.json?Page=1&New=1"}`)
	form := url.Values{"New": {"1"}}
	page, err := w.main().Calls.List(t.Context(), twilio.CallListParams{}, twilio.WithForm(form))
	if err != nil {
		t.Fatal(err)
	}
	w.take()
	if _, err := page.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := w.one().rawQuery; got != "Page=1&New=1" {
		t.Errorf("the next page is asked for with %s, which isn't Twilio's own text", got)
	}
	if _, err := w.main().Calls.Create(t.Context(), twilio.CallCreateParams{From: "a", To: "b", TwiML: "c"}, twilio.WithForm(form)); err != nil {
		t.Fatal(err)
	}
	path, own := "/2010-04-01/Accounts/"+mainSID+"/Queues.json", url.Values{"FriendlyName": {"q"}}
	if err := w.main().Do(t.Context(), "POST", path, own, nil, twilio.WithForm(form)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(form, url.Values{"New": {"1"}}) || !reflect.DeepEqual(own, url.Values{"FriendlyName": {"q"}}) {
		t.Errorf("the caller's forms are %v and %v now", form, own)
	}
}

func TestWithHeader(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.answerAll(200, "{}")
	c := w.client(twilio.AuthToken(mainSID, mainToken), twilio.WithUserAgent("billing/2"))
	get := func(opts ...twilio.RequestOption) error {
		_, err := c.Balance.Get(t.Context(), opts...)
		return err
	}
	if err := get(twilio.WithHeader("x-trace", "1"), twilio.WithHeader("X-Trace", "2"), twilio.WithHeader("accept", "text/plain")); err != nil {
		t.Fatal(err)
	}
	got := w.one().header
	got.Del("Authorization")
	if want := (http.Header{"X-Trace": {"2"}, "Accept": {"text/plain"}, "User-Agent": {"billing/2"}}); !reflect.DeepEqual(got, want) {
		t.Errorf("headers %v, want %v", got, want)
	}
	for _, key := range []string{
		"Authorization", "authorization", "Proxy-Authorization", "cookie", "HOST", "Content-Type", "Content-Length",
		"Transfer-Encoding", "Connection", "Accept-Encoding", "Idempotency-Key", "X-Idempotency-Key",
	} {
		refused(t, w, get(twilio.WithHeader(key, "canary-value")), "balance.get", "WithHeader", "canary-value")
	}
	for key, value := range map[string]string{
		"": "canary-value", "canary key": "canary-value", "canary\r\nkey": "canary-value", "Authorization ": "canary-value", "canary:": "canary-value",
		"X-Trace": "canary-value\r\nX-Other: 1", "X-Other": "canary-value\x00",
	} {
		refused(t, w, get(twilio.WithHeader(key, value)), "balance.get", "WithHeader", "canary")
	}
}

// TestCopiesShareNothingThatChanges uses a client and copies of it in turn: none
// may leave its account or its credentials behind for another.
func TestCopiesShareNothingThatChanges(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.answerAll(200, "{}")
	c := w.main()
	sub, own := c.Subaccount(subSID), c.WithCredentials(twilio.AuthToken(subSID, subToken))
	var got []string
	for _, client := range []*twilio.Client{c, sub, own, sub.Subaccount(mainSID), sub, c} {
		if _, err := client.Balance.Get(t.Context()); err != nil {
			t.Fatal(err)
		}
		sent := w.one()
		user, secret := sent.credentials()
		got = append(got, user+":"+secret+" "+strings.Split(sent.path, "/")[3])
	}
	m, s := mainSID+":"+mainToken+" ", subSID+":"+subToken+" "
	if want := []string{m + mainSID, m + subSID, s + subSID, m + mainSID, m + subSID, m + mainSID}; !slices.Equal(got, want) {
		t.Errorf("spoke as and on\n%v\nwant\n%v", got, want)
	}
}
