package twilio_test

import (
	"fmt"
	"maps"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-querystring/query"
	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
)

// formTypes are the Params types that go on the wire, with an operation of
// each.
func formTypes() map[reflect.Type]operations.Operation {
	types := map[reflect.Type]operations.Operation{}
	for _, op := range operations.All {
		if t := op.ParamsType(); t != nil {
			types[t] = op
		}
	}
	return types
}

// sentWhenZero are the parameters that are always sent, because what Twilio
// does without them isn't what their zero value says.
var sentWhenZero = map[string]string{"UsageRecordListParams": "IncludeSubaccounts"}

// plainTimes are the times that Twilio wants to the second.
var plainTimes = map[string]string{"MessageCreateParams": "SendAt"}

// encodingTraps names the fields of a Params type that go-querystring would
// encode wrongly or leave out without an error.
func encodingTraps(t reflect.Type) map[string]string {
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
		case plain == reflect.TypeFor[twilio.IAMPolicy](): // encodes itself, by value
		case plain.Implements(encoder) || reflect.PointerTo(plain).Implements(encoder):
			wrong[f.Name] = "encodes itself, and not where its method has a pointer receiver"
		case options != "omitempty" && (options != "" || sentWhenZero[t.Name()] != f.Name):
			wrong[f.Name] = "is sent when it is empty, which clears data, or has an option that nobody knows here"
		case strings.HasSuffix(t.Name(), "UpdateParams") && !pointer && of.Kind() != reflect.Slice: // an empty list has no form
			wrong[f.Name] = "can't tell nothing from empty"
		case isTime && f.Tag.Get("layout") == "" && plainTimes[t.Name()] != f.Name:
			wrong[f.Name] = "is a time without a layout"
		case isTime && of.Kind() == reflect.Slice:
			wrong[f.Name] = "is a list of times"
		case isTime || plain.Kind() == reflect.String || of == reflect.TypeFor[twilio.Secret]():
		case f.Type == reflect.TypeFor[map[string]string]() || f.Type == reflect.TypeFor[decimal.NullDecimal](): // encoded here
		case of.Kind() == reflect.Slice:
			wrong[f.Name] = "is a list of what isn't text"
		case plain != reflect.TypeFor[int]() && plain != reflect.TypeFor[bool]() && plain != reflect.TypeFor[float64]():
			wrong[f.Name] = fmt.Sprintf("is a %v, which has no form on the wire", f.Type)
		}
		keys[key] = true
	}
	return wrong
}

// TestParamsTypes finds every Params type in the source and checks those that
// are sent.
func TestParamsTypes(t *testing.T) {
	t.Parallel()
	used := map[string]reflect.Type{}
	for _, name := range operations.MethodNames() {
		for in := range operations.MethodType(name).Ins() {
			if in == reflect.TypeFor[[]twilio.EndAllOption]() { // which may be left out
				in = reflect.TypeFor[twilio.EndAllParams]()
			}
			if strings.HasSuffix(in.Name(), "Params") {
				used[in.Name()] = in
			}
		}
	}
	source := loadSource(t).params
	if got := slices.Sorted(maps.Keys(used)); !slices.Equal(got, slices.Sorted(slices.Values(source))) {
		t.Errorf("methods take %v\nand the source has %v", got, source)
	}
	forms := formTypes()
	for name, typ := range used {
		if _, form := forms[typ]; !form {
			for f := range typ.Fields() { // a workflow's
				if f.Tag != "" && f.Type.Kind() != reflect.Func { // one that JSON leaves out
					t.Errorf("%s.%s has a tag, and its type isn't one that is sent", name, f.Name)
				}
			}
			continue
		}
		for field, why := range encodingTraps(typ) {
			t.Errorf("%s.%s %s", name, field, why)
		}
		full, err := twilio.Encode(operations.Fill(typ).Interface())
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
		zero, err := twilio.Encode(reflect.Zero(typ).Interface())
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

// TestEncodingTraps checks that encodingTraps finds each trap.
func TestEncodingTraps(t *testing.T) {
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
		return slices.Contains([]string{"Good", "GoodTime", "Limit", "Secret"}, name)
	})
	if got := slices.Sorted(maps.Keys(encodingTraps(reflect.TypeFor[TrapUpdateParams]()))); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
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
	if got := slices.Sorted(maps.Keys(encodingTraps(reflect.TypeFor[TrapListParams]()))); !slices.Equal(got, []string{"Encoders", "Nil", "Numbers", "Times"}) {
		t.Errorf("found %v", got)
	}
}

func fieldNames(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		names = append(names, f.Name)
	}
	return names
}

