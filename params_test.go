package twilio_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-querystring/query"
	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// formTypes are the Params types that go on the wire, with an operation of each.
func formTypes() map[reflect.Type]operation {
	types := map[reflect.Type]operation{}
	for _, op := range operations {
		if t := op.params(); t != nil {
			types[t] = op
		}
	}
	return types
}

// sentWhenZero are the parameters that are always sent, because what Twilio does
// without them isn't what their zero value says.
var sentWhenZero = map[string]string{"UsageRecordListParams": "IncludeSubaccounts"}

// plainTimes are the times that Twilio wants to the second.
var plainTimes = map[string]string{"MessageCreateParams": "SendAt"}

// traps tells which fields of a Params type go-querystring would send as nobody
// expects, or not at all, and says nothing.
func traps(t reflect.Type) map[string]string {
	wrong, keys := map[string]string{}, map[string]bool{}
	encoder := reflect.TypeFor[query.Encoder]()
	for f := range t.Fields() {
		key, options, _ := strings.Cut(f.Tag.Get("url"), ",")
		pointer := f.Type.Kind() == reflect.Pointer
		of := f.Type
		if pointer {
			of = of.Elem()
		}
		plain := of
		if of.Kind() == reflect.Slice && !pointer {
			plain = of.Elem()
		}
		isTime := plain == reflect.TypeFor[time.Time]()
		switch {
		case key == "-":
			if f.Name != "Limit" || f.Type != reflect.TypeFor[int]() {
				wrong[f.Name] = "is never sent"
			}
			continue
		case !f.IsExported() || f.Anonymous:
			wrong[f.Name] = "isn't a plain exported field"
		case key == "":
			wrong[f.Name] = "has no name on the wire"
		case keys[key]:
			wrong[f.Name] = "has the name of another field"
		case plain.Implements(encoder) || reflect.PointerTo(plain).Implements(encoder):
			wrong[f.Name] = "encodes itself, and not where its method has a pointer receiver"
		case options != "omitempty" && (options != "" || sentWhenZero[t.Name()] != f.Name):
			wrong[f.Name] = "is sent when it is empty, which clears data, or has an option that nobody knows here"
		case strings.HasSuffix(t.Name(), "UpdateParams") && !pointer:
			wrong[f.Name] = "can't tell nothing from empty"
		case isTime && f.Tag.Get("layout") == "" && plainTimes[t.Name()] != f.Name:
			wrong[f.Name] = "is a time without a layout"
		case isTime && of.Kind() == reflect.Slice:
			wrong[f.Name] = "is a list of times"
		case isTime || plain.Kind() == reflect.String:
		case of.Kind() == reflect.Slice:
			wrong[f.Name] = "is a list of what isn't text"
		case plain != reflect.TypeFor[int]() && plain != reflect.TypeFor[bool]() && plain != reflect.TypeFor[float64]():
			wrong[f.Name] = fmt.Sprintf("is a %v, which has no form on the wire", f.Type)
		}
		keys[key] = true
	}
	return wrong
}

// TestParamsTypes finds every Params type in the source, so that none can be
// forgotten, and looks at those that go on the wire.
func TestParamsTypes(t *testing.T) {
	t.Parallel()
	used := map[string]reflect.Type{}
	for _, name := range methodNames(twilioClient) {
		for in := range methodOf(twilioClient, name).Type().Ins() {
			if in.Kind() == reflect.Slice { // that may be left out
				in = in.Elem()
			}
			if strings.HasSuffix(in.Name(), "Params") {
				used[in.Name()] = in
			}
		}
	}
	source := theSource(t).params
	if got := slices.Sorted(maps.Keys(used)); !slices.Equal(got, slices.Sorted(slices.Values(source))) {
		t.Errorf("methods take %v\nand the source has %v", got, source)
	}
	forms := formTypes()
	for name, typ := range used {
		if _, form := forms[typ]; !form {
			for f := range typ.Fields() { // a workflow's
				if f.Tag != "" {
					t.Errorf("%s.%s has a tag, and its type isn't one that is sent", name, f.Name)
				}
			}
			continue
		}
		for field, why := range traps(typ) {
			t.Errorf("%s.%s %s", name, field, why)
		}
		full, err := query.Values(fill(typ).Interface())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for key, field := range urlFields(typ) {
			if len(full[key]) == 0 || full[key][0] == "" {
				t.Errorf("%s.%s is sent as %q", name, field.Name, full[key])
			}
			full.Del(key)
		}
		if len(full) > 0 {
			t.Errorf("%s sends %v too", name, full)
		}
		zero, err := query.Values(reflect.Zero(typ).Interface())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		zero.Del(sentWhenZero[name])
		if len(zero) > 0 {
			t.Errorf("%s sends %v when it is empty", name, zero)
		}
	}
}

type byPointer struct{ s string }

func (p *byPointer) EncodeValues(key string, v *url.Values) error { v.Set(key, p.s); return nil }

