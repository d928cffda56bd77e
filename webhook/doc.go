// Package webhook receives the requests that Twilio sends to your application:
// it verifies that a request comes from Twilio, says which account it is about,
// and reads its parameters into types.
//
// Twilio signs each request with the AuthToken of the account that it is about.
// For a subaccount that is the subaccount's own token, not the main account's.
//
// See https://www.twilio.com/docs/usage/security#validating-requests.
package webhook
