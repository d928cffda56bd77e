package twilio_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// Get is the path for a request that no service makes.
func ExampleSubresourceURIs_Get() {
	ctx := context.Background()
	client := twiliotest.NewUnstartedServer().Client()
	account, err := client.Accounts.Get(ctx, client.AccountSID())
	if err != nil {
		log.Fatal(err)
	}

	var list struct {
		Recordings []twilio.Recording `json:"recordings"`
	}
	if err := client.Do(ctx, http.MethodGet, account.SubresourceURIs.Get("recordings"), nil, &list); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(list.Recordings))
	// Output: 0
}

// All has the paths of all that belongs to a message.
func ExampleSubresourceURIs_All() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	sid := srv.AddMessage(srv.AccountSID, twilio.Message{}).SID
	message, err := srv.Client().Messages.Get(ctx, sid)
	if err != nil {
		log.Fatal(err)
	}

	for name, path := range message.SubresourceURIs.All() {
		fmt.Println(name, strings.TrimPrefix(path, strings.TrimSuffix(message.URI, ".json")))
	}
	// Output:
	// feedback /Feedback.json
	// media /Media.json
}
