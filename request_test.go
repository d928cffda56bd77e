package twilio_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
)

// TestResponseForms decodes successes in every form that was seen, and others.
func TestResponseForms(t *testing.T) {
	t.Parallel()
	start := time.Date(2015, 7, 30, 20, 0, 0, 0, time.UTC)
	price := decimal.NullDecimal{Decimal: decimal.RequireFromString("-0.03"), Valid: true}
	for _, tt := range []struct {
		name, body string
		want       twilio.Call
	}{
		{"as documented", `{"duration":"15","price":"-0.03","start_time":"Thu, 30 Jul 2015 20:00:00 +0000","status":"completed"}`,
			twilio.Call{Duration: 15, Price: price, StartTime: start, Status: "completed"}},
		{"numbers", `{"duration":15,"price":-0.03}`, twilio.Call{Duration: 15, Price: price}},
		{"number for a string", `{"phone_number_sid":17}`, twilio.Call{PhoneNumberSID: "17"}},
		{"null", `{"duration":null,"price":null,"start_time":null,"status":null,"subresource_uris":null}`, twilio.Call{}},
		{"empty", `{"duration":"","price":"","start_time":"","status":"","subresource_uris":""}`, twilio.Call{}},
		{"missing", `{}`, twilio.Call{}},
		{"unknown", `{"new":{"a":[1,{"b":null}]},"duration":"15"}`, twilio.Call{Duration: 15}},
		{"unknown status", `{"status":"dreaming"}`, twilio.Call{Status: "dreaming"}},
		{"RFC 3339", `{"start_time":"2015-07-30T20:00:00Z"}`, twilio.Call{StartTime: start}},
		{"a day", `{"start_time":"2015-07-30"}`, twilio.Call{StartTime: start.Truncate(24 * time.Hour)}},
		{"another zone", `{"start_time":"Thu, 30 Jul 2015 22:00:00 +0200"}`, twilio.Call{StartTime: start}},
		{"white space", " \n{ \"duration\" : \"15\" }\n ", twilio.Call{Duration: 15}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body := strings.Replace(tt.body, "{", `{"sid":"CA1",`, 1)
			tt.want.SID = "CA1"
			got, err := newClient(t, newScript(t, respond(200, strings.Replace(body, ",}", "}", 1)))).Calls.Get(t.Context(), callSID)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Price.Decimal.Equal(tt.want.Price.Decimal) || got.Price.Valid != tt.want.Price.Valid {
				t.Errorf("price %v, want %v", got.Price, tt.want.Price)
			}
			got.Price, tt.want.Price = decimal.NullDecimal{}, decimal.NullDecimal{}
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got %+v\nwant %+v", *got, tt.want)
			}
		})
	}
}

