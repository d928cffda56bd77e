package twiliotest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A specification is Twilio's OpenAPI file, as far as the tests read it.
type specification struct {
	Paths map[string]map[string]struct {
		ID        string `json:"operationId"`
		Responses map[string]struct {
			Content map[string]struct {
				Schema   schema
				Examples map[string]struct{ Value any }
			}
		}
	}
	Components struct{ Schemas map[string]schema }

	routes []specRoute
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       string
	Pattern    string
	Enum       []string
	Nullable   bool
	Properties map[string]schema
	Items      *schema
}

// A specRoute is one operation of the file.
type specRoute struct {
	id, method string
	template   string
	path       *regexp.Regexp
	variables  int
	statuses   []string // of what isn't an error, and of redirects
	schema     schema
	keys       []string            // that the examples have
	itemKeys   map[string][]string // that all items of the examples' lists have
}

// theSpecification is read once; it is nil unless TWILIO_OPENAPI is set.
var theSpecification = sync.OnceValues(func() (*specification, error) {
	path := os.Getenv("TWILIO_OPENAPI")
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := new(specification)
	if err := json.Unmarshal(text, &rawSpecification{s}); err != nil {
		return nil, err
	}
	return s, nil
})

// rawSpecification skips the members of a path that aren't operations, such as
// servers.
type rawSpecification struct{ *specification }

