package consumer

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestOnboard(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	var saved twilio.Secret
	acct, err := Onboard(t.Context(), srv.Client(), func(_ string, s twilio.Secret) error {
		saved = s
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if saved.IsZero() {
		t.Error("no key was saved")
	}
	if paths := Paths(acct); len(paths) < 20 || paths["calls"] == "" {
		t.Errorf("an account has the paths %v", paths)
	}
	if err := Rotate(t.Context(), srv.Client(), acct.SID); err != nil {
		t.Error(err)
	}
}

func TestProducts(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	srv.Handle("studio.twilio.com", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			fmt.Fprint(w, `{"flows":[{"sid":"FW1","friendly_name":"a"}],"meta":{"key":"flows","next_page_url":null}}`)
			return
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, `{"sid":"FW1","friendly_name":"a"}`)
	}))
	acct := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	client := srv.Client()
	if err := Products(t.Context(), client, &acct, url.Values{"FriendlyName": {"a"}}); err != nil {
		t.Error(err)
	}
	bundle := srv.AddBundle(srv.AccountSID, twilio.Bundle{Status: twilio.BundleStatusTwilioApproved})
	if err := CloneBundle(t.Context(), client, bundle.SID, acct.SID); err != nil {
		t.Error(err)
	}
}

func TestListen(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	recording := srv.AddRecording(srv.AccountSID, twilio.Recording{Status: twilio.RecordingStatusCompleted, Duration: 2})
	var sound bytes.Buffer
	if err := Listen(t.Context(), srv.Client(), recording, &sound); err != nil || sound.Len() == 0 {
		t.Errorf("%d bytes, %v", sound.Len(), err)
	}
}

func TestNested(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	client := srv.Client()
	message := srv.AddMessage(srv.AccountSID, twilio.Message{From: "+14155550100", To: "+14155550101", Status: twilio.MessageStatusDelivered, NumMedia: 2})
	list := srv.AddSIPCredentialList(srv.AccountSID, twilio.SIPCredentialList{FriendlyName: "phones"})
	first, err := client.Conferences.Participants.Create(t.Context(), "room", twilio.ParticipantCreateParams{From: "+14155550102", To: "+14155550103"})
	if err != nil {
		t.Fatal(err)
	}
	if err := Nested(t.Context(), client, message.SID, first.ConferenceSID, list.SID); err != nil {
		t.Error(err)
	}
	if call, err := client.Calls.Create(t.Context(), Enums()); err != nil || call.SID == "" {
		t.Error(err)
	}
}

func TestWatched(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewServer()
	defer srv.Close()
	var n atomic.Int64
	opts := append(Watched(func(info twilio.RequestInfo) {
		if info.Operation == "accounts.get" && info.AccountSID == srv.AccountSID && info.Attempt == 1 {
			n.Add(1)
		}
	}), twilio.WithBaseURL(srv.URL))
	client, err := twilio.NewClient(twilio.AuthToken(srv.AccountSID, srv.AuthToken), opts...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Accounts.Get(t.Context(), srv.AccountSID, twilio.WithRequestTimeout(time.Minute)); err != nil || n.Load() != 1 {
		t.Errorf("counted %d requests: %v", n.Load(), err)
	}
	_ = client.Do(t.Context(), http.MethodGet, "/2010-04-01/Accounts.json", nil, io.Discard)
	if !Secrets("abc") {
		t.Error("a secret isn't its text")
	}
}