// TestTraps makes sure that each trap is seen.
func TestTraps(t *testing.T) {
	t.Parallel()
	type named int
	type TrapUpdateParams struct {
		Good      *string              `url:"Good,omitempty"`
		GoodTime  *time.Time           `url:"GoodTime<,omitempty" layout:"2006-01-02"`
		Limit     int                  `url:"-"`
		Hidden    *string              `url:"-"`
		Untagged  *string              ``
		Nameless  *string              `url:",omitempty"`
		Again     *string              `url:"Good,omitempty"`
		Clearing  *string              `url:"Clearing"`
		Unix      *string              `url:"Unix,unix"`
		Value     string               `url:"Value,omitempty"`
		Decimal   *decimal.Decimal     `url:"Decimal,omitempty"`
		Null      *decimal.NullDecimal `url:"Null,omitempty"`
		Duration  *time.Duration       `url:"Duration,omitempty"`
		Map       *map[string]string   `url:"Map,omitempty"`
		URL       *url.URL             `url:"URL,omitempty"`
		Encoder   *byPointer           `url:"Encoder,omitempty"`
		Time      *time.Time           `url:"Time,omitempty"`
		Named     *named               `url:"Named,omitempty"`
		Strings   *[]string            `url:"Strings,omitempty"`
		Pointer   **string             `url:"Pointer,omitempty"`
		Interface *any                 `url:"Interface,omitempty"`
		Secret    *twilio.Secret       `url:"Secret,omitempty"`
	}
	want := slices.DeleteFunc(fieldNames(reflect.TypeFor[TrapUpdateParams]()), func(name string) bool {
		return slices.Contains([]string{"Good", "GoodTime", "Limit"}, name)
	})
	if got := slices.Sorted(maps.Keys(traps(reflect.TypeFor[TrapUpdateParams]()))); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("found %v\nwant %v", got, want)
	}
	type TrapListParams struct {
		Good     []twilio.CallEvent `url:"Good,omitempty"`
		Pointer  *bool              `url:"Pointer,omitempty"`
		Times    []time.Time        `url:"Times,omitempty" layout:"2006-01-02"`
		Numbers  []int              `url:"Numbers,omitempty"`
		Encoders []byPointer        `url:"Encoders,omitempty"`
		Nil      *string            `url:"Nil"`
	}
	if got := slices.Sorted(maps.Keys(traps(reflect.TypeFor[TrapListParams]()))); !slices.Equal(got, []string{"Encoders", "Nil", "Numbers", "Times"}) {
		t.Errorf("found %v", got)
	}
}

func fieldNames(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		names = append(names, f.Name)
	}
	return names
}

// silent makes a wire that has no answer, since nothing must be sent.
func silent(t *testing.T) (*wire, *twilio.Client) {
	t.Helper()
	w := newWire(t)
	return w, w.main()
}

// badSIDs are what isn't a SID of a kind, or would change the path.
func badSIDs(kind string) []string {
	return []string{
		"", kind, "..", ".", "/", kind + "/../canary", kind + "canary/", kind + "canary.json", kind + "?canary=1", kind + "#canary", kind + "%2Fcanary",
		kind + " canary", " " + kind + "canary", kind + "canary\n", kind + "canary\x00", kind + "canary\\", kind + "canaryé", kind + ";canary", kind + ":canary",
		strings.ToLower(kind) + "canary0000000000000000000000000000", "ZZcanary0000000000000000000000000000", "canary", "+1canary", "*", kind + "{canary}",
	}
}

// TestBadSIDs gives every method that takes a string, workflows included, what
// must not become a part of a path.
func TestBadSIDs(t *testing.T) {
	t.Parallel()
	kinds := map[string]string{}
	operationOf := map[string]string{}
	for _, op := range operations {
		for _, verb := range []string{op.verb(), "All", "Resume"} {
			if verb == op.verb() || op.verb() == "List" {
				kinds[op.sibling(verb)], operationOf[op.sibling(verb)] = placeholder.FindString(op.template()), op.name
			}
		}
	}
	maps.Copy(kinds, workflows)
	seen := 0
	for _, name := range methodNames(twilioClient) {
		method := methodOf(twilioClient, name)
		takes := 0
		for in := range method.Type().Ins() {
			if in.Kind() == reflect.String {
				takes++
			}
		}
		kind, known := kinds[name]
		if strings.HasSuffix(name, ".Resume") || name == "Accounts.Ensure" || name == "Accounts.Duplicates" {
			takes-- // a cursor, a name
		}
		if known = known && kind != ""; takes > 1 || (takes == 1) != known {
			t.Errorf("%s takes %d strings; is there one that this test doesn't know?", name, takes)
		}
		if takes == 0 {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := silent(t)
			bad, field := badSIDs(strings.Trim(kind, "{}")), "sid"
			switch {
			case kind == "{US}":
				bad, field = []string{"", "U", "USA", "U/", "..", "U?", "é", "ſ", "1A", "U\n", "canary"}, "country"
			case strings.Contains(name, "DependentPhoneNumbers"):
				field = "addressSID"
			}
			for _, sid := range bad {
				_, err := invoke(t.Context(), methodOf(c, name), []string{sid, "cursor"}, reflect.Value{})
				operation := operationOf[name]
				if operation == "" {
					// A workflow may refuse under its own name or under that of a part of it.
					if e, ok := errors.AsType[*twilio.ParamError](err); ok {
						operation = e.Operation
					}
				}
				quote := sid
				if len(sid) < 4 {
					quote = "" // found by chance
				}
				refused(t, w, err, operation, field, quote, "canary")
			}
		})
	}
	if seen < 40 {
		t.Errorf("only %d methods found", seen)
	}
}

func TestSIDsOfBothKinds(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	w.answerAll(200, "{}")
	for _, sid := range []string{"SM1", "MM0123456789abcdefABCDEF0123456789", "SMXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "SM_a-b"} {
		if _, err := w.main().Messages.Get(t.Context(), sid); err != nil {
			t.Error(err)
		}
	}
}

