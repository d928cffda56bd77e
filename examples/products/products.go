package main

import (
	"context"
	"net/http"
	"net/url"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// On the hosts of Twilio's other products, credentials act on their own
// account. So the client that these functions take has the subaccount's own
// credentials.
const (
	flows          = "https://studio.twilio.com/v2/Flows"
	verifyServices = "https://verify.twilio.com/v2/Services"
)

// A Flow is a Studio flow. Add the fields that you need.
//
// See https://www.twilio.com/docs/studio/rest-api/v2/flow.
type Flow struct {
	SID          string `json:"sid"`
	AccountSID   string `json:"account_sid"`
	FriendlyName string `json:"friendly_name"`
	Status       string `json:"status"`
}

// A VerifyService is a service of Twilio Verify, which sends codes.
//
// See https://www.twilio.com/docs/verify/api/service.
type VerifyService struct {
	SID          string `json:"sid"`
	AccountSID   string `json:"account_sid"`
	FriendlyName string `json:"friendly_name"`
	CodeLength   int    `json:"code_length"`
}

// flowDefinition is a flow that does nothing yet.
const flowDefinition = `{
	"description": "To be drawn",
	"states": [{
		"name": "Trigger",
		"type": "trigger",
		"transitions": [
			{"event": "incomingMessage"},
			{"event": "incomingCall"},
			{"event": "incomingRequest"}
		],
		"properties": {"offset": {"x": 0, "y": 0}}
	}],
	"initial_state": "Trigger",
	"flags": {"allow_concurrent_calls": true}
}`

// EnsureFlow returns the Studio flow of this name. It creates a draft if there
// is none, so that it can be called again at any time.
func EnsureFlow(
	ctx context.Context, own *twilio.Client, name string,
) (*Flow, error) {
	for flow, err := range twilio.All[Flow](ctx, own, flows, nil) {
		if err != nil || flow.FriendlyName == name {
			return flow, err
		}
	}
	flow := new(Flow)
	return flow, own.Do(ctx, http.MethodPost, flows, url.Values{
		"FriendlyName": {name},
		"Status":       {"draft"},
		"Definition":   {flowDefinition},
	}, flow)
}

// EnsureVerifyService returns the Verify service of this name. It creates one
// with codes of six digits if there is none.
func EnsureVerifyService(
	ctx context.Context, own *twilio.Client, name string,
) (*VerifyService, error) {
	all := twilio.All[VerifyService](ctx, own, verifyServices, nil)
	for service, err := range all {
		if err != nil || service.FriendlyName == name {
			return service, err
		}
	}
	service := new(VerifyService)
	return service, own.Do(ctx, http.MethodPost, verifyServices, url.Values{
		"FriendlyName": {name},
		"CodeLength":   {"6"},
	}, service)
}
