package twiliotest_test

import (
	"errors"
	"net/http"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func TestReaderReadsWithoutATrace(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	message := srv.AddMessage(customer.SID, twilio.Message{From: "+14155550100", To: "+16518675310", Body: "Surface!"})
	srv.SetStatus(srv.AccountSID, twilio.AccountStatusSuspended) // its credentials are refused
	srv.Inject(twiliotest.Fault{Status: 500, Times: -1})
	client, err := twilio.NewClient(twilio.AuthToken(srv.AccountSID, "unused"),
		twilio.WithHTTPClient(&http.Client{Transport: srv.Reader()}))
	if err != nil {
		t.Fatal(err)
	}
	messages, err := client.Subaccount(customer.SID).Messages.List(t.Context(), twilio.MessageListParams{})
	if err != nil || len(messages.Items) != 1 || messages.Items[0].SID != message.SID {
		t.Errorf("%+v, %v", messages, err)
	}
	if _, err := client.Messages.Get(t.Context(), "SM00000000000000000000000000000000"); !errors.Is(err, twilio.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/2010-04-01/Accounts.json", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := srv.Reader().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("a POST returns %d", response.StatusCode)
	}
	if all := srv.Requests(); len(all) != 0 {
		t.Errorf("the log has %+v", all)
	}
}

func TestHasAccount(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	if !srv.HasAccount(srv.AccountSID) || srv.HasAccount("") || srv.HasAccount("AC00000000000000000000000000000000") {
		t.Error("HasAccount knows other accounts than the server")
	}
}
