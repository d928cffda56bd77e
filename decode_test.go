package twilio_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
)

// TestOddFields: a field that makes no sense costs that field. The resource is
// the caller's, and what is wrong is in ResponseMeta and in the log; a price or
// a currency is an error beside the resource.
func TestOddFields(t *testing.T) {
	t.Parallel()
	const canary = "+15005550173 words"
	for _, tt := range []struct {
		field, value string
		problem      string
		money        bool
	}{
		{"status", `{}`, "want a string, got an object", false},
		{"duration", `"1 min"`, "want a whole number, got a string that is not one", false},
		{"duration", `1.5`, "want a whole number, got a number that is not one", false},
		{"start_time", `"yesterday"`, "want a date, got a string that is not one", false},
		{"date_created", `true`, "want a date, got true or false", false},
		{"subresource_uris", `17`, "want an object, got a number that is not one", false},
		{"to", `["` + canary + `"]`, "want a string, got an array", false},
		{"price", `"` + canary + `"`, "want a decimal number, got a string that is not one", true},
		{"price", `{}`, "want a decimal number, got an object", true},
		{"price_unit", `[7]`, "want a string, got an array", true},
	} {
		body := fmt.Sprintf(`{"sid":"CA1","from":"a","%s":%s,"direction":"inbound"}`, tt.field, tt.value)
		for name, call := range map[string]func(context.Context, *twilio.Client, ...twilio.RequestOption) (*twilio.Call, error){
			"get": func(ctx context.Context, c *twilio.Client, opts ...twilio.RequestOption) (*twilio.Call, error) {
				return c.Calls.Get(ctx, callSID, opts...)
			},
			"create": func(ctx context.Context, c *twilio.Client, opts ...twilio.RequestOption) (*twilio.Call, error) {
				return c.Calls.Create(ctx, twilio.CallCreateParams{To: "+15005550006", From: "+15005550006", TwiML: "<Response/>"}, opts...)
			},
			"update": func(ctx context.Context, c *twilio.Client, opts ...twilio.RequestOption) (*twilio.Call, error) {
				return c.Calls.Update(ctx, callSID, twilio.CallUpdateParams{TwiML: new("<Response/>")}, opts...)
			},
		} {
			var log bytes.Buffer
			var meta twilio.ResponseMeta
			client := newClient(t, newScript(t, respond(200, body, "Twilio-Request-Id", "RQ1")), twilio.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			got, err := call(t.Context(), client, twilio.WithResponseInto(&meta))
			if got == nil || got.SID != "CA1" || got.From != "a" || got.Direction != "inbound" {
				t.Fatalf("%s: %s: got %+v, %v", name, body, got, err)
			}
			for field := range reflect.TypeFor[twilio.Call]().Fields() {
				if field.Tag.Get("json") == tt.field && !reflect.ValueOf(*got).FieldByIndex(field.Index).IsZero() {
					t.Errorf("%s: %s: %s isn't zero", name, body, field.Name)
				}
			}
			want := []twilio.FieldError{{Path: tt.field, Problem: tt.problem}}
			if !slices.Equal(meta.Unreadable, want) {
				t.Errorf("%s: %s: got %v", name, body, meta.Unreadable)
			}
			if text := log.String(); !strings.Contains(text, "level=WARN") || !strings.Contains(text, tt.field+": "+tt.problem) || strings.Contains(text, "5005550173") {
				t.Errorf("%s: %s: the log has %s", name, body, text)
			}
			e, ok := errors.AsType[*twilio.DecodeError](err)
			switch {
			case !tt.money && err != nil:
				t.Errorf("%s: %s: %v", name, body, err)
			case tt.money && (!ok || !slices.Equal(e.Fields, want) || e.Operation != "calls."+name || e.RequestID != "RQ1" || e.Attempts != 1 || e.AccountSID != mainSID):
				t.Errorf("%s: %s: got %#v", name, body, err)
			case errors.Is(err, twilio.ErrOutcomeUnknown) || tt.money && strings.Contains(err.Error(), "5005550173"):
				t.Errorf("%s: %s: got %v", name, body, err)
			}
		}
	}
}

// oddPage has items that can't be read, in full or at all, among others.
const oddPage = `{"messages":[
	{"sid":"SM1","price":"-0.01","price_unit":"USD","date_sent":"Thu, 30 Jul 2015 20:00:00 +0000"},
	{"sid":"SM2","price":"-0.01","price_unit":"USD","error_code":"abc","date_sent":"Thu, 30 Jul 2015 19:00:00 +0000"},
	null,
	{"sid":"SM3","price":"cheap","price_unit":"USD","date_sent":"Thu, 30 Jul 2015 18:00:00 +0000"},
	{"price":"-0.01","price_unit":"USD"},
	"x",
	{"sid":"SM4","price":"-0.02","price_unit":"USD","date_sent":"Thu, 30 Jul 2015 17:00:00 +0000"}],
	"next_page_uri":null}`

var oddPageProblems = []twilio.FieldError{
	{Path: "messages[1].error_code", Problem: "want a whole number, got a string that is not one"},
	{Path: "messages[2]", Problem: "want an item of the list, got nothing"},
	{Path: "messages[3].price", Problem: "want a decimal number, got a string that is not one"},
	{Path: "messages[4]", Problem: "want a resource with a sid, got none"},
	{Path: "messages[5]", Problem: "want an object, got a string that is not one"},
}

// TestOddItems: a list goes on behind an item that makes no sense, and says so.
func TestOddItems(t *testing.T) {
	t.Parallel()
	july := time.Date(2015, 7, 30, 0, 0, 0, 0, time.UTC)
	all := func(ctx context.Context, c *twilio.Client, opts ...twilio.RequestOption) (texts []string) {
		for m, err := range c.Messages.All(ctx, twilio.MessageListParams{DateSentAfter: july, DateSentBefore: july.AddDate(0, 0, 1)}, opts...) {
			text := "none"
			if m != nil {
				text = m.SID
			}
			if e, ok := errors.AsType[*twilio.DecodeError](err); ok {
				text += " " + e.Fields[0].Path
				if e.Cursor == "" || e.Operation != "messages.list" {
					t.Errorf("got %+v", e)
				}
			} else if err != nil {
				text += " " + err.Error()
			}
			texts = append(texts, text)
		}
		return texts
	}
	want := []string{"SM1", "SM2", "none messages[2]", "SM3 messages[3].price", "none messages[4]", "none messages[5]", "SM4"}
	for name, opts := range map[string][]twilio.RequestOption{"in one go": nil, "by day": {twilio.WithParallelism(2)}} {
		if got := all(t.Context(), newClient(t, newScript(t, respond(200, oddPage))), opts...); !slices.Equal(got, want) {
			t.Errorf("%s: got %q", name, got)
		}
	}

	t.Run("of which more pages follow, by day", func(t *testing.T) {
		t.Parallel()
		// The first page is read again where the list is divided.
		more := strings.Replace(oddPage, `"next_page_uri":null`, `"next_page_uri":"/2010-04-01/Accounts/`+mainSID+`/Messages.json?PageToken=1"`, 1)
		c := newClient(t, newScript(t, respond(200, more), respond(200, oddPage)))
		if got := all(t.Context(), c, twilio.WithParallelism(2)); !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})

	t.Run("a page", func(t *testing.T) {
		t.Parallel()
		var meta twilio.ResponseMeta
		first := strings.Replace(oddPage, `"next_page_uri":null`, `"next_page_uri":"/2010-04-01/Accounts/`+mainSID+`/Messages.json?PageToken=1"`, 1)
		client := newClient(t, newScript(t, respond(200, first), respond(200, oddPage)))
		page, err := client.Messages.List(t.Context(), twilio.MessageListParams{}, twilio.WithResponseInto(&meta))
		for range 2 {
			e, ok := errors.AsType[*twilio.DecodeError](err)
			if !ok || !slices.Equal(e.Fields, oddPageProblems[1:]) {
				t.Fatalf("got %v", err)
			}
			if len(page.Items) != 4 || page.Items[2].SID != "SM3" || page.Items[2].Price.Valid || page.Items[3].SID != "SM4" {
				t.Errorf("got %v", page.Items)
			}
			if !slices.Equal(page.Unreadable, oddPageProblems) || !slices.Equal(meta.Unreadable, oddPageProblems) {
				t.Errorf("got %v and %v", page.Unreadable, meta.Unreadable)
			}
			var got []string
			if !page.HasNext() { // the second
				for m, err := range page.All(t.Context()) {
					got = append(got, fmt.Sprint(m != nil, err != nil))
				}
				if want := []string{"true false", "true false", "false true", "true true", "false true", "false true", "true false"}; !slices.Equal(got, want) {
					t.Errorf("All of the page: %q", got)
				}
				return
			}
			page, err = page.Next(t.Context())
		}
	})

	t.Run("one odd value alone", func(t *testing.T) {
		t.Parallel()
		const body = `{"messages":[{"sid":"SM1","error_code":"abc"}]}`
		page, err := newClient(t, newScript(t, respond(200, body))).Messages.List(t.Context(), twilio.MessageListParams{})
		if err != nil || len(page.Items) != 1 || len(page.Unreadable) != 1 {
			t.Errorf("got %v, %v", page, err)
		}
	})

	t.Run("a bill", func(t *testing.T) {
		t.Parallel()
		sum, err := newClient(t, newScript(t, respond(200, oddPage))).Messages.Spend(t.Context(), twilio.MessageListParams{})
		if _, ok := errors.AsType[*twilio.DecodeError](err); !ok || sum != nil {
			t.Errorf("got %v, %v", sum, err)
		}
		const body = `{"messages":[{"sid":"SM1","price":"-0.01","price_unit":"USD","error_code":"abc"}]}`
		sum, err = newClient(t, newScript(t, respond(200, body))).Messages.Spend(t.Context(), twilio.MessageListParams{})
		if err != nil || !sum.Totals["USD"].Equal(decimal.New(1, -2)) {
			t.Errorf("got %v, %v", sum, err)
		}
	})

	// It may be in the range or not: neither is it dropped in silence, nor
	// taken.
	t.Run("a date that decides", func(t *testing.T) {
		t.Parallel()
		const body = `{"messages":[{"sid":"SM1","date_sent":"soon"},{"sid":"SM2","date_sent":"Thu, 30 Jul 2015 17:00:00 +0000","date_created":"soon"}]}`
		got := all(t.Context(), newClient(t, newScript(t, respond(200, body))))
		if want := []string{"SM1 messages[0].date_sent", "SM2"}; !slices.Equal(got, want) {
			t.Errorf("got %q", got)
		}
	})

	t.Run("stopping", func(t *testing.T) {
		t.Parallel()
		n := 0
		for _, err := range newClient(t, newScript(t, respond(200, oddPage))).Messages.All(t.Context(), twilio.MessageListParams{}) {
			if n++; err != nil {
				break
			}
		}
		if n != 3 {
			t.Errorf("%d items", n)
		}
	})
}

// TestEnsureIsStrict: a subaccount whose name can't be read may be the one.
func TestEnsureIsStrict(t *testing.T) {
	t.Parallel()
	const body = `{"accounts":[{"sid":"AC1","owner_account_sid":"AC2","friendly_name":{"a":1},"status":"active"}]}`
	_, _, err := newClient(t, newScript(t, respond(200, body))).Accounts.Ensure(t.Context(), "Submarine")
	if _, ok := errors.AsType[*twilio.DecodeError](err); !ok {
		t.Errorf("got %v", err)
	}
}

// TestByteOrderMark: a byte order mark in front of a success makes no call's
// outcome unknown, and hides no list.
func TestByteOrderMark(t *testing.T) {
	t.Parallel()
	const mark = "\uFEFF"
	if err := createCall(t.Context(), newClient(t, newScript(t, respond(201, mark+`{"sid":"CA1"}`)))); err != nil {
		t.Errorf("create: %v", err)
	}
	got, err := listSIDs(t, newClient(t, newScript(t, respond(200, mark+`{"calls":[{"sid":"CA1"}]}`))), twilio.CallListParams{})
	if err != nil || !slices.Equal(got, []string{"CA1"}) {
		t.Errorf("list: got %v, %v", got, err)
	}
	got, err = collectAll(t, newClient(t, newScript(t, respond(200, mark+`{"meta":{"key":"a"},"a":[{"sid":"ZS1"}]}`))), "https://sync.twilio.com/v1/Services", nil)
	if err != nil || !slices.Equal(got, []string{"ZS1"}) {
		t.Errorf("list of a product: got %v, %v", got, err)
	}
}

// TestNoResource: a success without the resource is none, for every operation
// that returns one, and never a second attempt.
func TestNoResource(t *testing.T) {
	t.Parallel()
	const fault = `{"code":20404,"message":"not found","more_info":"https://www.twilio.com/docs/errors/20404","status":404,"details":{"a":1}}`
	for _, op := range operations.All {
		if strings.HasPrefix(op.Verb(), "Delete") {
			continue
		}
		for _, body := range []string{`{}`, `null`, `[]`, `""`, fault, `{"sid":null}`, `{"sid":""}`, `{"sid":" "}`, `{"unknown":1}`} {
			w := newMockAPI(t)
			w.respondToAll(200, body)
			v, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), op.FilledParams()[0])
			e, ok := errors.AsType[*twilio.TransportError](err)
			if !ok || e.Attempts != 1 || !reflect.ValueOf(v).IsNil() {
				t.Errorf("%s: %s: got %v, %v", op.ID, body, v, err)
			}
			_, keyed := urlFields(op.ParamsType())["IdempotencyKey"]
			creates := strings.HasPrefix(op.ID, "Create") && op.ID != "CreateToken" && op.ID != "CreateMessageFeedback" && !keyed ||
				slices.Contains([]string{"UpdateCall", "UpdateConference", "UpdateMember", "UpdateParticipant", "PromoteAuthToken", "CloneBundle"}, op.ID)
			creates = creates && !strings.HasPrefix(op.ID, "CreateMessagingServiceP") && !strings.HasPrefix(op.ID, "CreateMessagingServiceS") && !strings.HasPrefix(op.ID, "CreateMessagingServiceA") // 21710 tells
			if errors.Is(err, twilio.ErrOutcomeUnknown) != creates {
				t.Errorf("%s: %s: got %v", op.ID, body, err)
			}
		}
	}
}