// TestMeaninglessResponses checks that a success that can't be decoded is a
// *TransportError that names what is wrong, without a value.
func TestMeaninglessResponses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		body   string
		part   string // of the text
	}{
		{"HTML", 200, "<html><h1>Welcome to the hotel</h1></html>", "not JSON"},
		{"text", 200, "OK", "not JSON"},
		{"XML", 200, "<?xml version='1.0'?><TwilioResponse/>", "not JSON"},
		{"nothing", 200, "", "empty"},
		{"no content", 204, "", "empty"},
		{"cut off", 200, `{"calls":[{"sid":"CA1","status":"que`, "cut off"},
		{"cut off between members", 200, `{"calls":[{"sid":"CA1",`, "cut off"},
		{"two documents", 200, `{"calls":[]}{"calls":[]}`, "after it"},
		{"an array", 200, `[{}]`, "object"},
		{"a string", 200, `"hello"`, "object"},
		{"an empty object", 200, `{}`, "want a"},
		{"null", 200, `null`, "want a"},
		{"an empty array", 200, `[]`, "want a"},
		{"an error", 200, `{"code":20404,"message":"not found","more_info":"https://www.twilio.com/docs/errors/20404","status":404}`, "want a"},
		{"another list", 200, `{"messages":[{"sid":"SM1"}],"next_page_uri":null}`, "want a"},
		{"a null list", 200, `{"calls":null,"next_page_uri":null}`, "want a"},
		{"no sid", 200, `{"status":"queued","to":"+15005550006"}`, "want a"},
		{"a null sid", 200, `{"sid":null,"status":"queued"}`, "want a"},
		{"a sid that is none", 200, `{"sid":{"a":1},"status":"queued"}`, "want a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, repeat(2, respond(tt.status, tt.body))...)
			client := newClient(t, s)
			call, err := client.Calls.Get(t.Context(), callSID)
			page, listErr := client.Calls.List(t.Context(), twilio.CallListParams{})
			if call != nil || page != nil {
				t.Errorf("got %v and %v beside an error", call, page)
			}
			for _, err := range []error{err, listErr} {
				e, ok := errors.AsType[*twilio.TransportError](err)
				if !ok || e.Attempts != 1 || !strings.Contains(err.Error(), tt.part) {
					t.Errorf("got %T %v, want %q in it", err, err, tt.part)
				}
			}
		})
	}

	t.Run("no list in a list", func(t *testing.T) {
		t.Parallel()
		s := newScript(t, respond(200, `{}`))
		_, err := newClient(t, s).Calls.List(t.Context(), twilio.CallListParams{})
		if err == nil || !strings.Contains(err.Error(), "calls: want a list") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("a delete that is an error or a page", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{`{"code":20404,"message":"not found"}`, `{"message":"no"}`, "\n<html><h1>Welcome to the hotel</h1></html>",
			`<TwilioResponse><RestException><Code>20404</Code></RestException></TwilioResponse>`} {
			err := newClient(t, newScript(t, respond(200, body))).Calls.Delete(t.Context(), callSID)
			wantFailure(t, err, 0, 1, false)
		}
	})
	t.Run("a delete reads nothing else", func(t *testing.T) {
		t.Parallel()
		for _, response := range []step{respond(200, ""), respond(200, "{}"), respond(204, ""), respond(204, "<html>")} {
			if err := newClient(t, newScript(t, response)).Calls.Delete(t.Context(), callSID); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("Do with nothing to read", func(t *testing.T) {
		t.Parallel()
		out := struct{ A int }{17}
		s := newScript(t, respond(http.StatusNoContent, ""))
		err := newClient(t, s).Do(t.Context(), "DELETE", "/2010-04-01/Accounts/"+mainSID+"/Queues/QU1.json", nil, &out)
		if err != nil || out.A != 17 {
			t.Errorf("got %v, %v", out, err)
		}
	})
}

// badArgs are what a placeholder doesn't take, or what would change the path.
func badArgs(p operations.Placeholder) []string {
	kind := p.Prefix()
	switch p.Kind {
	case "ISO":
		return []string{"", "U", "USA", "U/", "..", "U?", "é", "ſ", "1A", "U\n", "canary"}
	case "*":
		return []string{"", ".", ".."}
	}
	return []string{
		"", kind, "..", ".", "/", kind + "/../canary", kind + "canary/", kind + "canary.json", kind + "?canary=1", kind + "#canary", kind + "%2Fcanary",
		kind + " canary", " " + kind + "canary", kind + "canary\n", kind + "canary\x00", kind + "canary\\", kind + "canaryé", kind + ";canary", kind + ":canary",
		strings.ToLower(kind) + "canary0000000000000000000000000000", "ZZcanary0000000000000000000000000000", "canary", "+1canary", "*", kind + "{canary}",
	}
}

// TestBadSIDs passes what must not become a part of a path to every method that
// takes one, workflows included.
func TestBadSIDs(t *testing.T) {
	t.Parallel()
	templates, operationOf := maps.Clone(operations.Workflows), map[string]string{}
	for _, op := range slices.Concat(operations.All, operations.Downloads) {
		methods := []string{op.Method}
		if op.IsPaged() {
			methods = append(methods, op.Sibling("All"), op.Sibling("Resume"))
		}
		for _, method := range methods {
			templates[method], operationOf[method] = op.Template(), op.Name
		}
	}
	seen := 0
	for _, name := range operations.MethodNames() {
		placeholders := operations.Placeholders(templates[name])
		takes := 0
		for in := range operations.MethodType(name).Ins() {
			if in.Kind() == reflect.String {
				takes++
			}
		}
		if strings.HasSuffix(name, ".Resume") || name == "Accounts.Ensure" || name == "Accounts.Duplicates" {
			takes-- // a cursor, a name
		}
		if takes != len(placeholders) {
			t.Errorf("%s takes %d strings, and its path %d", name, takes, len(placeholders))
			continue
		}
		for i, placeholder := range placeholders {
			seen++
			t.Run(name+"/"+placeholder.Name, func(t *testing.T) {
				t.Parallel()
				w, c := newSilentAPI(t)
				for _, bad := range badArgs(placeholder) {
					var args []string
					for _, p := range placeholders {
						args = append(args, p.Example())
					}
					args[i] = bad
					_, err := operations.Invoke(t.Context(), operations.Method(c, name), append(args, "cursor"), reflect.Value{})
					operation := operationOf[name]
					if operation == "" {
						// A workflow may refuse under its own name or under
						// that of a part of it.
						if e, ok := errors.AsType[*twilio.ParamError](err); ok {
							operation = e.Operation
						}
					}
					quote := bad
					if len(bad) < 4 {
						quote = "" // the text may have it by chance
					}
					wantRefusal(t, w, err, operation, placeholder.Name, quote, "canary")
				}
			})
		}
	}
	if seen < 40 {
		t.Errorf("only %d arguments found", seen)
	}
}

func TestSIDsOfBothKinds(t *testing.T) {
	t.Parallel()
	w := newMockAPI(t)
	w.respondToAll(200, anyResource)
	for _, sid := range []string{"SM1", "MM0123456789abcdefABCDEF0123456789", "SMXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "SM_a-b"} {
		if _, err := w.mainClient().Messages.Get(t.Context(), sid); err != nil {
			t.Error(err)
		}
	}
}

// TestRequestsWithoutContext passes a nil context to every method.
func TestRequestsWithoutContext(t *testing.T) {
	t.Parallel()
	w, c := newSilentAPI(t)
	var none context.Context
	for _, op := range slices.Concat(operations.All, operations.Downloads) {
		methods := []string{op.Method}
		if op.Verb() == "List" && operations.HasMethod(op.Sibling("All")) {
			methods = append(methods, op.Sibling("All"))
		}
		for _, name := range methods {
			_, err := operations.Invoke(none, operations.Method(c, name), op.Args(), op.FilledParams()[0])
			wantRefusal(t, w, err, op.Name, "ctx")
		}
	}
	wantRefusal(t, w, c.Do(none, "GET", "/2010-04-01/Accounts.json", nil, nil), "do", "ctx")
}

// TestWire sends every operation, with all its params, from every kind of
// client, and compares each request with what has to be on the wire.
func TestWire(t *testing.T) {
	t.Parallel()
	mainCred := twilio.AuthToken(mainSID, mainToken)
	for _, who := range []struct {
		name         string
		client       func(*mockAPI) *twilio.Client
		owner, acts  string
		user, secret string
	}{
		{"main", func(w *mockAPI) *twilio.Client { return w.client(mainCred) }, mainSID, mainSID, mainSID, mainToken},
		{"key", func(w *mockAPI) *twilio.Client { return w.client(twilio.APIKey(mainSID, keySID, keySecret)) }, mainSID, mainSID, keySID, keySecret},
		{"Subaccount", func(w *mockAPI) *twilio.Client { return w.client(mainCred).Subaccount(subSID) }, mainSID, subSID, mainSID, mainToken},
		{"WithSubaccount", func(w *mockAPI) *twilio.Client { return w.client(mainCred, twilio.WithSubaccount(subSID)) }, mainSID, subSID, mainSID, mainToken},
		{"WithCredentials", func(w *mockAPI) *twilio.Client {
			return w.client(mainCred).Subaccount(mainSID).WithCredentials(twilio.AuthToken(subSID, subToken))
		}, subSID, subSID, subSID, subToken},
	} {
		for _, op := range operations.All {
			t.Run(who.name+"/"+op.ID, func(t *testing.T) {
				t.Parallel()
				w := newMockAPI(t)
				c := who.client(w)
				if c.AccountSID() != who.acts {
					t.Errorf("acts on %s, want %s", c.AccountSID(), who.acts)
				}
				path := op.URL(who.acts)
				if op.IsProduct() && who.owner != who.acts {
					_, err := operations.Invoke(t.Context(), operations.Method(c, op.Method), op.Args(), op.FilledParams()[0])
					wantRefusal(t, w, err, op.Name, "Subaccount")
					return
				}
				body := func(url.Values) string { return anyResource }
				status := map[string]int{"Create": 201, "Delete": 204}[op.Verb()]
				switch {
				case op.Verb() == "Delete":
					body = func(url.Values) string { return "" }
				case op.Verb() == "List":
					body = emptyPage(path)
				}
				w.respondTo(op.HTTPMethod(), path, max(status, 200), body)

				check := func(got sentRequest, query, form url.Values) {
					t.Helper()
					header := http.Header{
						"Accept":        {"application/json"},
						"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(who.user+":"+who.secret))},
					}
					if op.HTTPMethod() == http.MethodPost {
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
					if got.operation != op.Name {
						t.Errorf("operation %s, want %s", got.operation, op.Name)
					}
					if request := got.method + " " + got.origin + got.path; request != op.HTTPMethod()+" "+path {
						t.Errorf("request %s\nwant path %s", request, path)
					}
					if !reflect.DeepEqual(got.query, query) {
						t.Errorf("query %v\nwant %v", got.query, query)
					}
					if !reflect.DeepEqual(got.form, form) {
						t.Errorf("form %v\nwant %v", got.form, form)
					}
				}
				for i, params := range op.FilledParams() {
					if _, err := operations.Invoke(t.Context(), operations.Method(c, op.Method), op.Args(), params); err != nil {
						t.Fatal(err)
					}
					if params.IsValid() && !reflect.DeepEqual(params.Interface(), op.FilledParams()[i].Interface()) {
						t.Errorf("params changed: %+v", params)
					}
					form := wantForm(params)
					if op.HTTPMethod() == http.MethodPost {
						check(w.request(), url.Values{}, form)
						continue
					}
					check(w.request(), form, url.Values{})
					if op.Verb() != "List" || !operations.HasMethod(op.Sibling("All")) {
						continue
					}

					second := must(url.ParseQuery(secondPage))
					if _, err := operations.Invoke(t.Context(), operations.Method(c, op.Sibling("All")), op.Args(), params); err != nil {
						t.Fatal(err)
					}
					sent := w.requests()
					if len(sent) != 2 {
						t.Fatalf("All sent %d requests, want two", len(sent))
					}
					check(sent[0], form, url.Values{})
					check(sent[1], second, url.Values{})

					page, err := operations.Invoke(t.Context(), operations.Method(c, op.Method), op.Args(), params)
					if err != nil {
						t.Fatal(err)
					}
					cursor := page.(interface{ Cursor() string }).Cursor()
					w.requests()
					if _, err := operations.Invoke(t.Context(), operations.Method(c, op.Sibling("Resume")), append(op.Args(), cursor), reflect.Value{}); err != nil {
						t.Fatal(err)
					}
					resumed := w.request()
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
	for _, op := range operations.All {
		params := op.ParamsType()
		if params == nil {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			w := newMockAPI(t)
			w.respondTo(op.HTTPMethod(), op.URL(mainSID), 200, emptyPage(op.URL(mainSID)))
			_, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), reflect.Zero(params))
			if e, ok := errors.AsType[*twilio.ParamError](err); ok && op.HTTPMethod() == http.MethodPost {
				if _, has := params.FieldByName(e.Field); !has || len(w.requests()) > 0 {
					t.Errorf("refused %+v", e)
				}
				return // the error names what is required
			}
			if err != nil {
				t.Fatal(err)
			}
			want := url.Values{}
			if op.Verb() == "List" {
				want.Set("PageSize", "1000")
				if strings.HasPrefix(params.Name(), "AvailablePhoneNumberListParams") {
					want.Set("PageSize", "50")
				}
				if params.Name() == "UsageRecordListParams" {
					want.Set("IncludeSubaccounts", "false") // Twilio's own default would count customers twice
					want.Set("PageSize", "100")             // 1,000 has been too much for the server
				}
			}
			if _, names := params.FieldByName("AccountSID"); names && op.IsProduct() {
				want.Set("AccountSid", mainSID) // Twilio requires it
			}
			got := w.request()
			maps.Copy(got.query, got.form)
			if !reflect.DeepEqual(got.query, want) {
				t.Errorf("sent %v, want %v", got.query, want)
			}
		})
	}
}

// TestWireByHand has requests as Twilio documents them.
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
		"stream with parameters": {func(sub c) error {
			_, err := sub.Calls.Streams.Create(t.Context(), ca, twilio.StreamCreateParams{URL: "wss://example.com", Parameters: map[string]string{"b": "2", "a": "1"}})
			return err
		}, "POST " + under + "/Calls/" + ca + "/Streams.json Parameter1.Name=a&Parameter1.Value=1&Parameter2.Name=b&Parameter2.Value=2&Url=wss%3A%2F%2Fexample.com"},
		"stop a stream by its name": {func(sub c) error {
			_, err := sub.Calls.Streams.Update(t.Context(), ca, "a/b c", twilio.StreamUpdateParams{Status: new(twilio.StreamStatusStopped)})
			return err
		}, "POST " + under + "/Calls/" + ca + "/Streams/a%2Fb%20c.json Status=stopped"},
		"take the next call out of a queue": {func(sub c) error {
			_, err := sub.Queues.Members.Update(t.Context(), "QU1", twilio.QueueFront, twilio.QueueMemberUpdateParams{URL: new("https://example.com"), Method: new(twilio.HTTPMethodGet)})
			return err
		}, "POST " + under + "/Queues/QU1/Members/Front.json Method=GET&Url=https%3A%2F%2Fexample.com"},
		"payment": {func(sub c) error {
			_, err := sub.Calls.Payments.Create(t.Context(), ca, twilio.PaymentCreateParams{IdempotencyKey: "k", StatusCallback: "https://example.com", ChargeAmount: decimal.NewNullDecimal(decimal.RequireFromString("12.50"))})
			return err
		}, "POST " + under + "/Calls/" + ca + "/Payments.json ChargeAmount=12.5&IdempotencyKey=k&StatusCallback=https%3A%2F%2Fexample.com"},
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
			w := newMockAPI(t)
			w.respondToAll(200, emptyPage("")(url.Values{"PageToken": {""}}))
			if err := test.call(w.mainClient().Subaccount(subSID)); err != nil {
				t.Fatal(err)
			}
			got := w.request()
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

// neverEmpty are the fields of updates whose zero value is refused. An empty list
// has no form either.
var neverEmpty = []string{
	"UpdateIncomingPhoneNumber/AccountSID", // a number can't belong to nobody
	"UpdateSipCredential/Password",
}

// TestUpdateTellsNilFromEmpty sets every field of every update, one at a time,
// to its zero value, which must reach Twilio, and alone.
func TestUpdateTellsNilFromEmpty(t *testing.T) {
	t.Parallel()
	for _, op := range operations.All {
		if op.Verb() != "Update" || needsParams(t, op) {
			continue
		}
		for field := range op.ParamsType().Fields() {
			if slices.Contains(neverEmpty, op.ID+"/"+field.Name) || field.Type.Kind() == reflect.Slice {
				continue
			}
			if slices.Contains(op.RequiredFields(), field.Name) {
				continue // and an empty one is none
			}
			t.Run(op.ID+"/"+field.Name, func(t *testing.T) {
				t.Parallel()
				w := newMockAPI(t)
				w.respondTo("POST", op.URL(mainSID), 200, func(url.Values) string { return anyResource })
				params := reflect.New(op.ParamsType()).Elem()
				zero := reflect.New(field.Type.Elem())
				params.FieldByName(field.Name).Set(zero)
				want := url.Values{}
				for _, name := range op.RequiredFields() {
					required, _ := op.ParamsType().FieldByName(name)
					text := reflect.New(required.Type.Elem())
					text.Elem().SetString("required")
					params.FieldByName(name).Set(text)
					key, _, _ := strings.Cut(required.Tag.Get("url"), ",")
					want.Set(key, "required")
				}
				if _, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), params); err != nil {
					t.Fatal(err)
				}
				key, _, _ := strings.Cut(field.Tag.Get("url"), ",")
				want.Set(key, wantText(key, "", zero.Elem(), false))
				if got := w.request().form; !reflect.DeepEqual(got, want) {
					t.Errorf("sent %v, want %v", got, want)
				}
			})
		}
	}
}

// needsParams reports whether an update requires a parameter, which can be
// neither left out nor cleared.
func needsParams(t *testing.T, op operations.Operation) bool {
	t.Helper()
	w := newMockAPI(t)
	w.respondToAll(200, "{}")
	_, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), reflect.Zero(op.ParamsType()))
	_, refused := errors.AsType[*twilio.ParamError](err)
	return refused
}

// wantForm encodes params independently of the library.
func wantForm(params reflect.Value) url.Values {
	form := url.Values{}
	if !params.IsValid() {
		return form
	}
	wholeDays := slices.Contains([]string{"ConferenceListParams", "NotificationListParams"}, params.Type().Name())
	for field, value := range params.Fields() {
		key, option, _ := strings.Cut(field.Tag.Get("url"), ",")
		if key == "-" || option == "omitempty" && value.IsZero() {
			continue
		}
		if value.Kind() == reflect.Pointer {
			value = value.Elem()
		}
		if value.Kind() == reflect.Slice {
			for _, v := range value.Seq2() {
				form.Add(key, v.String())
			}
			continue
		}
		if entries, ok := reflect.TypeAssert[map[string]string](value); ok {
			for i, name := range slices.Sorted(maps.Keys(entries)) {
				form.Set(fmt.Sprintf("%s%d.Name", key, i+1), name)
				form.Set(fmt.Sprintf("%s%d.Value", key, i+1), entries[name])
			}
			continue
		}
		form.Set(key, wantText(key, field.Tag.Get("layout"), value, wholeDays))
	}
	return form
}

// wantText is a value as it must look on the wire. Filters of whole days accept
// no time of day.
func wantText(key, layout string, value reflect.Value, wholeDays bool) string {
	switch v := value.Interface().(type) {
	case time.Time:
		if layout == "" {
			return v.UTC().Format("2006-01-02T15:04:05Z")
		}
		if strings.HasSuffix(key, "<") {
			v = v.AddDate(0, 0, 1) // the whole last day
		}
		if strings.HasSuffix(key, ">") && !wholeDays && v.UTC().Format(time.TimeOnly) != "00:00:00" {
			layout = "2006-01-02T15:04:05Z" // which Twilio may honor
		}
		return v.UTC().Format(layout)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case twilio.IAMPolicy:
		text, _ := json.Marshal(map[string][]string{"allow": append([]string{}, v.Allow...)})
		return string(text)
	case decimal.NullDecimal:
		return v.Decimal.String()
	case twilio.Secret:
		return v.Reveal()
	default:
		return fmt.Sprint(v)
	}
}
