package twilio

import (
	"errors"
	"net/url"
	"testing"
	"time"
)

// FuzzForm checks that a field is sent unchanged, under its own name, and a
// time in UTC.
func FuzzForm(f *testing.F) {
	f.Add("+15005550006", "Ahoy & = + % \n", "", int64(0))
	f.Add("whatsapp:+1", "To=x&From=y", "\x00\xff", int64(1767225600))
	f.Add("", "ü 😀", "a;b", int64(-1))
	f.Fuzz(func(t *testing.T, to, body, media string, at int64) {
		form, err := encode(MessageCreateParams{To: to, From: "+15005550006", Body: body, MediaURL: []string{media, body}})
		if err != nil {
			if _, ok := errors.AsType[*ParamError](err); !ok {
				t.Errorf("%T: %v", err, err)
			}
			return
		}
		back, err := url.ParseQuery(form.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if back.Get("To") != to || back.Get("Body") != body || back.Has("Body") != (body != "") {
			t.Errorf("%q, %q became %v", to, body, back)
		}
		if m := back["MediaUrl"]; len(m) != 2 || m[0] != media || m[1] != body {
			t.Errorf("%q, %q became %q", media, body, m)
		}
		when := time.Unix(at%(1<<32), 0).In(time.FixedZone("", -5*60*60))
		if form, err = encode(CallListParams{StartTime: when}); err == nil && !when.IsZero() && form.Get("StartTime") != when.UTC().Format("2006-01-02") {
			t.Errorf("%v became %v", when, form)
		}
	})
}