// TestDoIsStrict: what the fields of a caller's type mean isn't known, so each
// that can't be read is an error, beside all the others.
func TestDoIsStrict(t *testing.T) {
	t.Parallel()
	const path = "/2010-04-01/Accounts/" + mainSID + "/Queues.json"
	var queue struct {
		SID   string    `json:"sid"`
		Size  int       `json:"current_size"`
		Wait  float64   `json:"average_wait_time"`
		Since time.Time `json:"date_created"`
	}
	var meta twilio.ResponseMeta
	s := newScript(t, respond(200, `{"sid":"QU1","current_size":"many","average_wait_time":3,"date_created":[]}`), respond(200, `null`))
	client := newClient(t, s)
	err := client.Do(t.Context(), "GET", path, nil, &queue, twilio.WithResponseInto(&meta))
	if e, ok := errors.AsType[*twilio.DecodeError](err); !ok || len(e.Fields) != 2 || e.Fields[0].Path != "current_size" || len(meta.Unreadable) != 2 {
		t.Errorf("got %v, %v", err, meta.Unreadable)
	}
	if queue.SID != "QU1" || queue.Wait != 3 {
		t.Errorf("got %+v", queue)
	}
	if err := client.Do(t.Context(), "GET", path, nil, &queue); err == nil || !strings.Contains(err.Error(), "want an object") {
		t.Errorf("got %v", err)
	}
}