// TestRefusals has what Twilio's rules say can't work, by method.
func TestRefusals(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, time.March, d, 12, 0, 0, 0, time.UTC) }
	call := twilio.CallCreateParams{To: "canary", From: "canary"}
	sms := twilio.MessageCreateParams{To: "canary", From: "canary", Body: "canary"}
	address := fill(reflect.TypeFor[twilio.AddressCreateParams]()).Interface().(twilio.AddressCreateParams)
	trigger := fill(reflect.TypeFor[twilio.UsageTriggerCreateParams]()).Interface().(twilio.UsageTriggerCreateParams)
	for _, test := range []struct {
		method, field string
		params        any
	}{
		{"Calls.Create", "To", with(call, func(p *twilio.CallCreateParams) { p.To = "" })},
		{"Calls.Create", "From", with(call, func(p *twilio.CallCreateParams) { p.From = "" })},
		{"Calls.Create", "URL", call},
		{"Calls.Create", "TwiML", with(call, func(p *twilio.CallCreateParams) { p.URL, p.TwiML = "canary", "canary" })},
		{"Calls.Create", "ApplicationSID", with(call, func(p *twilio.CallCreateParams) { p.URL, p.ApplicationSID = "canary", "canary" })},
		{"Calls.Create", "ApplicationSID", with(call, func(p *twilio.CallCreateParams) { p.TwiML, p.ApplicationSID = "canary", "canary" })},
		{"Calls.Update", "TwiML", twilio.CallUpdateParams{URL: new("canary"), TwiML: new("canary")}},
		{"Calls.List", "StartTime", twilio.CallListParams{StartTime: day(1), StartTimeAfter: day(1)}},
		{"Calls.List", "StartTime", twilio.CallListParams{StartTime: day(1), StartTimeBefore: day(2)}},
		{"Calls.List", "StartTimeBefore", twilio.CallListParams{StartTimeAfter: day(2), StartTimeBefore: day(1)}},
		{"Calls.All", "EndTime", twilio.CallListParams{EndTime: day(1), EndTimeAfter: day(1)}},
		{"Calls.All", "EndTimeBefore", twilio.CallListParams{EndTimeAfter: day(2), EndTimeBefore: day(1)}},
		{"Messages.Create", "To", with(sms, func(p *twilio.MessageCreateParams) { p.To = "" })},
		{"Messages.Create", "From", with(sms, func(p *twilio.MessageCreateParams) { p.From = "" })},
		{"Messages.Create", "Body", with(sms, func(p *twilio.MessageCreateParams) { p.Body = "" })},
		{"Messages.Create", "MediaURL", with(sms, func(p *twilio.MessageCreateParams) { p.MediaURL = slices.Repeat([]string{"canary"}, 11) })},
		{"Messages.Create", "ContentVariables", with(sms, func(p *twilio.MessageCreateParams) { p.ContentVariables = "canary" })},
		{"Messages.Create", "ShortenURLs", with(sms, func(p *twilio.MessageCreateParams) { p.ShortenURLs = true })},
		{"Messages.Create", "ScheduleType", with(sms, func(p *twilio.MessageCreateParams) { p.SendAt = day(1) })},
		{"Messages.Create", "SendAt", with(sms, func(p *twilio.MessageCreateParams) { p.ScheduleType = "fixed" })},
		{"Messages.Create", "MessagingServiceSID", with(sms, func(p *twilio.MessageCreateParams) { p.ScheduleType, p.SendAt = "fixed", day(1) })},
		{"Messages.List", "DateSent", twilio.MessageListParams{DateSent: day(1), DateSentBefore: day(2)}},
		{"Messages.All", "DateSentBefore", twilio.MessageListParams{DateSentAfter: day(2), DateSentBefore: day(1)}},
		{"IncomingPhoneNumbers.Create", "PhoneNumber", twilio.IncomingPhoneNumberCreateParams{FriendlyName: "canary"}},
		{"IncomingPhoneNumbers.Create", "AreaCode", twilio.IncomingPhoneNumberCreateParams{PhoneNumber: "canary", AreaCode: "canary"}},
		{"IncomingPhoneNumbers.Local.Create", "AreaCode", twilio.IncomingPhoneNumberCreateParams{AreaCode: "canary"}},
		{"IncomingPhoneNumbers.Mobile.Create", "PhoneNumber", twilio.IncomingPhoneNumberCreateParams{}},
		{"IncomingPhoneNumbers.Update", "AccountSID", twilio.IncomingPhoneNumberUpdateParams{AccountSID: new("")}},
		{"IncomingPhoneNumbers.Update", "AccountSID", twilio.IncomingPhoneNumberUpdateParams{AccountSID: new("PNcanary")}},
		{"IncomingPhoneNumbers.Update", "AccountSID", twilio.IncomingPhoneNumberUpdateParams{AccountSID: new("AC/../canary")}},
		{"AvailablePhoneNumbers.Local.List", "Distance", twilio.AvailablePhoneNumberListParams{Distance: 5}},
		{"AvailablePhoneNumbers.Local.List", "Distance", twilio.AvailablePhoneNumberListParams{Distance: 501, NearNumber: "canary"}},
		{"AvailablePhoneNumbers.Local.List", "Distance", twilio.AvailablePhoneNumberListParams{Distance: -1, NearLatLong: "canary"}},
		{"AvailablePhoneNumbers.TollFree.List", "InLATA", twilio.AvailablePhoneNumberListParams{InRateCenter: "canary"}},
		{"Addresses.Create", "CustomerName", with(address, func(p *twilio.AddressCreateParams) { p.CustomerName = "" })},
		{"Addresses.Create", "ISOCountry", with(address, func(p *twilio.AddressCreateParams) { p.ISOCountry = "canary" })},
		{"Usage.Records.List", "EndDate", twilio.UsageRecordListParams{StartDate: day(2), EndDate: day(1)}},
		{"Usage.Records.Daily.All", "EndDate", twilio.UsageRecordListParams{StartDate: day(2), EndDate: day(1)}},
		{"Usage.Triggers.Create", "TriggerValue", with(trigger, func(p *twilio.UsageTriggerCreateParams) { p.TriggerValue = "" })},
		{"OutgoingCallerIDs.Validate", "PhoneNumber", twilio.ValidationRequestParams{FriendlyName: "canary"}},
		{"OutgoingCallerIDs.Validate", "CallDelay", twilio.ValidationRequestParams{PhoneNumber: "canary", CallDelay: 61}},
		{"OutgoingCallerIDs.Validate", "CallDelay", twilio.ValidationRequestParams{PhoneNumber: "canary", CallDelay: -1}},
	} {
		t.Run(test.method+"/"+test.field, func(t *testing.T) {
			t.Parallel()
			w, c := silent(t)
			op := operationFor(t, test.method)
			_, err := invoke(t.Context(), methodOf(c, test.method), op.args(), reflect.ValueOf(test.params))
			refused(t, w, err, op.name, test.field, "canary")
		})
	}
}

