package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleBalanceService_Get() {
	balance, err := twiliotest.NewUnstartedServer().Client().Balance.Get(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(balance.Balance.Valid, balance.Currency)
	// Output: true USD
}
