// Package webhook receives the requests that Twilio sends to your application.
// A [Verifier] checks that a request comes from Twilio and for which account;
// [ParseMessage] and the other Parse functions read its parameters into types.
//
// Twilio signs a request with the AuthToken of the account that it is about:
// for a subaccount, the subaccount's own token. [FromMain] looks up the tokens
// of all subaccounts, so that one endpoint serves them all.
//
// See https://www.twilio.com/docs/usage/security#validating-requests.
package webhook
