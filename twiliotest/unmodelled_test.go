package twiliotest_test

import (
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The URIs of a resource lead to what it has, or to a response that says that
// the fake lacks it.
func TestSubresourceURIsLeadSomewhere(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	room := a.room("room")
	call := a.post(a.main("/Calls.json"), aCall...).ok()
	prefixes := map[string]bool{"sip": true, "usage": true} // no resources, but the beginnings of paths
	onlyCreated := map[string]bool{
		"feedback": true, "payments": true, "siprec": true, "streams": true, "transcriptions": true,
		"user_defined_message_subscriptions": true, "user_defined_messages": true,
	}
	for _, item := range []object{
		a.get("/Accounts/" + a.srv.AccountSID + ".json").ok(),
		call,
		room.get("").ok(),
		a.post(a.main("/Messages.json"), aMessage...).ok(),
		a.post(a.main("/IncomingPhoneNumbers.json"), "AreaCode", "415").ok(),
	} {
		for name, uri := range item["subresource_uris"].(object) {
			got := a.get(uri.(string))
			switch {
			case got.status == http.StatusOK:
			case onlyCreated[name] && got.status == http.StatusMethodNotAllowed, prefixes[name] && got.status == http.StatusNotFound:
			default:
				t.Errorf("%s: %d %v", uri, got.status, got.body)
			}
		}
	}
	a.get(a.main("/Calls/"+sid("CA", 1)+"/Recordings.json")).fails(404, 20404)
}

func TestWhatTheFakeLacksIsNotImplemented(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for _, got := range []reply{
		a.get(a.main("/Calls")), a.get(a.main("/Calls.xml")), a.get(a.main("/SIP/Domains")),
	} {
		if got.status != http.StatusNotImplemented || !strings.Contains(str(got.body, "message"), "the fake") {
			t.Errorf("%s: %d %v", got.what, got.status, got.body)
		}
	}
	a.as("", "").post(a.main("/Tokens.json")).fails(401, 20003)
	a.post(a.main("/Nonsense.json")).fails(404, 20404)
}

// Products with hosts of their own don't respond as if they were the API.
func TestOtherHostsAreNotImplemented(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for host, want := range map[string]int{
		"https://api.twilio.com": 200, "https://api.dublin.ie1.twilio.com": 200, "https://studio.twilio.com": 501, "https://studio.dublin.ie1.twilio.com:443": 501,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, host+"/2010-04-01/Accounts.json", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(a.srv.AccountSID, a.srv.AuthToken)
		response, err := a.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = response.Body.Close(); response.StatusCode != want {
			t.Errorf("%s: %d, want %d", host, response.StatusCode, want)
		}
	}
}

// Without .json a medium is the file itself, which needs no credentials.
func TestMediaFiles(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	a := &api{t, srv, srv.AccountSID, srv.AuthToken, &http.Client{Transport: srv.Transport()}}
	message := a.post(a.main("/Messages.json"), "From", "+14158141829", "To", "+16518675310", "MediaUrl", "https://example.com/a.png",
		"MediaUrl", "https://example.com/a.gif", "MediaUrl", "https://example.com/a.jpg").ok()
	media := a.main("/Messages/" + str(message, "sid") + "/Media")
	for _, item := range a.get(media + ".json").items() {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+strings.TrimSuffix(str(item, "uri"), ".json"), nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := a.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, kind, err := image.Decode(response.Body)
		if want := str(item, "content_type"); err != nil || "image/"+kind != want || response.Header.Get("Content-Type") != want {
			t.Errorf("%s: %v, %s with type %s", want, err, kind, response.Header.Get("Content-Type"))
		}
		_ = response.Body.Close()
	}
	a.get(media+"/"+sid("ME", 1)).fails(404, 20404)
}
