package twiliotest

import (
	"net/http"
	"slices"
	"strings"
)

// A subscription is who is told of which events.
type subscription struct {
	hook
	events []string // empty means the default ones
}

// wants reports whether an event is to be told. The defaults are the events of a
// subscription that names none.
func (s subscription) wants(event string, defaults ...string) bool {
	if s.url == "" {
		return false
	}
	if len(s.events) == 0 {
		return slices.Contains(defaults, event)
	}
	return slices.Contains(s.events, event)
}

// subscription reads a callback's parameters: its URL, its method and the events,
// repeated or in one value.
func (p *params) subscription(key string) subscription {
	var s subscription
	setURL(p, key, &s.url, 21402)
	setMethod(p, key+"Method", &s.method, 21403)
	for _, value := range p.Values[key+"Event"] {
		s.events = append(s.events, strings.FieldsFunc(value, isEventSeparator)...)
	}
	return s
}

func isEventSeparator(r rune) bool { return r == ' ' || r == ',' }

// subscription reads the attributes of a callback, such as statusCallback,
// statusCallbackMethod and statusCallbackEvent.
func (e *element) subscription(x *exchange, name string) subscription {
	return subscription{
		hook{x.resolve(e.attr(name)), e.method(name + "Method")},
		strings.FieldsFunc(e.attr(name+"Event"), isEventSeparator),
	}
}

// method is an attribute with an HTTP method; POST unless it is GET.
func (e *element) method(name string) string {
	if strings.EqualFold(e.attr(name), http.MethodGet) {
		return http.MethodGet
	}
	return http.MethodPost
}