// with returns a changed copy.
func with[P any](p P, change func(*P)) P {
	change(&p)
	return p
}

// operationFor finds the operation that a method is, or goes through.
func operationFor(t *testing.T, method string) operation {
	t.Helper()
	for _, op := range operations {
		if op.method == method || op.verb() == "List" && (op.sibling("All") == method || op.sibling("Resume") == method) {
			return op
		}
	}
	t.Fatalf("no operation has the method %s", method)
	return operation{}
}

// TestLimits looks at what every operation of a kind has in common.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, op := range operations {
		params := op.params()
		if params == nil {
			continue
		}
		t.Run(op.id, func(t *testing.T) {
			t.Parallel()
			w, c := silent(t)
			try := func(method, field string, value any) {
				t.Helper()
				p := op.filled()[0]
				f := p.FieldByName(field)
				if f.Kind() == reflect.Pointer {
					f.Set(reflect.New(f.Type().Elem()))
					f = f.Elem()
				}
				f.Set(reflect.ValueOf(value))
				_, err := invoke(t.Context(), methodOf(c, method), op.args(), p)
				refused(t, w, err, op.name, field, fmt.Sprint(value))
			}
			if op.verb() == "List" {
				for _, method := range []string{op.method, op.sibling("All")} {
					if methodOf(c, method).IsValid() {
						try(method, "PageSize", -1)
						try(method, "PageSize", 1001)
						try(method, "Limit", -1)
					}
				}
			} else if f, ok := params.FieldByName("FriendlyName"); ok && f.Tag != "" {
				try(op.method, "FriendlyName", strings.Repeat("é", 65))
				w.answerAll(200, "{}")
				p := op.filled()[0]
				name := reflect.Indirect(p.FieldByName("FriendlyName"))
				name.SetString(strings.Repeat("é", 64))
				if _, err := invoke(t.Context(), methodOf(c, op.method), op.args(), p); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestRequestsWithoutContext gives every method a nil context.
func TestRequestsWithoutContext(t *testing.T) {
	t.Parallel()
	w, c := silent(t)
	var none context.Context
	for _, op := range operations {
		methods := []string{op.method}
		if op.verb() == "List" && methodOf(c, op.sibling("All")).IsValid() {
			methods = append(methods, op.sibling("All"))
		}
		for _, name := range methods {
			method := methodOf(c, name)
			in := []reflect.Value{reflect.Zero(reflect.TypeFor[context.Context]())}
			for _, arg := range op.args() {
				in = append(in, reflect.ValueOf(arg))
			}
			if p := op.filled()[0]; p.IsValid() {
				in = append(in, p)
			}
			out := method.Call(in)
			err, _ := reflect.TypeAssert[error](out[len(out)-1])
			if seq := out[0]; seq.Kind() == reflect.Func {
				for _, e := range seq.Seq2() {
					err, _ = reflect.TypeAssert[error](e)
				}
			}
			refused(t, w, err, op.name, "ctx")
		}
	}
	refused(t, w, c.Do(none, "GET", "/2010-04-01/Accounts.json", nil, nil), "do", "ctx")
}

// TestCursors resumes every list from what isn't a place in it.
func TestCursors(t *testing.T) {
	t.Parallel()
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	cursor := func(list, uri string) string { return encode(fmt.Sprintf(`{"list":%q,"uri":%q,"left":-1}`, list, uri)) }
	const query = "?PageToken=canary"
	for _, op := range operations {
		if op.verb() != "List" || !methodOf(twilioClient, op.sibling("Resume")).IsValid() {
			continue
		}
		t.Run(op.id, func(t *testing.T) {
			t.Parallel()
			w, c := silent(t)
			c = c.Subaccount(subSID)
			list, path := strings.TrimSuffix(op.name, ".list"), op.path(subSID)
			bad := map[string]string{
				"empty": "", "text": "canary", "a URI": path + query, "JSON": cursor(list, path+query)[:20],
				"an empty object": encode("{}"), "null": encode("null"), "not an object": encode(`"canary"`), "not JSON": encode("canary"),
				"no list":          cursor("", path+query),
				"another list":     cursor("canary", path+query),
				"another path":     cursor(list, "/2010-04-01/Accounts/"+subSID+"/canary.json"+query),
				"a path below":     cursor(list, strings.TrimSuffix(path, ".json")+"/canary.json"+query),
				"a path above":     cursor(list, path+"/../canary.json"+query),
				"another host":     cursor(list, "https://canary.example"+path+query),
				"the same host":    cursor(list, "https://api.twilio.com"+path+query),
				"a host by itself": cursor(list, "//canary.example"+path+query),
				"a user":           cursor(list, "//canary@api.twilio.com"+path+query),
				"no URI":           cursor(list, "%zzcanary"),
				"opaque":           cursor(list, "canary:"+path),
			}
			bad["another path after this one"] = encode(fmt.Sprintf(`{"list":%q,"uri":%q,"left":-1,"then":{"uri":%q}}`, list, path+query, "/2010-04-01/Accounts/"+mainSID+"/canary.json"))
			if !op.isRoot() {
				bad["another account"] = cursor(list, op.path(mainSID)+query)
			}
			for name, text := range bad {
				_, err := invoke(t.Context(), methodOf(c, op.sibling("Resume")), append(op.args(), text), reflect.Value{})
				if refused(t, w, err, op.name, "cursor", "canary"); t.Failed() {
					t.Fatalf("with %s", name)
				}
			}
			w.answer("GET", path, 200, onePage(path))
			result, err := invoke(t.Context(), methodOf(c, op.sibling("Resume")), append(op.args(), cursor(list, path+query)), reflect.Value{})
			if err != nil {
				t.Fatal(err)
			}
			w.take()
			page := reflect.ValueOf(result)
			if cursor := page.MethodByName("Cursor").Call(nil)[0].String(); cursor != "" {
				t.Errorf("the last page has the cursor %s", cursor)
			}
			_, err = invoke(t.Context(), page.MethodByName("Next"), nil, reflect.Value{})
			refused(t, w, err, "", "Next") // a Page of the caller's own making has no operation to name
		})
	}
}

// TestAccountsThatCantBeReached asks for everything with a main account's API key
// on a subaccount, and on what isn't an account.
func TestAccountsThatCantBeReached(t *testing.T) {
	t.Parallel()
	w := newWire(t)
	key := w.client(twilio.APIKey(mainSID, keySID, keySecret))
	if _, err := twilio.NewClient(twilio.APIKey(mainSID, keySID, keySecret), twilio.WithSubaccount(subSID)); err == nil {
		t.Error("a key with WithSubaccount makes a client")
	} else {
		refused(t, w, err, "", "Subaccount")
	}
	for name, c := range map[string]*twilio.Client{
		"key": key.Subaccount(subSID), "key, twice": key.Subaccount(subSID).Subaccount(mainSID),
		"empty": w.main().Subaccount(""), "another kind": w.main().Subaccount("PNcanary"), "a path": w.main().Subaccount("AC/../canary"),
		"own credentials, then a key's": w.main().WithCredentials(twilio.APIKey(subSID, keySID, keySecret)).Subaccount(mainSID),
	} {
		for _, op := range operations {
			_, err := invoke(t.Context(), methodOf(c, op.method), op.args(), op.filled()[0])
			refused(t, w, err, op.name, "Subaccount", "canary")
		}
		refused(t, w, c.Do(t.Context(), "GET", "/2010-04-01/Accounts.json", nil, nil), "do", "Subaccount", "canary")
		if t.Failed() {
			t.Fatalf("with %s", name)
		}
	}
	for field, cred := range map[string]twilio.Credentials{
		"accountSID": {}, "AuthToken": (&twilio.Account{SID: subSID}).Credentials(), "keySID": twilio.APIKey(subSID, "canary", keySecret),
	} {
		_, err := w.main().WithCredentials(cred).Balance.Get(t.Context())
		refused(t, w, err, "balance.get", field, "canary")
	}

	// A key is good for its own account.
	w.answerAll(200, "{}")
	if _, err := key.Subaccount(mainSID).Balance.Get(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMainAccountStaysOpen(t *testing.T) {
	t.Parallel()
	w, c := silent(t)
	own := c.WithCredentials(twilio.AuthToken(subSID, subToken))
	for _, client := range []*twilio.Client{c, c.Subaccount(subSID), w.client(twilio.APIKey(mainSID, keySID, keySecret)), own} {
		sid := mainSID
		if client == own {
			sid = subSID
		}
		for _, status := range []twilio.AccountStatus{twilio.AccountStatusSuspended, twilio.AccountStatusClosed, "", "canary"} {
			_, err := client.Accounts.Update(t.Context(), sid, twilio.AccountUpdateParams{Status: &status, FriendlyName: new("canary")})
			refused(t, w, err, "accounts.update", "Status", sid, "canary")
			_, err = client.Accounts.Update(t.Context(), sid, twilio.AccountUpdateParams{}, twilio.WithForm(url.Values{"Status": {string(status)}}))
			refused(t, w, err, "accounts.update", "Status", sid, "canary")
		}
		_, err := client.Accounts.Suspend(t.Context(), sid, twilio.SuspendParams{})
		refused(t, w, err, "accounts.suspend", "sid", sid)
		_, err = client.Accounts.Close(t.Context(), sid, twilio.CloseParams{ReleaseNumbers: true})
		refused(t, w, err, "accounts.close", "sid", sid)
	}
	w.answerAll(200, "{}")
	for _, params := range []twilio.AccountUpdateParams{{FriendlyName: new("x")}, {Status: new(twilio.AccountStatusActive)}} {
		if _, err := c.Accounts.Update(t.Context(), mainSID, params); err != nil {
			t.Error(err)
		}
	}
}

func TestWorkflowRefusals(t *testing.T) {
	t.Parallel()
	w, c := silent(t)
	key := w.client(twilio.APIKey(mainSID, keySID, keySecret))
	ctx := t.Context()
	day := func(d int) time.Time { return time.Date(2026, time.March, d, 12, 0, 0, 0, time.UTC) }
	const pn = "PN0000000000000000000000000000000a"
	each := func(context.Context, *twilio.Client, *twilio.Account) error { return nil }
	second := func(_ any, err error) error { return err }
	first := func(items any) error {
		for _, e := range reflect.ValueOf(items).Seq2() {
			err, _ := reflect.TypeAssert[error](e)
			return err
		}
		return nil
	}
	for _, test := range []struct {
		operation, field string
		err              error
	}{
		{"accounts.ensure", "friendlyName", func() error { _, _, err := c.Accounts.Ensure(ctx, ""); return err }()},
		{"accounts.close", "ReleaseNumbers", second(c.Accounts.Close(ctx, subSID, twilio.CloseParams{MoveNumbersTo: mainSID, ReleaseNumbers: true}))},
		{"accounts.close", "MoveNumbersTo", second(c.Accounts.Close(ctx, subSID, twilio.CloseParams{MoveNumbersTo: subSID}))},
		{"accounts.close", "MoveNumbersTo", second(c.Accounts.Close(ctx, subSID, twilio.CloseParams{MoveNumbersTo: "PNcanary"}))},
		{"accounts.close", "Subaccount", second(key.Accounts.Close(ctx, subSID, twilio.CloseParams{}))},
		{"accounts.suspend", "Subaccount", second(key.Accounts.Suspend(ctx, subSID, twilio.SuspendParams{}))},
		{"accounts.for_each", "Concurrency", c.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: -1}, each)},
		{"accounts.for_each", "do", c.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{}, nil)},
		{"accounts.for_each", "Subaccount", key.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{}, each)},
		{"incoming_phone_numbers.transfer", "To", second(c.IncomingPhoneNumbers.Transfer(ctx, pn, twilio.TransferParams{}))},
		{"incoming_phone_numbers.transfer", "To", second(c.IncomingPhoneNumbers.Transfer(ctx, pn, twilio.TransferParams{To: "PNcanary"}))},
		{"incoming_phone_numbers.transfer", "To", second(c.IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: "AC/../canary"}))},
		{"incoming_phone_numbers.transfer", "Subaccount", second(key.IncomingPhoneNumbers.Transfer(ctx, pn, twilio.TransferParams{To: subSID}))},
		{"incoming_phone_numbers.transfer", "credentials", second(key.IncomingPhoneNumbers.Transfer(ctx, pn, twilio.TransferParams{To: mainSID}))},
		{"usage.reconcile", "StartDate", second(c.Usage.Reconcile(ctx, twilio.ReconcileParams{EndDate: day(1)}))},
		{"usage.reconcile", "EndDate", second(c.Usage.Reconcile(ctx, twilio.ReconcileParams{StartDate: day(1)}))},
		{"calls.list", "StartTimeBefore", second(c.Calls.Spend(ctx, twilio.CallListParams{StartTimeAfter: day(2), StartTimeBefore: day(1)}))},
		{"calls.list", "WithLookahead", first(c.Calls.All(ctx, twilio.CallListParams{}, twilio.WithLookahead(-1)))},
		{"calls.list", "WithParallelism", first(c.Calls.All(ctx, twilio.CallListParams{}, twilio.WithParallelism(0)))},
		{"do", "method", c.Do(ctx, "PUT", "/2010-04-01/Accounts.json", nil, nil)},
		{"do", "method", c.Do(ctx, "get", "/2010-04-01/Accounts.json", nil, nil)},
		{"do", "out", c.Do(ctx, "GET", "/2010-04-01/Accounts.json", nil, twilio.Call{})},
	} {
		refused(t, w, test.err, test.operation, test.field, "canary")
	}
	// The days are swapped; the names are those of the params, near enough.
	if _, err := c.Usage.Reconcile(ctx, twilio.ReconcileParams{StartDate: day(2), EndDate: day(1)}); err == nil || len(w.take()) > 0 {
		t.Errorf("Reconcile of days that are swapped: %v", err)
	}
}