// TestDoIntoResources: resources are read by Do as by their services, also
// where a caller's type has one embedded and so inherits its UnmarshalJSON.
func TestDoIntoResources(t *testing.T) {
	t.Parallel()
	const path = "/2010-04-01/Accounts/" + mainSID + "/Calls/CA1.json"
	const body = `{"sid":"CA1","duration":"15","price":"-0.03","start_time":"Thu, 30 Jul 2015 20:00:00 +0000","extra":"x"}`
	type row struct {
		twilio.Call
		Extra string `json:"extra"`
	}
	var call twilio.Call
	var extended row
	var list struct {
		Calls []*row `json:"calls"`
	}
	client := newClient(t, newScript(t, respond(200, body), respond(200, body), respond(200, `{"calls":[`+body+`]}`)))
	for _, out := range []any{&call, &extended, &list} {
		if err := client.Do(t.Context(), "GET", path, nil, out); err != nil {
			t.Fatal(err)
		}
	}
	for _, got := range []twilio.Call{call, extended.Call, list.Calls[0].Call} {
		if got.SID != "CA1" || got.Duration != 15 || got.StartTime.IsZero() || !got.Price.Valid {
			t.Errorf("got %+v", got)
		}
	}
	if extended.Extra != "x" || list.Calls[0].Extra != "x" {
		t.Errorf("got %+v, %+v", extended, *list.Calls[0])
	}
}

