package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// A list continues after an item that can't be read. A report may leave it out;
// a bill must not, so Spend returns the error.
func ExampleDecodeError() {
	const page = `{"messages":[{"sid":"SM1","price":"-0.0075"},{"sid":"SM2","price":"cheap"},null,{"sid":"SM4","price":"-0.0075"}]}`
	client, err := twilio.NewClient(
		twilio.AuthToken("AC00000000000000000000000000000001", "an AuthToken"),
		twilio.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(page)), Request: r}, nil
		})}))
	if err != nil {
		log.Fatal(err)
	}
	for message, err := range client.Messages.All(context.Background(), twilio.MessageListParams{}) {
		odd, ok := errors.AsType[*twilio.DecodeError](err)
		switch {
		case err == nil:
			fmt.Println(message.SID, message.Price.Decimal)
		case ok && message != nil:
			fmt.Println(message.SID, "without", odd.Fields[0].Path)
		case ok:
			fmt.Println("none at", odd.Fields[0].Path)
		default:
			log.Fatal(err) // the list is over
		}
	}
	// Output:
	// SM1 -0.0075
	// SM2 without messages[1].price
	// none at messages[2]
	// SM4 -0.0075
}

// encoding/json reads resources too, such as Twilio's JSON from a queue.
func ExampleCall_UnmarshalJSON() {
	var call twilio.Call
	err := json.Unmarshal([]byte(`{"sid":"CA1","duration":"15","price":"-0.03000","start_time":"Thu, 30 Jul 2015 20:00:00 +0000"}`), &call)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.SID, call.Duration, call.Price.Decimal, call.StartTime)
	// Output: CA1 15 -0.03 2015-07-30 20:00:00 +0000 UTC
}
