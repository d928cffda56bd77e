package twilio_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleQueueService_Create() {
	queue, err := twiliotest.NewUnstartedServer().Client().Queues.Create(context.Background(),
		twilio.QueueCreateParams{FriendlyName: "support", MaxSize: 50})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(queue.FriendlyName, queue.CurrentSize, queue.MaxSize)
	// Output: support 0 50
}

// The call that has waited longest goes to an agent.
func ExampleQueueMemberService_Update() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithCallDuration(time.Hour))
	var queueSID string
	for range 2 {
		call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
		queueSID = srv.Enqueue(srv.AccountSID, "support", call.SID).QueueSID
		srv.Advance(time.Minute)
	}
	client := srv.Client()

	member, err := client.Queues.Members.Update(ctx, queueSID, twilio.QueueFront,
		twilio.QueueMemberUpdateParams{URL: new("https://example.com/agent")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("waited", member.WaitTime)

	for waiting, err := range client.Queues.Members.All(ctx, queueSID, twilio.QueueMemberListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("waiting", waiting.Position, waiting.WaitTime)
	}
	// Output:
	// waited 120
	// waiting 1 60
}