func TestPathsOfDo(t *testing.T) {
	t.Parallel()
	w, c := silent(t)
	sub, key := c.Subaccount(subSID), w.client(twilio.APIKey(mainSID, keySID, keySecret))
	const other = "AC00000000000000000000000000000009"
	for _, path := range []string{
		"", "/", "canary", "/canary", "//canary.example/2010-04-01/x.json", "https://canary.example/2010-04-01/x.json", "https://api.twilio.com/2010-04-01/x.json",
		"//canary@api.twilio.com/2010-04-01/x.json", "/2010-04-01", "/2010-04-01x/canary", "/2010-04-01/../canary.json", "/2010-04-01/Accounts/./canary.json",
		"/2010-04-01/Accounts/" + subSID + "/../" + other + "/canary.json", "/2010-04-01/Accounts/%2e%2e/canary.json", "/2010-04-01/Accounts%2F" + other + "/canary.json",
		"/2010-04-01//Accounts/" + other + "/canary.json", "/2010-04-01/Accounts.json#canary", "/2010-04-01/%zzcanary", "/2010-04-01/canary/",
	} {
		for _, client := range []*twilio.Client{c, sub} {
			refused(t, w, client.Do(t.Context(), "GET", path, nil, nil), "do", "path", "canary")
		}
	}
	for _, path := range []string{mainSID + ".json", other + "/Calls.json", other, subSID + "x/Calls.json", subSID + ";x/Calls.json", mainSID + "/Calls.json?x=" + subSID} {
		refused(t, w, sub.Do(t.Context(), "GET", "/2010-04-01/Accounts/"+path, nil, nil), "do", "path", "Calls", other)
	}
	refused(t, w, key.Do(t.Context(), "GET", "/2010-04-01/Accounts/"+subSID+"/Calls.json", nil, nil), "do", "Subaccount", subSID)
}

