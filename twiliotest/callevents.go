package twiliotest

import (
	"net/url"
	"strconv"
	"strings"
	"unicode"
)

var callEventRoutes = []route{{"GET", "/Calls/{CallSid}/Events", listCallEvents, 200}}

// A callEvent is a request to the API that belongs to a call: the one that
// created it or one that changed it.
type callEvent struct {
	record

	path   string
	form   url.Values
	status int
	call   *call
}

// logEvent adds the request to the call's events. Few calls are ever asked for
// theirs, so that no more than the request is kept.
func (rq *request) logEvent(c *call, status int) {
	e := &callEvent{path: rq.path, form: withoutSecrets(rq.form), status: status, call: c}
	e.record = record{SID: strconv.Itoa(len(c.events)), Created: at(rq.now), seq: uint64(len(c.events))}
	c.events = append(c.events, e)
}

func (e *callEvent) wire() any {
	parameters := map[string]string{"account_sid": e.call.AccountSID}
	for name := range e.form {
		parameters[snakeCase(name)] = e.form.Get(name)
	}
	return map[string]any{
		"request": map[string]any{
			"method":     "POST",
			"url":        "https://api.twilio.com" + root + e.path + ".json",
			"parameters": parameters,
		},
		"response": map[string]any{
			"response_code":    e.status,
			"request_duration": 50,
			"content_type":     "application/json",
			"response_body":    `{"sid": "` + e.call.SID + `"}`,
			"date_created":     e.Created,
		},
	}
}

// snakeCase returns the name of a parameter as events have it: StatusCallback
// is status_callback.
func snakeCase(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func listCallEvents(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	var events collection[*callEvent]
	for _, e := range c.events {
		events.add(e)
	}
	return page(rq, "events", &events, all, (*callEvent).wire)
}