// upperText decodes itself. It wants a letter first.
type upperText string

var errNoLetter = errors.New("no letter")

func (u *upperText) UnmarshalText(text []byte) error {
	if text[0] < 'A' {
		return errNoLetter
	}
	*u = upperText(bytes.ToUpper(text))
	return nil
}

// TestDecodeErrorsWrap: the error of a decoding method of the caller's can be
// found.
func TestDecodeErrorsWrap(t *testing.T) {
	t.Parallel()
	var out struct {
		A, B upperText
	}
	err := newClient(t, newScript(t, respond(200, `{"A":"a","B":"+15005550173"}`))).Do(t.Context(), "GET", "/2010-04-01/x", nil, &out)
	if !errors.Is(err, errNoLetter) || out.A != "A" || strings.Contains(err.Error()+fmt.Sprintf("%+v", err), "5550173") {
		t.Errorf("got %v, %+v", err, out)
	}
	if text := new(twilio.DecodeError).Error(); text == "" || errors.Unwrap(new(twilio.DecodeError)) != nil {
		t.Errorf("a made-up error is %q", text)
	}
}

// TestDecodeErrorText: the text names the first fields, and how many more there
// are.
func TestDecodeErrorText(t *testing.T) {
	t.Parallel()
	e := &twilio.DecodeError{Operation: "calls.get", RequestID: "RQ1", Attempts: 2, Fields: slices.Repeat([]twilio.FieldError{{Path: "price", Problem: "is odd"}}, 9)}
	if want := "twilio: calls.get: can't read " + strings.Repeat("price: is odd; ", 5) + "and 4 more (2 attempts) [RQ1]"; e.Error() != want {
		t.Errorf("got %q", e.Error())
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", "error", e)
	if !strings.Contains(log.String(), `"error":{"operation":"calls.get","account":"","fields":"price: is odd; `) {
		t.Errorf("got %s", log.String())
	}
}

// TestUnmarshalJSON: encoding/json reads every resource, from Twilio's JSON and
// from what json.Marshal makes of it.
func TestUnmarshalJSON(t *testing.T) {
	t.Parallel()
	w := newMockAPI(t)
	for _, op := range operations.All {
		if op.Verb() != "Get" && op.Verb() != "Create" {
			continue
		}
		body := `{"sid":"XX1","account_sid":"AC1","call_sid":"CA1","country_code":"US","url":"https://example.com","date_created":"Thu, 30 Jul 2015 20:00:00 +0000","duration":"15",` +
			`"price":"-0.03","balance":"1.50","auth_token":"s3cret","capabilities":{"SMS":"true","voice":true},"current_value":"7","num_media":"2"}`
		if strings.Contains(op.ID, "MessagingService") { // which lists its capabilities
			body = strings.Replace(body, `"capabilities":{"SMS":"true","voice":true},`, "", 1)
		}
		w.respondToAll(200, body)
		want, err := operations.Invoke(t.Context(), operations.Method(w.mainClient(), op.Method), op.Args(), op.FilledParams()[0])
		if err != nil {
			t.Fatal(err)
		}
		got := reflect.New(reflect.TypeOf(want).Elem()).Interface()
		if err := json.Unmarshal([]byte(body), got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, %v", op.ID, got, err)
		}
		stored, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		again := reflect.New(reflect.TypeOf(want).Elem()).Interface()
		if err := json.Unmarshal(stored, again); err != nil {
			t.Errorf("%s: %v", op.ID, err)
		}
		if restored, err := json.Marshal(again); err != nil || !bytes.Equal(restored, stored) {
			t.Errorf("%s: got %s, %v\nwant %s", op.ID, restored, err, stored)
		}
	}

	var accounts []twilio.Account
	err := json.Unmarshal([]byte(`[{"sid":"AC1","auth_token":"s3cret","date_created":"Thu, 30 Jul 2015 20:00:00 +0000"},null]`), &accounts)
	if err != nil || len(accounts) != 2 || accounts[0].AuthToken.Reveal() != "s3cret" || accounts[0].DateCreated.IsZero() {
		t.Errorf("got %+v, %v", accounts, err)
	}
	var account twilio.Account
	err = json.Unmarshal([]byte(`{"sid":"AC1","date_created":"soon","friendly_name":"x"}`), &account)
	if e, ok := errors.AsType[*twilio.DecodeError](err); !ok || e.Error() != "twilio: can't read date_created: want a date, got a string that is not one" || account.FriendlyName != "x" {
		t.Errorf("got %+v, %v", account, err)
	}
	if err := json.Unmarshal([]byte(`[]`), &account); err == nil {
		t.Error("an array is read as an account")
	}
}

// TestKeptSIDs: who keeps the SIDs of a list keeps the SIDs.
//
//nolint:paralleltest // measures memory
func TestKeptSIDs(t *testing.T) {
	const pages, items = 20, 1000
	var page strings.Builder
	for i := range items {
		sid := fmt.Sprintf("CA%032d", i)
		fmt.Fprintf(&page, `,{"sid":"%s","account_sid":"%s","to":"+15005550006","subresource_uris":{"events":"/2010-04-01/Accounts/%[2]s/Calls/%[1]s/Events.json",`+
			`"recordings":"/2010-04-01/Accounts/%[2]s/Calls/%[1]s/Recordings.json"}}`, sid, mainSID)
	}
	body := `{"calls":[` + page.String()[1:] + `]}`
	client := newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}))
	kept := make([]string, 0, pages*items)
	keep := func(pages int) {
		for range pages {
			for call, err := range client.Calls.All(t.Context(), twilio.CallListParams{}) {
				if err != nil {
					t.Fatal(err)
				}
				kept = append(kept, call.SID)
			}
		}
	}
	keep(1) // what the client keeps isn't measured
	kept = kept[:0]
	grown := heapGrowth(func() { keep(pages) })
	if got := grown / (pages * items); got > 60 || len(kept) != pages*items {
		t.Errorf("a kept SID takes %d bytes", got)
	}
	runtime.KeepAlive(kept)
}