func (r *rawSpecification) UnmarshalJSON(text []byte) error {
	var raw struct {
		Paths      map[string]map[string]json.RawMessage
		Components json.RawMessage
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	if err := json.Unmarshal(raw.Components, &r.Components); err != nil {
		return err
	}
	variable := regexp.MustCompile(`\\\{\w+\\\}`)
	for path, members := range raw.Paths {
		for method, member := range members {
			if !slices.Contains([]string{"get", "post", "delete"}, method) {
				continue
			}
			var operation struct {
				ID        string `json:"operationId"`
				Responses map[string]struct {
					Content map[string]struct {
						Schema   schema
						Examples map[string]struct{ Value any }
					}
				}
			}
			if err := json.Unmarshal(member, &operation); err != nil {
				return fmt.Errorf("%s %s: %w", method, path, err)
			}
			route := specRoute{
				id: operation.ID, method: strings.ToUpper(method), template: path, variables: strings.Count(path, "{"),
				path:     regexp.MustCompile("^" + variable.ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`) + "$"),
				itemKeys: make(map[string][]string),
			}
			for status, response := range operation.Responses {
				if status >= "400" {
					continue
				}
				route.statuses = append(route.statuses, status)
				content := response.Content["application/json"]
				route.schema = content.Schema
				for _, example := range content.Examples {
					route.learn(example.Value)
				}
			}
			r.routes = append(r.routes, route)
		}
	}
	return nil
}

// learn notes the keys of an example.
func (r *specRoute) learn(example any) {
	o, _ := example.(map[string]any)
	for key, value := range o {
		r.keys = append(r.keys, key)
		items, _ := value.([]any)
		have := make(map[string]int)
		for _, item := range items {
			fields, _ := item.(map[string]any)
			for field := range fields {
				if have[field]++; have[field] == len(items) {
					r.itemKeys[key] = append(r.itemKeys[key], field)
				}
			}
		}
	}
}

// route finds the operation of a request: the match with the fewest variables.
func (s *specification) route(r *http.Request) *specRoute {
	var best *specRoute
	for i := range s.routes {
		route := &s.routes[i]
		if route.method == r.Method && route.path.MatchString(r.URL.Path) && (best == nil || route.variables < best.variables) {
			best = route
		}
	}
	return best
}

// check returns what is wrong with the body of a successful response.
func (s *specification) check(route *specRoute, body any) (wrong []string) {
	wrong = s.checkValue(route.id, route.schema, body)
	o, _ := body.(map[string]any)
	for _, key := range route.keys {
		if _, ok := o[key]; !ok {
			wrong = append(wrong, route.id+": "+key+" is in the example and missing here")
		}
	}
	for key, fields := range route.itemKeys {
		items, _ := o[key].([]any)
		for _, item := range items {
			for _, field := range fields {
				if _, ok := item.(map[string]any)[field]; !ok {
					wrong = append(wrong, route.id+": "+key+"."+field+" is in the example and missing here")
				}
			}
		}
	}
	return wrong
}

var decimalNumber = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

func (s *specification) checkValue(at string, sch schema, value any) []string {
	if sch.Ref != "" {
		sch = s.Components.Schemas[sch.Ref[strings.LastIndex(sch.Ref, "/")+1:]]
	}
	bad := func(format string, args ...any) []string { return []string{at + ": " + fmt.Sprintf(format, args...)} }
	if value == nil {
		// Twilio's own examples have null for page URIs and for the end of a
		// conference that goes on, which the file doesn't declare as nullable.
		// By its text a trigger that isn't recurring has null there as well.
		isNull := strings.HasSuffix(at, "_page_uri") || strings.HasSuffix(at, ".reason_conference_ended") || strings.HasSuffix(at, ".recurring")
		if !sch.Nullable && !isNull && sch.Type != "" {
			return bad("is null")
		}
		return nil
	}
	switch v := value.(type) {
	case string:
		switch {
		case sch.Type == "number" && decimalNumber.MatchString(v): // numbers that Twilio sends as strings
		case sch.Type != "string" && sch.Type != "":
			return bad("is the string %q and not of type %s", v, sch.Type)
		case len(sch.Enum) > 0 && !slices.Contains(sch.Enum, v):
			return bad("is %q and not one of %v", v, sch.Enum)
		case sch.Pattern != "" && v != "" && !regexp.MustCompile(sch.Pattern).MatchString(v): // examples have "" for no SID
			return bad("is %q and not like %s", v, sch.Pattern)
		}
	case bool:
		if sch.Type != "boolean" && sch.Type != "" {
			return bad("is a boolean and not of type %s", sch.Type)
		}
	case float64:
		if sch.Type != "integer" && sch.Type != "number" && sch.Type != "" {
			return bad("is a number and not of type %s", sch.Type)
		}
	case []any:
		if sch.Type != "array" {
			return bad("is a list and not of type %s", sch.Type)
		}
		var wrong []string
		for i, item := range v {
			wrong = append(wrong, s.checkValue(fmt.Sprintf("%s[%d]", at, i), *sch.Items, item)...)
		}
		return wrong
	case map[string]any:
		if sch.Type != "object" && sch.Type != "" {
			return bad("is an object and not of type %s", sch.Type)
		}
		// The examples decide whether the members around a list must be
		// present, since some lists have no pages. The same goes for
		// capabilities, which the API spells in three ways and the file in one,
		// and for the servers of a token, of which some take no credentials.
		_, envelope := sch.Properties["next_page_uri"]
		var wrong []string
		for key, property := range sch.Properties {
			if member, ok := v[key]; ok {
				wrong = append(wrong, s.checkValue(at+"."+key, property, member)...)
			} else if !envelope && !strings.HasSuffix(at, ".capabilities") && !strings.Contains(at, ".ice_servers[") {
				wrong = append(wrong, at+"."+key+": missing")
			}
		}
		return wrong
	}
	return nil
}

// exercised are the operations whose responses a test checked.
type exercised struct {
	mu  sync.Mutex
	ids map[string]bool
}

// checking wraps a transport so that every response is checked, if
// TWILIO_OPENAPI is set.
func checking(t *testing.T, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	s, err := theSpecification()
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		return next
	}
	return checker{t, s, next, nil}
}

type checker struct {
	t    *testing.T
	spec *specification
	next http.RoundTripper
	seen *exercised
}

func (c checker) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := c.next.RoundTrip(r)
	isProduct := strings.HasSuffix(r.URL.Host, ".twilio.com") && !strings.HasPrefix(r.URL.Host, "api.")
	if err != nil || response.StatusCode >= 400 || isProduct || !strings.HasSuffix(r.URL.Path, ".json") {
		return response, err // an error, a product, or a file
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(text))
	route := c.spec.route(r)
	if route == nil {
		c.t.Errorf("%s %s is not in the specification", r.Method, r.URL.Path)
		return response, nil
	}
	if c.seen != nil {
		c.seen.mu.Lock()
		c.seen.ids[route.id] = true
		c.seen.mu.Unlock()
	}
	if got := fmt.Sprint(response.StatusCode); !slices.Contains(route.statuses, got) {
		c.t.Errorf("%s answers %s, want one of %v", route.id, got, route.statuses)
	}
	var body any
	if len(text) == 0 {
		return response, nil
	}
	if err := json.Unmarshal(text, &body); err != nil {
		c.t.Errorf("%s: %v", route.id, err)
	}
	for _, wrong := range c.spec.check(route, body) {
		c.t.Error(wrong)
	}
	return response, nil
}

// TestEveryResponseFollowsTheSpecification exercises every operation of the
// server and checks each response against Twilio's OpenAPI file: status,
// members, types, patterns, enums and the members of the examples. All other
// tests of this package check theirs, too.
func TestEveryResponseFollowsTheSpecification(t *testing.T) {
	t.Parallel()
	s, err := theSpecification()
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		t.Skip("TWILIO_OPENAPI must name a file: twilio_api_v2010.json of https://github.com/twilio/twilio-oai")
	}
	seen := &exercised{ids: make(map[string]bool)}
	a := newAPI(t)
	a.client.Transport = checker{t, s, a.srv.Transport(), seen}

	sub, _ := a.subaccount("Submarine")
	a.get("/Accounts.json").ok()
	a.get("/Accounts/" + sub + ".json").ok()
	a.post("/Accounts/"+sub+".json", "Status", "suspended").ok()
	a.post("/Accounts/"+sub+".json", "Status", "active").ok()

	each := func(collection, prefix string, create, update []string) string {
		list := under(sub, collection+".json")
		sid := str(a.post(list, create...).ok(), "sid")
		if !strings.HasPrefix(sid, prefix) {
			t.Errorf("%s: SID %s", collection, sid)
		}
		item := under(sub, collection+"/"+sid+".json")
		a.get(item).ok()
		a.get(list).ok()
		a.post(item, update...).ok()
		return item
	}
	address := []string{"CustomerName", "Ada", "Street", "1 Main St", "City", "San Francisco", "Region", "CA", "PostalCode", "94105", "IsoCountry", "US"}
	addressItem := each("/Addresses", "AD", address, []string{"FriendlyName", "Office"})
	addressSID := addressItem[strings.LastIndex(addressItem, "/")+1 : len(addressItem)-len(".json")]

	call := each("/Calls", "CA", aCall, []string{"Status", "completed"})
	message := each("/Messages", "MM", append([]string{"MediaUrl", "https://example.com/a.png"}, aMessage...), nil)
	number := each("/IncomingPhoneNumbers", "PN", []string{"AreaCode", "415", "AddressSid", addressSID}, []string{"VoiceUrl", ""})
	a.get(strings.TrimSuffix(addressItem, ".json") + "/DependentPhoneNumbers.json").ok()
	for kind, phone := range map[string]string{"Local": "+14155550123", "TollFree": "+18005550123", "Mobile": "+15105550123"} {
		a.post(under(sub, "/IncomingPhoneNumbers/"+kind+".json"), "PhoneNumber", phone).ok()
		a.get(under(sub, "/IncomingPhoneNumbers/"+kind+".json")).ok()
	}
	media := strings.TrimSuffix(message, ".json") + "/Media"
	file := media + "/" + str(a.get(media + ".json").items()[0], "sid") + ".json"
	a.get(file).ok()
	a.delete(file).ok()
	a.post(strings.TrimSuffix(message, ".json")+"/Feedback.json", "Outcome", "confirmed").ok()

	live := a.srv.AddCall(sub, twilio.Call{Status: twilio.CallStatusInProgress}).SID
	ofCall := func(path string) string { return under(sub, "/Calls/"+live+path+".json") }
	a.post(ofCall(""), "Url", "https://example.com").ok()
	a.get(ofCall("/Events")).ok()
	notification := a.srv.AddNotification(sub, twilio.Notification{CallSID: live, ErrorCode: 11200})
	a.get(ofCall("/Notifications")).ok()
	a.get(ofCall("/Notifications/" + notification.SID)).ok()
	callback := []string{"StatusCallback", "https://example.com"}
	payment := a.post(ofCall("/Payments"), append(callback, "IdempotencyKey", "1")...).ok()
	a.post(ofCall("/Payments/"+str(payment, "sid")), append(callback, "IdempotencyKey", "2", "Status", "complete")...).ok()
	for _, kind := range []string{"/Siprec", "/Streams", "/Transcriptions"} {
		session := a.post(ofCall(kind), "Url", "wss://example.com", "Name", "a").ok()
		a.post(ofCall(kind+"/"+str(session, "sid")), "Status", "stopped").ok()
	}
	a.post(ofCall("/UserDefinedMessages"), "Content", "{}").ok()
	subscription := a.post(ofCall("/UserDefinedMessageSubscriptions"), "Callback", "https://example.com").ok()
	a.delete(ofCall("/UserDefinedMessageSubscriptions/" + str(subscription, "sid"))).ok()

	queue := each("/Queues", "QU", []string{"FriendlyName", "q"}, []string{"MaxSize", "2"})
	a.srv.Enqueue(sub, "q", live)
	members := strings.TrimSuffix(queue, ".json") + "/Members"
	a.get(members + ".json").ok()
	a.get(members + "/Front.json").ok()
	a.post(members+"/"+live+".json", "Url", "https://example.com").ok()

	addOns := strings.TrimSuffix(number, ".json") + "/AssignedAddOns"
	addOn := addOns + "/" + str(a.post(addOns+".json", "InstalledAddOnSid", sid("XE", 1)).ok(), "sid")
	a.get(addOns + ".json").ok()
	a.get(addOn + ".json").ok()
	a.get(addOn + "/Extensions/" + str(a.get(addOn + "/Extensions.json").items()[0], "sid") + ".json").ok()
	a.delete(addOn + ".json").ok()

	participants := under(sub, "/Conferences/room/Participants.json")
	participant := a.post(participants, "From", "+14158141829", "To", "+16518675310", "Label", "host").ok()
	conference := under(sub, "/Conferences/"+str(participant, "conference_sid"))
	host := conference + "/Participants/host.json"
	a.get(under(sub, "/Conferences.json")).ok()
	a.get(conference + ".json").ok()
	a.get(conference + "/Participants.json").ok()
	a.get(host).ok()
	a.post(host, "Muted", "true").ok()
	a.delete(host).ok()
	participant = a.post(participants, "From", "+14158141829", "To", "+16518675310").ok()
	a.post(under(sub, "/Conferences/"+str(participant, "conference_sid")+".json"), "Status", "completed").ok()

	a.get(under(sub, "/AvailablePhoneNumbers.json")).ok()
	for country, kinds := range map[string][]string{
		"US": {"Local", "TollFree"}, "GB": {"Local", "Mobile", "National", "SharedCost", "TollFree"}, "JP": {"Voip"}, "NO": {"MachineToMachine"},
	} {
		a.get(under(sub, "/AvailablePhoneNumbers/"+country+".json")).ok()
		for _, kind := range kinds {
			if found := a.get(under(sub, "/AvailablePhoneNumbers/"+country+"/"+kind+".json")).items(); len(found) == 0 {
				t.Errorf("no %s numbers in %s", kind, country)
			}
		}
	}
	connectApp := a.srv.AddConnectApp(sub, twilio.ConnectApp{Permissions: []twilio.ConnectAppPermission{"get-all"}}).URI
	a.post(connectApp, "FriendlyName", "Submarine").ok()
	shortCode := a.srv.AddShortCode(sub, twilio.ShortCode{ShortCode: "894546"}).URI
	a.post(shortCode, "FriendlyName", "code").ok()
	for _, item := range []string{
		connectApp, shortCode, a.srv.AddAuthorizedConnectApp(sub, twilio.AuthorizedConnectApp{}).URI,
		a.srv.AddNotification(sub, twilio.Notification{ErrorCode: 11200}).URI,
	} {
		a.get(item).ok()
		a.get(item[:strings.LastIndex(item, "/")] + ".json").ok()
	}
	a.post(under(sub, "/Tokens.json")).ok()
	credentialList := each("/SIP/CredentialLists", "CL", []string{"FriendlyName", "phones"}, []string{"FriendlyName", "desks"})
	credential := each(strings.TrimPrefix(strings.TrimSuffix(credentialList, ".json"), under(sub, ""))+"/Credentials", "CR",
		[]string{"Username", "ada", "Password", "IWasAtSignal2018"}, []string{"Password", "IWasAtSignal2019"})
	ipList := each("/SIP/IpAccessControlLists", "AL", []string{"FriendlyName", "office"}, []string{"FriendlyName", "offices"})
	ipAddress := each(strings.TrimPrefix(strings.TrimSuffix(ipList, ".json"), under(sub, ""))+"/IpAddresses", "IP",
		[]string{"FriendlyName", "gateway", "IpAddress", "192.0.2.1"}, []string{"CidrPrefixLength", "24"})
	domain := each("/SIP/Domains", "SD", []string{"DomainName", "a.sip.twilio.com"}, []string{"Secure", "true"})
	for path, list := range map[string]string{
		"/CredentialListMappings": credentialList, "/IpAccessControlListMappings": ipList,
		"/Auth/Calls/CredentialListMappings": credentialList, "/Auth/Calls/IpAccessControlListMappings": ipList,
		"/Auth/Registrations/CredentialListMappings": credentialList,
	} {
		param := "CredentialListSid"
		if list == ipList {
			param = "IpAccessControlListSid"
		}
		mappings := strings.TrimSuffix(domain, ".json") + path
		mapping := mappings + list[strings.LastIndex(list, "/"):]
		a.post(mappings+".json", param, strings.TrimSuffix(list[strings.LastIndex(list, "/")+1:], ".json")).ok()
		a.get(mappings + ".json").ok()
		a.get(mapping).ok()
		a.delete(mapping).ok()
	}
	app := each("/Applications", "AP", []string{"FriendlyName", "app", "VoiceUrl", "https://example.com"}, []string{"SmsMethod", "GET"})
	key := each("/Keys", "SK", []string{"FriendlyName", "k"}, []string{"FriendlyName", "l"})
	signingKey := each("/SigningKeys", "SK", []string{"FriendlyName", "k"}, []string{"FriendlyName", "l"})
	trigger := each("/Usage/Triggers", "UT", []string{"CallbackUrl", "https://example.com", "UsageCategory", "totalprice", "TriggerValue", "+5"},
		[]string{"FriendlyName", "alert"})
	a.post(under(sub, "/OutgoingCallerIds.json"), "PhoneNumber", "+14155550199").ok()

	a.srv.Advance(2 * time.Minute)
	a.get(call).ok()
	a.get(message).ok()
	callerID := under(sub, "/OutgoingCallerIds/"+str(a.get(under(sub, "/OutgoingCallerIds.json")).items()[0], "sid")+".json")
	a.get(callerID).ok()
	a.post(callerID, "FriendlyName", "Ada").ok()
	a.get(under(sub, "/Balance.json")).ok()
	a.get(a.main("/Balance.json")).ok()
	for _, list := range []string{"", "/AllTime", "/Daily", "/LastMonth", "/Monthly", "/ThisMonth", "/Today", "/Yearly", "/Yesterday"} {
		if len(a.get(a.main("/Usage/Records"+list+".json")).items()) == 0 {
			t.Errorf("no usage records %s", list)
		}
	}
	for _, item := range []string{
		app, call, message, number, key, queue, signingKey, trigger, callerID, credential, credentialList, ipAddress, ipList, domain, connectApp,
	} {
		if got := a.delete(item); got.status != http.StatusNoContent || got.body != nil {
			t.Errorf("DELETE %s: %d %v", item, got.status, got.body)
		}
		a.get(item).fails(404, 20404)
	}
	a.delete(addressItem).ok()

	a.recordings(sub)

	// What the server has was exercised, and for the rest it says that it
	// isn't.
	other := newAPI(t)
	other.client.Transport = other.srv.Transport()
	for _, route := range s.routes {
		path := strings.ReplaceAll(route.template, "{AccountSid}", other.srv.AccountSID)
		path = regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, sid("XX", 1))
		lacks := other.send(route.method, path).status == http.StatusNotImplemented
		if lacks == seen.ids[route.id] {
			t.Errorf("%s %s: exercised %v, not modelled %v", route.id, path, seen.ids[route.id], lacks)
		}
	}
}

// recordings exercises the recordings of an account.
func (a *api) recordings(account string) {
	a.t.Helper()
	call := a.srv.AddCall(account, twilio.Call{Status: twilio.CallStatusInProgress}).SID
	calls := under(account, "/Calls/"+call+"/Recordings")
	first := calls + "/" + str(a.post(calls+".json", "RecordingChannels", "dual").ok(), "sid") + ".json"
	a.post(calls+"/Twilio.CURRENT.json", "Status", "paused").ok()
	a.post(first, "Status", "stopped").ok()
	a.srv.Advance(time.Minute)
	a.get(calls + ".json").ok()
	a.get(first).ok()
	a.delete(first).ok()

	room := str(a.post(under(account, "/Conferences/recorded/Participants.json"), "From", "+14158141829", "To", "+16518675310").ok(), "conference_sid")
	a.srv.AddRecording(account, twilio.Recording{ConferenceSID: room, Status: twilio.RecordingStatusInProgress})
	conference := under(account, "/Conferences/"+room+"/Recordings")
	of := conference + "/" + str(a.get(conference + ".json").items()[0], "sid") + ".json"
	a.post(of, "Status", "stopped").ok()
	a.srv.Advance(time.Minute)
	a.get(of).ok()
	a.delete(of).ok()

	sid := a.srv.AddRecording(account, twilio.Recording{CallSID: call, Duration: 1}).SID
	recording := under(account, "/Recordings/"+sid)
	a.get(recording+".json", "IncludeSoftDeleted", "true").ok()
	a.get(under(account, "/Recordings.json")).ok()
	for range 2 {
		a.srv.AddTranscription(account, twilio.Transcription{RecordingSID: sid})
	}
	a.srv.Advance(time.Minute)
	a.get(under(account, "/Transcriptions.json")).ok()
	texts := a.get(recording + "/Transcriptions.json").items()
	text := recording + "/Transcriptions/" + str(texts[0], "sid") + ".json"
	a.get(text).ok()
	a.get(str(texts[1], "uri")).ok()
	a.delete(text).ok()
	a.delete(str(texts[1], "uri")).ok()

	result := a.srv.AddAddOnResult(account, twilio.AddOnResult{ReferenceSID: sid}).SID
	results := recording + "/AddOnResults"
	payloads := results + "/" + result + "/Payloads"
	payload := payloads + "/" + a.srv.AddAddOnPayload(account, twilio.AddOnPayload{AddOnResultSID: result, Label: "words"}, []byte("{}")).SID
	a.get(results + ".json").ok()
	a.get(results + "/" + result + ".json").ok()
	a.get(payloads + ".json").ok()
	a.get(payload + ".json").ok()
	a.get(payload + "/Data.json").ok()
	a.delete(payload + ".json").ok()
	a.delete(results + "/" + result + ".json").ok()
	a.delete(recording + ".json").ok()
}
