// Package twiliotest is a Twilio in memory: an HTTP server for tests that keeps accounts, phone numbers, calls,
// messages, keys, addresses and usage, and answers as api.twilio.com/2010-04-01 does. It is to Twilio what
// net/http/httptest is to the web.
//
//	srv := twiliotest.NewServer()
//	defer srv.Close()
//	client := srv.Client() // a *twilio.Client with the main account's credentials
//
// # Time
//
// The server has a clock of its own that stands at [DefaultStart] until [Server.Advance] moves it. A call is queued for
// 1 second, rings for 4, lasts for 15 ([WithCallDuration]) and has its price 30 seconds after its end. A message goes
// from queued to sending, sent and delivered in a second each and has its price 10 seconds after it was sent. A phone
// number that is to be verified is so after 20 seconds. Messages that wait in an account that was suspended fail with
// error 30002. [WithClock] makes the clock follow another one.
//
// # Who may do what
//
// The main account's AuthToken reaches the main account and all subaccounts, an API key its own account, and a
// subaccount's AuthToken that subaccount: all else is 401 with code 20003, and so is everything that the credentials of
// an account ask for that is suspended or closed, or whose main account is. A subaccount's credentials change no status
// and move no number. A key of the main account reads all accounts, but sees no auth_token; only main keys
// ([Server.AddKey]) make and change accounts and keys.
//
// A suspended or closed account neither calls, sends, buys nor verifies a number (20003 again, also for the main
// credentials); its calls go on, and the main credentials read it and end them. Closing releases its numbers and keeps
// its history, with [WithAutoDelete] for 30 days.
//
// # Where Twilio's behaviour isn't documented
//
// The server chooses the plausible, and code under test should not depend on the choice: the HTTP status of most errors
// is 400; date filters look at the day only ([WithSecondGrain]); lists run from the newest to the oldest, also those of
// accounts and numbers; a call that is ended before it was answered becomes what it was asked to become, with a duration
// of 0; a transfer asks for a new bundle or identity where the number has one;
// usage is counted in US dollars, and prices in other currencies are left out of it; any well-formed phone number that
// nobody owns can be bought in the countries of the catalogue; balance is null for subaccounts.
//
// Not there: XML (paths without .json are 404), TwiML and webhooks (nothing is ever called back), recordings,
// conferences, queues, applications and the like (their lists are empty), and all APIs on hosts of their own.
//
// # Faults
//
// [Server.Inject] makes requests go wrong, before or after their effect. See [Fault].
package twiliotest
