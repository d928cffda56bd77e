package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleShortCodeService_Update() {
	srv := twiliotest.NewUnstartedServer()
	code := srv.AddShortCode(srv.AccountSID, twilio.ShortCode{ShortCode: "894546"})
	code, err := srv.Client().ShortCodes.Update(context.Background(), code.SID,
		twilio.ShortCodeUpdateParams{SMSURL: new("https://example.com/sms")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(code.FriendlyName, code.SMSMethod, code.SMSURL)
	// Output: 894546 POST https://example.com/sms
}
