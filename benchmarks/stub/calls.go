package stub

import (
	"fmt"
	"strings"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// Call is the i-th newest call of a day that is counted back from the newest:
// what every entrant must return. One in ten was not answered and has neither
// duration nor price.
func Call(day, i int) entrant.Record {
	n := mix(uint64(day*entrant.PageSize + i))
	began := Newest.AddDate(0, 0, -day).Unix() + int64(entrant.PageSize-1-i)*(24*60*60/entrant.PageSize)
	sid := fmt.Sprintf("CA%016x%016x", n, mix(n))
	call := entrant.Record{
		SID:         sid,
		AccountSID:  entrant.AccountSID,
		From:        fmt.Sprintf("+1415%07d", n%10_000_000),
		To:          fmt.Sprintf("+1651%07d", n/10_000_000%10_000_000),
		Status:      "completed",
		Direction:   "outbound-api",
		PriceUnit:   "USD",
		Recordings:  root + "/Calls/" + sid + "/Recordings.json",
		Created:     began - 1,
		Started:     began,
		QueueMillis: int(n % 2000),
	}
	if n%4 == 0 {
		call.Direction = "inbound"
	}
	if n%10 == 0 {
		call.Status = "no-answer"
	} else {
		call.Seconds = 1 + int(n/16%600)
		call.Micros = -14_000 * int64((call.Seconds+59)/60)
	}
	call.Ended = call.Started + int64(call.Seconds)
	call.Updated = call.Ended
	return call
}

// mix makes neighbours look unrelated (the finaliser of splitmix64).
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// appendCall renders a call with the members, their order and the nine
// subresources of the example in
// https://www.twilio.com/docs/iam/api/subaccounts, spaced as the API spaces its
// answers.
func appendCall(b []byte, c entrant.Record) []byte {
	price, forwarded := "null", "null"
	if c.Micros != 0 {
		price = fmt.Sprintf(`"-%d.%05d"`, -c.Micros/1e6, -c.Micros%1e6/10)
	}
	if c.Direction == "inbound" {
		forwarded = `"+14158675309"`
	}
	b = fmt.Appendf(b, `{"account_sid": "%s", "annotation": null, "answered_by": null, "api_version": "2010-04-01", "caller_name": null, `+
		`"date_created": "%s", "date_updated": "%s", "direction": "%s", "duration": "%d", "end_time": "%s", "forwarded_from": %s, `+
		`"from": "%s", "from_formatted": "%s", "group_sid": null, "parent_call_sid": null, `+
		`"phone_number_sid": "PNbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "price": %s, "price_unit": "%s", "sid": "%s", "start_time": "%s", "status": "%s", "subresource_uris": {`,
		c.AccountSID, date(c.Created), date(c.Updated), c.Direction, c.Seconds, date(c.Ended), forwarded,
		c.From, formatted(c.From), price, c.PriceUnit, c.SID, date(c.Started), c.Status)
	b = appendSubresources(b, root+"/Calls/"+c.SID, "notifications", "recordings", "payments", "events", "siprec", "streams",
		"transcriptions", "user_defined_message_subscriptions", "user_defined_messages")
	return fmt.Appendf(b, `}, "to": "%s", "to_formatted": "%s", "trunk_sid": null, "uri": "%s/Calls/%s.json", "queue_time": "%d"}`,
		c.To, formatted(c.To), root, c.SID, c.QueueMillis)
}

func date(unix int64) string { return time.Unix(unix, 0).UTC().Format(time.RFC1123Z) }

// formatted shows an American number as the API does.
func formatted(number string) string {
	return fmt.Sprintf("(%s) %s-%s", number[2:5], number[5:8], number[8:])
}

// appendAccount renders a subaccount as the same document shows it.
func appendAccount(b []byte, n int) []byte {
	sid := fmt.Sprintf("AC%032x", n+1)
	made := date(Newest.Unix())
	b = fmt.Appendf(b, `{"auth_token": "%032x", "date_created": "%s", "date_updated": "%[2]s", "friendly_name": "Customer %[3]d", `+
		`"owner_account_sid": "%s", "sid": "%s", "status": "active", "subresource_uris": {`,
		mix(uint64(n)), made, n, entrant.AccountSID, sid)
	b = appendSubresources(b, version+"/Accounts/"+sid, "available_phone_numbers", "calls", "conferences",
		"incoming_phone_numbers", "notifications", "outgoing_caller_ids", "recordings", "transcriptions", "addresses",
		"signing_keys", "connect_apps", "sip", "authorized_connect_apps", "usage", "keys", "applications", "short_codes",
		"queues", "messages", "balance")
	return fmt.Appendf(b, `}, "type": "Full", "uri": "%s/Accounts/%s.json"}`, version, sid)
}

// appendSubresources renders URIs below another, each by its name.
func appendSubresources(b []byte, above string, names ...string) []byte {
	for i, name := range names {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = fmt.Appendf(b, `"%s": "%s/`, name, above)
		for word := range strings.SplitSeq(name, "_") {
			b = append(append(b, word[0]-'a'+'A'), word[1:]...)
		}
		b = append(b, `.json"`...)
	}
	return b
}

// render joins items into a JSON array.
func render(count int, appendItem func(b []byte, i int) []byte) []byte {
	var b []byte
	for i := range count {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendItem(b, i)
	}
	return b
}
