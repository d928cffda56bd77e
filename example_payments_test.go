package twilio_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExamplePaymentService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
	payments := srv.Client().Calls.Payments

	payment, err := payments.Create(ctx, call.SID, twilio.PaymentCreateParams{
		IdempotencyKey: rand.Text(),
		StatusCallback: "https://example.com/payment",
		ChargeAmount:   decimal.NewNullDecimal(decimal.RequireFromString("12.50")),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(payment.CallSID == call.SID)

	_, err = payments.Update(ctx, call.SID, payment.SID, twilio.PaymentUpdateParams{
		IdempotencyKey: new(rand.Text()),
		StatusCallback: new("https://example.com/payment"),
		Capture:        new(twilio.PaymentCaptureCardNumber),
	})
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}