// TestRefusals passes what Twilio's rules don't allow.
func TestRefusals(t *testing.T) {
	t.Parallel()
	day := func(d int) time.Time { return time.Date(2026, time.March, d, 12, 0, 0, 0, time.UTC) }
	call := twilio.CallCreateParams{To: "canary", From: "canary"}
	participant := twilio.ParticipantCreateParams{To: "canary", From: "canary"}
	sms := twilio.MessageCreateParams{To: "canary", From: "canary", Body: "canary"}
	address := operations.Fill(reflect.TypeFor[twilio.AddressCreateParams]()).Interface().(twilio.AddressCreateParams)
	trigger := operations.Fill(reflect.TypeFor[twilio.UsageTriggerCreateParams]()).Interface().(twilio.UsageTriggerCreateParams)
	payment := twilio.PaymentCreateParams{IdempotencyKey: "canary", StatusCallback: "canary"}
	amount := func(n int64) decimal.NullDecimal { return decimal.NewNullDecimal(decimal.NewFromInt(n)) }
	hundred := map[string]string{}
	for i := range 100 {
		hundred[fmt.Sprint("canary", i)] = "canary"
	}
	for _, test := range []struct {
		method, field string
		params        any
	}{
		{"Calls.Create", "To", modified(call, func(p *twilio.CallCreateParams) { p.To = "" })},
		{"Calls.Create", "From", modified(call, func(p *twilio.CallCreateParams) { p.From = "" })},
		{"Calls.Create", "URL", call},
		{"Calls.Create", "TwiML", modified(call, func(p *twilio.CallCreateParams) { p.URL, p.TwiML = "canary", "canary" })},
		{"Calls.Create", "ApplicationSID", modified(call, func(p *twilio.CallCreateParams) { p.URL, p.ApplicationSID = "canary", "canary" })},
		{"Calls.Create", "ApplicationSID", modified(call, func(p *twilio.CallCreateParams) { p.TwiML, p.ApplicationSID = "canary", "canary" })},
		{"Calls.Update", "TwiML", twilio.CallUpdateParams{URL: new("canary"), TwiML: new("canary")}},
		{"Calls.List", "StartTime", twilio.CallListParams{StartTime: day(1), StartTimeAfter: day(1)}},
		{"Calls.List", "StartTime", twilio.CallListParams{StartTime: day(1), StartTimeBefore: day(2)}},
		{"Calls.List", "StartTimeBefore", twilio.CallListParams{StartTimeAfter: day(2), StartTimeBefore: day(1)}},
		{"Calls.All", "EndTime", twilio.CallListParams{EndTime: day(1), EndTimeAfter: day(1)}},
		{"Calls.All", "EndTimeBefore", twilio.CallListParams{EndTimeAfter: day(2), EndTimeBefore: day(1)}},
		{"Conferences.List", "DateCreated", twilio.ConferenceListParams{DateCreated: day(1), DateCreatedAfter: day(1)}},
		{"Conferences.List", "DateCreatedBefore", twilio.ConferenceListParams{DateCreatedAfter: day(2), DateCreatedBefore: day(1)}},
		{"Conferences.All", "DateUpdated", twilio.ConferenceListParams{DateUpdated: day(1), DateUpdatedBefore: day(2)}},
		{"Conferences.All", "DateUpdatedBefore", twilio.ConferenceListParams{DateUpdatedAfter: day(2), DateUpdatedBefore: day(1)}},
		{"Messages.Create", "MaxPrice", modified(sms, func(p *twilio.MessageCreateParams) { p.MaxPrice = math.NaN() })},
		{"Messages.Create", "MaxPrice", modified(sms, func(p *twilio.MessageCreateParams) { p.MaxPrice = math.Inf(1) })},
		{"Conferences.Participants.Create", "CallSIDToCoach", modified(participant, func(p *twilio.ParticipantCreateParams) { p.Coaching = true })},
		{"Conferences.Participants.Create", "Label", modified(participant, func(p *twilio.ParticipantCreateParams) { p.Label = "canary/1" })},
		{"Conferences.Participants.Create", "Label", modified(participant, func(p *twilio.ParticipantCreateParams) { p.Label = ".." })},
		{"Conferences.Participants.Create", "Label", modified(participant, func(p *twilio.ParticipantCreateParams) { p.Label = "CAcanary6789abcdef0123456789abcdef" })},
		{"Conferences.Participants.Create", "Label", modified(participant, func(p *twilio.ParticipantCreateParams) { p.Label = strings.Repeat("é", 129) })},
		{"Conferences.Participants.Create", "MaxParticipants", modified(participant, func(p *twilio.ParticipantCreateParams) { p.MaxParticipants = 1 })},
		{"Conferences.Participants.Create", "MaxParticipants", modified(participant, func(p *twilio.ParticipantCreateParams) { p.MaxParticipants = 251 })},
		{"Notifications.List", "MessageDateBefore", twilio.NotificationListParams{MessageDateAfter: day(2), MessageDateBefore: day(1)}},
		{"Notifications.All", "MessageDate", twilio.NotificationListParams{MessageDate: day(1), MessageDateBefore: day(2)}},
		{"SIP.CredentialLists.Create", "FriendlyName", twilio.SIPCredentialListCreateParams{FriendlyName: strings.Repeat("é", 65)}},
		{"SIP.CredentialLists.Update", "FriendlyName", twilio.SIPCredentialListUpdateParams{FriendlyName: new("")}},
		{"SIP.CredentialLists.Credentials.Create", "Username", twilio.SIPCredentialCreateParams{Username: strings.Repeat("é", 33), Password: twilio.NewSecret("Canary678901")}},
		{"SIP.CredentialLists.Credentials.Create", "Password", twilio.SIPCredentialCreateParams{Username: "canary", Password: twilio.NewSecret("Canary67890")}},
		{"SIP.CredentialLists.Credentials.Create", "Password", twilio.SIPCredentialCreateParams{Username: "canary", Password: twilio.NewSecret("Canarycanary")}},
		{"SIP.CredentialLists.Credentials.Update", "Password", twilio.SIPCredentialUpdateParams{Password: new(twilio.NewSecret("canary678901"))}},
		{"SIP.CredentialLists.Credentials.Update", "Password", twilio.SIPCredentialUpdateParams{Password: new(twilio.NewSecret("CANARY678901"))}},
		{"SIP.CredentialLists.Credentials.Update", "Password", twilio.SIPCredentialUpdateParams{Password: new(twilio.Secret{})}},
		{"SIP.Domains.Create", "FriendlyName", twilio.SIPDomainCreateParams{DomainName: "canary.sip.twilio.com", FriendlyName: strings.Repeat("é", 65)}},
		{"SIP.IPAccessControlLists.Create", "FriendlyName", twilio.SIPIPAccessControlListCreateParams{FriendlyName: strings.Repeat("é", 256)}},
		{"SIP.IPAccessControlLists.IPAddresses.Create", "FriendlyName", twilio.SIPIPAddressCreateParams{FriendlyName: strings.Repeat("é", 256), IPAddress: "192.0.2.1"}},
		{"SIP.IPAccessControlLists.IPAddresses.Create", "CIDRPrefixLength", twilio.SIPIPAddressCreateParams{FriendlyName: "canary", IPAddress: "192.0.2.1", CIDRPrefixLength: 33}},
		{"SIP.IPAccessControlLists.IPAddresses.Update", "CIDRPrefixLength", twilio.SIPIPAddressUpdateParams{CIDRPrefixLength: new(-1)}},
		{"Tokens.Create", "TTL", twilio.TokenCreateParams{TTL: -1}},
		{"Messages.Create", "To", modified(sms, func(p *twilio.MessageCreateParams) { p.To = "" })},
		{"Messages.Create", "From", modified(sms, func(p *twilio.MessageCreateParams) { p.From = "" })},
		{"Messages.Create", "Body", modified(sms, func(p *twilio.MessageCreateParams) { p.Body = "" })},
		{"Messages.Create", "MediaURL", modified(sms, func(p *twilio.MessageCreateParams) { p.MediaURL = slices.Repeat([]string{"canary"}, 11) })},
		{"Messages.Create", "ContentVariables", modified(sms, func(p *twilio.MessageCreateParams) { p.ContentVariables = "canary" })},
		{"Messages.Create", "ShortenURLs", modified(sms, func(p *twilio.MessageCreateParams) { p.ShortenURLs = true })},
		{"Messages.Create", "ScheduleType", modified(sms, func(p *twilio.MessageCreateParams) { p.SendAt = day(1) })},
		{"Messages.Create", "SendAt", modified(sms, func(p *twilio.MessageCreateParams) { p.ScheduleType = "fixed" })},
		{"Messages.Create", "MessagingServiceSID", modified(sms, func(p *twilio.MessageCreateParams) { p.ScheduleType, p.SendAt = "fixed", day(1) })},
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
		{"Addresses.Create", "CustomerName", modified(address, func(p *twilio.AddressCreateParams) { p.CustomerName = "" })},
		{"Addresses.Create", "ISOCountry", modified(address, func(p *twilio.AddressCreateParams) { p.ISOCountry = "canary" })},
		{"Calls.Notifications.List", "MessageDate", twilio.NotificationListParams{MessageDate: day(1), MessageDateAfter: day(1)}},
		{"Calls.Notifications.All", "MessageDateBefore", twilio.NotificationListParams{MessageDateAfter: day(2), MessageDateBefore: day(1)}},
		{"Calls.Payments.Create", "ChargeAmount", modified(payment, func(p *twilio.PaymentCreateParams) { p.ChargeAmount = amount(-1) })},
		{"Calls.Payments.Create", "ChargeAmount", modified(payment, func(p *twilio.PaymentCreateParams) { p.ChargeAmount = amount(1_000_000) })},
		{"Calls.Payments.Create", "Timeout", modified(payment, func(p *twilio.PaymentCreateParams) { p.Timeout = 601 })},
		{"Calls.Payments.Update", "Capture", twilio.PaymentUpdateParams{IdempotencyKey: new("canary"), StatusCallback: new("canary")}},
		{"Calls.Payments.Update", "Status", twilio.PaymentUpdateParams{IdempotencyKey: new("canary"), StatusCallback: new("canary"),
			Status: new(twilio.PaymentStatusCancel), Capture: new(twilio.PaymentCaptureCardNumber)}},
		{"Calls.Siprec.Create", "Parameters", twilio.SiprecCreateParams{Parameters: map[string]string{"": "canary"}}},
		{"Calls.Streams.Create", "Parameters", twilio.StreamCreateParams{URL: "canary", Parameters: hundred}},
		{"Queues.Create", "MaxSize", twilio.QueueCreateParams{FriendlyName: "canary", MaxSize: 5001}},
		{"Queues.Update", "MaxSize", twilio.QueueUpdateParams{MaxSize: new(-1)}},
		{"Usage.Records.List", "EndDate", twilio.UsageRecordListParams{StartDate: day(2), EndDate: day(1)}},
		{"Usage.Records.Daily.All", "EndDate", twilio.UsageRecordListParams{StartDate: day(2), EndDate: day(1)}},
		{"Usage.Triggers.Create", "TriggerValue", modified(trigger, func(p *twilio.UsageTriggerCreateParams) { p.TriggerValue = "" })},
		{"OutgoingCallerIDs.Validate", "PhoneNumber", twilio.ValidationRequestParams{FriendlyName: "canary"}},
		{"OutgoingCallerIDs.Validate", "CallDelay", twilio.ValidationRequestParams{PhoneNumber: "canary", CallDelay: 61}},
		{"OutgoingCallerIDs.Validate", "CallDelay", twilio.ValidationRequestParams{PhoneNumber: "canary", CallDelay: -1}},
	} {
		t.Run(test.method+"/"+test.field, func(t *testing.T) {
			t.Parallel()
			w, c := newSilentAPI(t)
			op := operationFor(t, test.method)
			_, err := operations.Invoke(t.Context(), operations.Method(c, test.method), op.Args(), reflect.ValueOf(test.params))
			wantRefusal(t, w, err, op.Name, test.field, "canary")
		})
	}
}