func TestNewClientRefusals(t *testing.T) {
	t.Parallel()
	good := twilio.AuthToken(mainSID, mainToken)
	type options = []twilio.Option
	for _, test := range []struct {
		field string
		cred  twilio.Credentials
		opts  options
	}{
		{"accountSID", twilio.Credentials{}, nil},
		{"accountSID", twilio.AuthToken("", "canary"), nil},
		{"accountSID", twilio.AuthToken("SKcanary", "canary"), nil},
		{"accountSID", twilio.AuthToken("canary@example.com", "canary"), nil},
		{"accountSID", twilio.AuthToken("AC/../canary", "canary"), nil},
		{"accountSID", twilio.AuthToken("ACcanary:x", "canary"), nil},
		{"accountSID", twilio.AuthToken(mainSID+"\n", "canary"), nil},
		{"AuthToken", twilio.AuthToken(mainSID, ""), nil},
		{"AuthToken", twilio.AuthToken(mainSID, "canary\n"), nil},
		{"AuthToken", twilio.AuthToken(mainSID, " canary"), nil},
		{"keySID", twilio.APIKey(mainSID, "ACcanary", "canary"), nil},
		{"keySID", twilio.APIKey(mainSID, "SKcanary:", "canary"), nil},
		{"keySecret", twilio.APIKey(mainSID, keySID, ""), nil},
		{"keySecret", twilio.APIKey(mainSID, keySID, "canary "), nil},
		{"Subaccount", good, options{twilio.WithSubaccount("")}},
		{"Subaccount", good, options{twilio.WithSubaccount("canary")}},
		{"WithMaxRetries", good, options{twilio.WithMaxRetries(-1)}},
		{"WithTimeout", good, options{twilio.WithTimeout(-time.Second)}},
		{"WithRetryWait", good, options{twilio.WithRetryWait(-time.Second, time.Second)}},
		{"WithRetryWait", good, options{twilio.WithRetryWait(2*time.Second, time.Second)}},
		{"WithRegion", good, options{twilio.WithRegion("canary1")}}, // whose edge isn't known
		{"WithRegion", good, options{twilio.WithEdge("dublin"), twilio.WithRegion("ie1.canary")}},
		{"WithRegion", good, options{twilio.WithEdge("dublin"), twilio.WithRegion("IE1canary")}},
		{"WithEdge", good, options{twilio.WithEdge("canary.example")}},
		{"WithEdge", good, options{twilio.WithEdge("canary/")}},
		{"WithEdge", good, options{twilio.WithEdge("canary@x")}},
		{"WithEdge", good, options{twilio.WithEdge("canary\n")}},
		{"WithEdge", good, options{twilio.WithEdge("canary:1"), twilio.WithRegion("us1")}},
	} {
		c, err := twilio.NewClient(test.cred, test.opts...)
		if c != nil {
			t.Errorf("%s: there is a client beside the error", test.field)
		}
		refused(t, nil, err, "", test.field, "canary")
	}
	for _, origin := range []string{
		"", "http://canary.example", "http://10.0.0.1", "http://[::2]", "http://0.0.0.0:80", "http://127.0.0.1.canary.example", "http://localhost.canary.example",
		"http://127.0.0.1@canary.example", "http://canary@127.0.0.1", "https://canary:canary@api.twilio.com", "https://api.twilio.com/canary",
		"https://api.twilio.com?canary", "https://api.twilio.com#canary", "https://", "https:///canary", "https:canary", "ftp://canary", "//canary.example",
		"canary.example", "canary.example:443", "https://canary:port", "https://[canary", "https://can\nary", " https://canary.example", "unix:///canary",
	} {
		_, err := twilio.NewClient(good, twilio.WithBaseURL(origin))
		if refused(t, nil, err, "", "WithBaseURL", "canary"); t.Failed() {
			t.Fatalf("with %s", origin)
		}
	}
}

