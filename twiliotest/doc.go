// Package twiliotest is an in-memory Twilio: an HTTP server for tests that
// holds accounts, phone numbers, calls, conferences, messages, applications,
// keys, addresses and usage, and responds as api.twilio.com/2010-04-01 does. It
// is to Twilio what net/http/httptest is to the web.
//
//	srv := twiliotest.NewServer()
//	defer srv.Close()
//	client := srv.Client() // a *twilio.Client with the main account's credentials
//
// # Time
//
// The server has a clock of its own. It begins at the present, or at
// [WithStart], and stands still until [Server.Advance] moves it. A call is
// queued for 1 second, rings for 4, lasts 15 ([WithCallDuration]) and has its
// price 30 seconds after its end. A message changes from queued to sending,
// sent and delivered after a second each, and has its price 10 seconds after it
// was sent. A phone number is verified after 20 seconds. [WithClock] makes the
// clock follow another one.
//
// Unanswered calls never get a price. Messages that wait in an account that was
// suspended fail with error 30002. A conference follows its calls: it begins
// when one is answered that may start it, and is completed when the last one
// ends.
//
// # Calls in progress
//
// [Server.Enqueue] puts a call into a queue, which it leaves when it ends, is sent
// on to other instructions or is taken out. Payments, streams, SIPREC sessions,
// transcriptions and user-defined messages need a call in progress. A create with
// an IdempotencyKey that the call has seen returns what it created first. The
// events of a call are the requests to the API that created and changed it;
// [Server.AddNotification] adds its errors and warnings, which are among those of
// its account.
//
// # Webhooks
//
// Everything that has a webhook URL is called, signed with the AuthToken of its
// account: the status of messages, incoming messages ([Server.ReceiveMessage])
// and calls ([Server.ReceiveCall]), the TwiML and the progress of calls,
// recordings, conferences, usage triggers, validations of caller IDs, fallback
// URLs, and the debugger ([Server.SetDebugger]). Which URL it is, a number, an
// application, a messaging service, a parameter or TwiML decides, as at Twilio.
// With [WithWebhooks] all URLs lead to a handler, in memory. Otherwise those on
// loopback are called, and others only if [WithWebhookHosts] says so.
// [Server.Deliveries] has them all.
//
// Webhooks come when they are due on the server's clock. [Server.Advance]
// returns when all that was due by then has been delivered, in order; a handler
// may call the API in the meantime. With a clock that runs by itself
// ([WithClock]) they are delivered in the background, several at a time, those
// about one message or call one after the other. Parameters, headers, timeouts,
// redirects, retries and connection overrides (#rc=2&rp=5xx) are Twilio's.
// [WebhookRules] has what isn't documented, [WebhookFault] what can go wrong,
// and [Outcome] how messages and calls end. [Server.WaitForChange] is for
// programs that display what happens.
//
// # TwiML
//
// For messages: Message and Redirect. For calls: Say, Play, Pause, Gather, Record,
// Dial with Number, Client, Sip, Sim, Conference and Queue, Enqueue, Leave, Hangup,
// Reject, Redirect and Sms, with their actions and callbacks, and with child calls,
// recordings, participants and members of queues. Connect lasts until somebody
// hangs up; Pay, Prompt, Refer, Start and Stop have no effect. Anything else is
// logged as Twilio's debugger does: a notification with 12200 for what TwiML
// doesn't have, 12100 and 12102 for what can't be parsed, 12300 for a wrong Content-Type,
// 11750 and 11770 for a document that is too large or empty, 11200, 11205 and
// others for a URL that fails. Without a fallback URL the call is hung up then.
//
// Say takes a second for 15 characters, Play 5 seconds, and what is said to a
// Record another 5. A call ends after its last verb, when the other side hangs up
// ([WithCallDuration], [Outcome], [Server.HangUp]), or with its TimeLimit. The
// other side doesn't hang up while a Dial has connected it with somebody else. A
// call whose TwiML is empty, or whose URL isn't called, stays open until the other
// side hangs up.
//
// # Credentials
//
// The main account's AuthToken reaches the main account and all subaccounts, an
// API key its own account, and a subaccount's AuthToken that subaccount.
// Everything else fails with 401 and code 20003, and so does every request with
// the credentials of an account that is suspended or closed, or whose main
// account is. A subaccount's credentials change no status and move no number.
// Keys created through the API are standard keys, which reach neither Accounts
// nor Keys (20003). Main keys ([Server.AddKey]) do, but see no auth_token.
//
// A suspended or closed account can't call, send, buy or verify a number (20003
// again, also with the main credentials), and receives neither messages nor
// calls. Its calls continue, and the main credentials can read it and end them.
// Closing releases its numbers and keeps its history, for 30 days if
// [WithAutoDelete] is set.
//
// # Messages
//
// A recipient whose message to a phone number says STOP ([Server.ReceiveMessage],
// or [Server.AddMessage] with the direction inbound) gets no more messages from it
// or from its messaging service, which fail with code 21610, until a message says
// START. The webhook of such a message is called as that of any other, and no
// message is sent in response. Messaging services must exist; see
// [Server.AddMessagingService]. A message to a phone number that an account has
// arrives there when it is delivered ([WebhookRules] OneWay).
//
// # Other hosts
//
// The server is also accounts.twilio.com (AuthTokens), iam.twilio.com (Keys),
// messaging.twilio.com (Services and their senders), numbers.twilio.com (bundles,
// [Server.AddBundle]) and voice.twilio.com (Settings), with edges and regions. A
// request says which host it is for in its Host header, and acts on the account
// that authenticates: there the main account's credentials reach no subaccount,
// except where a parameter names one. During a rotation both AuthTokens work, and
// the old one fails once the other is promoted. [Server.Handle] adds a host of
// your own making.
//
// # Where Twilio's behavior isn't documented
//
// The server does what is plausible, and code under test should not depend on
// it: the HTTP status of most errors is 400; date filters compare days only
// ([WithSecondGrain]); usage records of Today, Yesterday, ThisMonth and LastMonth
// are those of the account alone ([WithSubaccountsInPeriods]); lists run from the
// newest to the oldest, also those of accounts and numbers; a call that is ended
// before it was answered gets the requested status and a duration of 0; a
// transfer requires a new bundle or identity if the number has one; usage is
// counted in US dollars and leaves out other currencies; any well-formed phone
// number in the countries of the catalogue can be bought unless an account owns
// it; balance is null for subaccounts; a conference needs no second participant
// to begin; its recording names no call; a second secondary AuthToken is refused ([WithAuthTokenRules]); the
// main account's credentials manage the keys of a subaccount on iam.twilio.com;
// restricted keys may do what standard keys may;
// a queue with calls in it can't be deleted (20001); queues, streams and the like
// may share a name, and the newest stream is stopped; any SID is that of an
// installed add-on; a rejected call ends as busy or no-answer; the first event of
// a conference has the sequence number 1, and the first callback of a call 0.
//
// # What it lacks
//
// Operations that the server doesn't have, XML (paths without .json) and hosts of
// other products fail with 501 and a message that says so.
// Lists that would always be empty are empty. Webhooks aren't cached. A call to a
// phone number that an account has is answered as any other and doesn't arrive at
// that number; use [Server.ReceiveCall]. No callback
// comes for a recording that is absent, for what is said in a conference, or from
// Payments, streams and the like.
//
// # Faults
//
// [Server.Inject] makes requests go wrong, before or after their effect; see
// [Fault].
package twiliotest
