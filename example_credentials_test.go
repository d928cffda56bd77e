package twilio_test

import (
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Secrets come from where they are kept, and go into credentials.
func ExampleNewSecret() {
	kept := twilio.NewSecret("from the vault")
	credentials := twilio.AuthToken("AC00000000000000000000000000000001", kept.Reveal())
	fmt.Println(kept, credentials.Secret().Equal(kept))
	// Output: [redacted] true
}

// A row of a database holds the parts of credentials. The secret is revealed
// where it is written, here encrypted on the way, and is a Secret again as soon
// as it is read: a *Secret is a Scanner of database/sql.
func ExampleCredentials_Secret() {
	encrypt := func(text string) string { return "encrypted " + text }
	decrypt := func(text string) string { return text[len("encrypted "):] }
	credentials := twilio.AuthToken("AC00000000000000000000000000000001", "an AuthToken")

	// db.Exec("INSERT INTO customers (sid, token) VALUES (?, ?)", row...)
	row := []any{credentials.AccountSID(), encrypt(credentials.Secret().Reveal())}

	// db.QueryRow("SELECT token FROM customers WHERE sid = ?",
	// sid).Scan(&token)
	var token twilio.Secret
	if err := token.Scan(row[1]); err != nil {
		log.Fatal(err)
	}
	restored := twilio.AuthToken(row[0].(string), decrypt(token.Reveal()))
	fmt.Println(token, restored.Equal(credentials))
	// Output: [redacted] true
}