// originOf returns where a client's requests go.
func originOf(t *testing.T, opts ...twilio.Option) string {
	t.Helper()
	w := newWire(t)
	w.answerAll(200, "{}")
	if _, err := w.client(twilio.AuthToken(mainSID, mainToken), opts...).Balance.Get(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w.one().origin
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for region, edge := range map[string]string{
		"au1": "sydney", "br1": "sao-paulo", "de1": "frankfurt", "ie1": "dublin", "jp1": "tokyo", "jp2": "osaka", "sg1": "singapore", "us1": "ashburn", "us2": "umatilla",
	} {
		if got, want := originOf(t, twilio.WithRegion(region)), "https://api."+edge+"."+region+".twilio.com"; got != want {
			t.Errorf("region %s goes to %s, want %s", region, got, want)
		}
		if got, want := originOf(t, twilio.WithEdge(edge)), "https://api."+edge+".us1.twilio.com"; got != want {
			t.Errorf("edge %s goes to %s, want %s", edge, got, want)
		}
	}
	for want, opts := range map[string][]twilio.Option{
		"https://api.twilio.com":             nil,
		"https://api.dublin.au1.twilio.com":  {twilio.WithRegion("au1"), twilio.WithEdge("dublin")},
		"https://api.roaming.xx9.twilio.com": {twilio.WithRegion("xx9"), twilio.WithEdge("roaming")},
		"https://twilio.example:8443":        {twilio.WithBaseURL("https://twilio.example:8443/"), twilio.WithRegion("xx9"), twilio.WithEdge("canary.")},
		"http://localhost:8080":              {twilio.WithBaseURL("http://localhost:8080")},
		"http://127.9.9.9":                   {twilio.WithBaseURL("http://127.9.9.9/")},
		"http://[::1]:1":                     {twilio.WithBaseURL("http://[::1]:1")},
	} {
		if got := originOf(t, opts...); got != want {
			t.Errorf("goes to %s, want %s", got, want)
		}
	}
}

func TestNewClientFromEnv(t *testing.T) {
	const account, token, key, secret, sub, edge, region = "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET",
		"TWILIO_SUBACCOUNT_SID", "TWILIO_EDGE", "TWILIO_REGION"
	type env map[string]string
	for name, test := range map[string]struct {
		env   env
		opts  []twilio.Option
		want  string // user, secret, host, account
		field string
	}{
		"a token":                 {env: env{account: mainSID, token: "t"}, want: mainSID + " t https://api.twilio.com " + mainSID},
		"a key":                   {env: env{account: mainSID, key: keySID, secret: "s"}, want: keySID + " s https://api.twilio.com " + mainSID},
		"a token and a key":       {env: env{account: mainSID, token: "t", key: keySID, secret: "s"}, want: mainSID + " t https://api.twilio.com " + mainSID},
		"a token and half a key":  {env: env{account: mainSID, token: "t", key: keySID}, want: mainSID + " t https://api.twilio.com " + mainSID},
		"a subaccount":            {env: env{account: mainSID, token: "t", sub: subSID}, want: mainSID + " t https://api.twilio.com " + subSID},
		"an edge":                 {env: env{account: mainSID, token: "t", edge: "dublin"}, want: mainSID + " t https://api.dublin.us1.twilio.com " + mainSID},
		"a region":                {env: env{account: mainSID, token: "t", region: "au1"}, want: mainSID + " t https://api.sydney.au1.twilio.com " + mainSID},
		"an edge and a region":    {env: env{account: mainSID, token: "t", edge: "tokyo", region: "jp2"}, want: mainSID + " t https://api.tokyo.jp2.twilio.com " + mainSID},
		"options over variables":  {env: env{account: mainSID, token: "t", sub: subSID, region: "canary"}, opts: []twilio.Option{twilio.WithSubaccount(mainSID), twilio.WithRegion("ie1")}, want: mainSID + " t https://api.dublin.ie1.twilio.com " + mainSID},
		"nothing":                 {field: account},
		"a token alone":           {env: env{token: "canary"}, field: account},
		"an account alone":        {env: env{account: mainSID}, field: token},
		"a key without secret":    {env: env{account: mainSID, key: "SKcanary"}, field: secret},
		"a secret without key":    {env: env{account: mainSID, secret: "canary"}, field: token},
		"a key for an account":    {env: env{account: "SKcanary", token: "canary"}, field: "accountSID"},
		"a bad key":               {env: env{account: mainSID, key: "canary", secret: "canary"}, field: "keySID"},
		"a bad subaccount":        {env: env{account: mainSID, token: "canary", sub: "canary"}, field: "Subaccount"},
		"a subaccount with a key": {env: env{account: mainSID, key: keySID, secret: "canary", sub: subSID}, field: "Subaccount"},
		"a bad edge":              {env: env{account: mainSID, token: "canary", edge: "canary."}, field: "WithEdge"},
		"an unknown region":       {env: env{account: mainSID, token: "canary", region: "canary1"}, field: "WithRegion"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{account, token, key, secret, sub, edge, region} {
				t.Setenv(variable, test.env[variable])
			}
			w := newWire(t)
			w.answerAll(200, "{}")
			c, err := twilio.NewClientFromEnv(append(test.opts, w.transport())...)
			if test.field != "" {
				refused(t, w, err, "", test.field, "canary")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Balance.Get(t.Context()); err != nil {
				t.Fatal(err)
			}
			sent := w.one()
			user, password := sent.credentials()
			if got := strings.Join([]string{user, password, sent.origin, c.AccountSID()}, " "); got != test.want || !strings.Contains(sent.path, c.AccountSID()) {
				t.Errorf("speaks as, to and on %s\nwant %s", got, test.want)
			}
		})
	}
}
