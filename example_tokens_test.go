package twilio_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A browser takes the servers as JSON. Credentials are secrets, which JSON leaves
// out: here they are passed on deliberately.
func ExampleTokenService_Create() {
	token, err := twiliotest.NewUnstartedServer().Client().Tokens.Create(context.Background(), twilio.TokenCreateParams{TTL: 3600})
	if err != nil {
		log.Fatal(err)
	}
	type rtcIceServer struct {
		URLs       string `json:"urls"`
		Username   string `json:"username,omitempty"`
		Credential string `json:"credential,omitempty"`
	}
	var servers []rtcIceServer
	for _, s := range token.ICEServers {
		servers = append(servers, rtcIceServer{s.URLs, s.Username, s.Credential.Reveal()})
	}
	first, err := json.Marshal(servers[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(token.TTL, len(servers), string(first))
	fmt.Println(servers[1].URLs, servers[1].Credential == token.Password.Reveal(), token.Password)
	// Output:
	// 3600 4 {"urls":"stun:global.stun.twilio.com:3478"}
	// turn:global.turn.twilio.com:3478?transport=udp true [redacted]
}
