package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A stream that has a name can be stopped by it.
func ExampleStreamService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
	streams := srv.Client().Calls.Streams

	stream, err := streams.Create(ctx, call.SID, twilio.StreamCreateParams{
		URL: "wss://example.com/audio", Name: "live", Track: twilio.TrackBoth,
		Parameters: map[string]string{"customer": "42"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stream.Status)

	stream, err = streams.Update(ctx, call.SID, "live", twilio.StreamUpdateParams{Status: new(twilio.StreamStatusStopped)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stream.Status)
	// Output:
	// in-progress
	// stopped
}

func ExampleSiprecService_Create() {
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})

	session, err := srv.Client().Calls.Siprec.Create(context.Background(), call.SID, twilio.SiprecCreateParams{
		ConnectorName: "recorder", Parameters: map[string]string{"customer": "42"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(session.Status)
	// Output: in-progress
}

func ExampleRealtimeTranscriptionService_Create() {
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})

	transcription, err := srv.Client().Calls.Transcriptions.Create(context.Background(), call.SID,
		twilio.RealtimeTranscriptionCreateParams{
			StatusCallbackURL: "https://example.com/text", LanguageCode: "en-GB", ProfanityFilter: new(false),
		})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(transcription.Status)
	// Output: in-progress
}
