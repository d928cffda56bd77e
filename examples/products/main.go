// Products creates what a customer needs of Twilio's other products: a Studio
// flow and a Verify service. The library has no types for them; Do and All
// reach them with the subaccount's own credentials. You can run it again at any
// time; it creates one of each. The file to copy is products.go.
//
//	go run ./examples/products
//	go run ./examples/products -live -account AC… -name support
//
// Live, it is free.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/examples/internal/stage"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func main() { stage.Main(example()) }

func example() stage.Example {
	var account, name string
	return stage.Example{
		Name: "products",
		Live: []string{
			"create a Studio flow, as a draft, and a Verify service named -name",
			"in the subaccount -account, unless they exist; that is free",
		},
		Needs: []string{"account", "name"},
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&account, "account", "", "`SID` of the subaccount")
			flags.StringVar(&name, "name", "", "`name` of the flow and the service")
		},
		Fake: func(srv *twiliotest.Server) {
			account = srv.AddSubaccount(twilio.Account{
				FriendlyName: "Submarine",
			}).SID
			name = "support"
			// The fake has neither product, so handlers stand for them.
			srv.Handle("studio.twilio.com", &collection{key: "flows", prefix: "FW"})
			srv.Handle("verify.twilio.com", &collection{key: "services", prefix: "VA"})
		},
		Run: func(ctx context.Context, st *stage.Stage) error {
			err := show(ctx, st, account, name)
			if err != nil || st.Fake == nil {
				return err
			}
			st.Printf("\nand again:\n")
			return show(ctx, st, account, name)
		},
	}
}

func show(ctx context.Context, st *stage.Stage, sid, name string) error {
	account, err := st.Client.Accounts.Get(ctx, sid)
	if err != nil {
		return err
	}
	own := st.Client.WithCredentials(account.Credentials())
	flow, err := EnsureFlow(ctx, own, name)
	if err != nil {
		return err
	}
	service, err := EnsureVerifyService(ctx, own, name)
	if err != nil {
		return err
	}
	st.Printf("flow %s: %s, %s\n", flow.FriendlyName, flow.SID, flow.Status)
	st.Printf("Verify %s: %s, %d digits\n",
		service.FriendlyName, service.SID, service.CodeLength)
	st.Printf("both of %s: %t\n", account.FriendlyName,
		flow.AccountSID == sid && service.AccountSID == sid)
	return nil
}

// A collection is a list of resources to which POST adds.
type collection struct {
	key, prefix string

	mu    sync.Mutex
	items []map[string]any
}

func (c *collection) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Method == http.MethodPost {
		user, _, _ := r.BasicAuth()
		digits, _ := strconv.Atoi(r.FormValue("CodeLength"))
		c.items = append(c.items, map[string]any{
			"sid":           fmt.Sprintf("%s%032x", c.prefix, len(c.items)+1),
			"account_sid":   user,
			"friendly_name": r.FormValue("FriendlyName"),
			"status":        r.FormValue("Status"),
			"code_length":   digits,
		})
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(c.items[len(c.items)-1])
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{
		c.key:  append([]map[string]any{}, c.items...), // [] rather than null
		"meta": map[string]any{"key": c.key, "next_page_url": nil},
	})
}
