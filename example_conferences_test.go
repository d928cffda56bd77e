package twilio_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The first participant creates the conference, named by its FriendlyName; its
// label then names the participant.
func ExampleParticipantService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()

	agent, err := client.Conferences.Participants.Create(ctx, "Ticket 42", twilio.ParticipantCreateParams{
		From: "+15005550006", To: "+14155550100", Label: "agent", EndConferenceOnExit: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Conferences.Participants.Create(ctx, agent.ConferenceSID, twilio.ParticipantCreateParams{
		From: "+15005550006", To: "+14155550123", Label: "customer",
	})
	if err != nil {
		log.Fatal(err)
	}
	srv.Advance(10 * time.Second) // both answer

	for participant, err := range client.Conferences.Participants.All(ctx, agent.ConferenceSID, twilio.ParticipantListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(participant.Label, participant.Status)
	}
	// Output:
	// customer connected
	// agent connected
}

func ExampleParticipantService_Update() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	agent, err := client.Conferences.Participants.Create(ctx, "Ticket 42", twilio.ParticipantCreateParams{
		From: "+15005550006", To: "+14155550100", Label: "agent",
	})
	if err != nil {
		log.Fatal(err)
	}

	// A label names a participant as well as the SID of its call.
	participant, err := client.Conferences.Participants.Update(ctx, agent.ConferenceSID, "agent",
		twilio.ParticipantUpdateParams{Muted: new(true)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(participant.CallSID == agent.CallSID, participant.Muted, participant.Hold)
	// Output: true true false
}

// Ending a conference removes all of its participants.
func ExampleConferenceService_Update() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	agent, err := client.Conferences.Participants.Create(ctx, "Ticket 42", twilio.ParticipantCreateParams{
		From: "+15005550006", To: "+14155550100",
	})
	if err != nil {
		log.Fatal(err)
	}

	conference, err := client.Conferences.Update(ctx, agent.ConferenceSID, twilio.ConferenceUpdateParams{
		Status: new(twilio.ConferenceStatusCompleted),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(conference.FriendlyName, conference.Status, conference.ReasonConferenceEnded)
	// Output: Ticket 42 completed conference-ended-via-api
}
