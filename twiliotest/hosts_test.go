package twiliotest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

const messaging = "https://messaging.twilio.com/v1/Services"

// Products are told apart by the Host header, over a socket too, and act on the
// account that authenticates.
func TestProductsByHostHeader(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	for host, want := range map[string]int{
		"messaging.twilio.com": 200, "messaging.dublin.ie1.twilio.com": 200, "voice.twilio.com": 501, "studio.twilio.com": 501, "api.twilio.com": 404, "": 404,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/v1/Services", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		r.SetBasicAuth(srv.AccountSID, srv.AuthToken)
		response, err := new(http.Client).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = response.Body.Close(); response.StatusCode != want {
			t.Errorf("%q: %d, want %d", host, response.StatusCode, want)
		}
	}
}

// The main account's credentials act on the main account, and a subaccount's
// resources aren't there.
func TestProductsActOnTheCallersAccount(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sub, own := a.subaccount("sub")
	service := str(own.post(messaging, "FriendlyName", "theirs").ok(), "sid")
	own.get(messaging + "/" + service).ok()
	a.get(messaging+"/"+service).fails(404, 20404)
	if len(a.get(messaging).items()) != 0 {
		t.Error("a list of the main account has a subaccount's service")
	}
	a.as(sub, "wrong").get(messaging).fails(401, 20003)
	a.send(http.MethodPut, messaging).fails(405, 20004)
	a.post("/Accounts/"+sub+".json", "Status", "suspended").ok()
	own.get(messaging).fails(401, 20003)
}

// Pages of products have URLs in a member "meta".
func TestProductPages(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	for range 5 {
		a.post(messaging, "FriendlyName", "x").ok()
	}
	seen := 0
	for page := messaging + "?PageSize=2"; page != ""; {
		body := a.get(page).ok()
		seen += len(body["services"].([]any))
		meta := body["meta"].(object)
		wants(t, meta, "key", "services")
		if body["next_page_uri"] != nil || !strings.HasPrefix(str(meta, "url"), messaging+"?") {
			t.Errorf("%v", body)
		}
		page, _ = meta["next_page_url"].(string)
	}
	if seen != 5 {
		t.Errorf("%d services, want 5", seen)
	}
}

// A handler serves what the fake lacks, behind the credentials' rules and the
// faults.
func TestHandle(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	a.srv.Handle("studio.twilio.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, _, _ := r.BasicAuth()
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusAccepted)
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, `{"user":"`+user+`","path":"`+r.URL.Path+`","body":"`+string(body)+`"}`)
	}))
	sub, own := a.subaccount("sub")
	got := own.post("https://studio.dublin.ie1.twilio.com/v2/Flows", "a", "b")
	if wants(t, got.ok(), "user", sub, "path", "/v2/Flows", "body", "a=b"); got.status != http.StatusAccepted {
		t.Errorf("status %d", got.status)
	}
	a.as(sub, "wrong").get("https://studio.twilio.com/v2/Flows").fails(401, 20003)
	a.srv.Inject(twiliotest.Fault{Path: "/v2/Flows", Code: 20429})
	a.get("https://studio.twilio.com/v2/Flows").fails(429, 20429)
	if got := a.get("https://taskrouter.twilio.com/v1/Workspaces"); got.status != http.StatusNotImplemented {
		t.Errorf("another host: %d", got.status)
	}

	// A handler may ask the server, and takes the place of what is modelled.
	a.srv.Handle("voice.twilio.com", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"accounts":`+strings.Repeat("1", len(a.get("/Accounts.json").items()))+`}`)
	}))
	wants(t, a.get("https://voice.twilio.com/v1/Settings").ok(), "accounts", 11.0)
}

func TestHandleRefusesHosts(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"", "api.twilio.com", "studio.example.com"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is accepted", host)
				}
			}()
			twiliotest.NewUnstartedServer().Handle(host, http.NotFoundHandler())
		}()
	}
}
