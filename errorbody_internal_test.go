package twilio

import "testing"

// FuzzReadErrorBody: whatever an error's body is, it is read in proportion to
// its size, and what is kept of it is bounded.
func FuzzReadErrorBody(f *testing.F) {
	for _, body := range []string{
		`{"code":20404,"message":"no","details":{"a":[1,{}]},"errors":[{"code":"1"}],"error":{"message":"x"}}`,
		"<TwilioResponse><RestException><Code>20404</Code><Message>n&#111;</Message></RestException></TwilioResponse>",
		"<!DOCTYPE html><html>", "<a><b><RestException/>", `{"code":1e400,"message":"\ud800"`, "\ufeff<x", "[[[[", "",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var e errorBody
		got := Allocated(func() { e = readErrorBody(body) })
		if got > 256<<10+uint64(len(body))*1000 {
			t.Errorf("%d bytes allocated for %d", got, len(body))
		}
		if len(e.message) > maxMessage+len("…") {
			t.Errorf("a message of %d bytes", len(e.message))
		}
	})
}