// modified returns a changed copy.
func modified[P any](p P, change func(*P)) P {
	change(&p)
	return p
}

// operationFor finds the operation that a method is, or goes through.
func operationFor(t *testing.T, method string) operations.Operation {
	t.Helper()
	for _, op := range operations.All {
		if op.Method == method || op.Verb() == "List" && (op.Sibling("All") == method || op.Sibling("Resume") == method) {
			return op
		}
	}
	t.Fatalf("no operation has the method %s", method)
	return operations.Operation{}
}

// TestLimits checks the limits that operations have in common.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, op := range operations.All {
		params := op.ParamsType()
		if params == nil {
			continue
		}
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			w, c := newSilentAPI(t)
			try := func(method, field string, value any) {
				t.Helper()
				p := op.FilledParams()[0]
				f := p.FieldByName(field)
				if f.Kind() == reflect.Pointer {
					f.Set(reflect.New(f.Type().Elem()))
					f = f.Elem()
				}
				f.Set(reflect.ValueOf(value))
				_, err := operations.Invoke(t.Context(), operations.Method(c, method), op.Args(), p)
				wantRefusal(t, w, err, op.Name, field, fmt.Sprint(value))
			}
			if op.Verb() == "List" {
				for _, method := range []string{op.Method, op.Sibling("All")} {
					if operations.Method(c, method).IsValid() {
						try(method, "PageSize", -1)
						try(method, "PageSize", 1001)
						try(method, "Limit", -1)
					}
				}
			} else if f, ok := params.FieldByName("FriendlyName"); ok && f.Tag != "" && op.ID != "CloneBundle" { // whose limit isn't documented
				most := 64
				if strings.Contains(op.ID, "SipIp") {
					most = 255
				}
				try(op.Method, "FriendlyName", strings.Repeat("é", most+1))
				w.respondToAll(200, anyResource)
				p := op.FilledParams()[0]
				name := reflect.Indirect(p.FieldByName("FriendlyName"))
				name.SetString(strings.Repeat("é", most))
				if _, err := operations.Invoke(t.Context(), operations.Method(c, op.Method), op.Args(), p); err != nil {
					t.Error(err)
				}
			}
		})
	}
}
