// Package twilio is a client for Twilio's REST API (2010-04-01), made for
// companies that assign each of their customers a subaccount: to provision it,
// act in it, bill it, suspend it, move its phone numbers and close it.
//
//	client, err := twilio.NewClient(twilio.AuthToken(accountSID, authToken))
//	acct, err := client.Accounts.Create(ctx, twilio.AccountCreateParams{FriendlyName: "Submarine"})
//	sub := client.Subaccount(acct.SID)
//	call, err := sub.Calls.Create(ctx, twilio.CallCreateParams{From: from, To: to, URL: url})
//
// Each resource of the API is a service of [Client], with the verbs Create,
// Get, Update, Delete, List, All and Resume where the API has them, and workflows
// that are built from these: [AccountService.Ensure], [AccountService.Suspend],
// [AccountService.Close], [AccountService.ForEach],
// [IncomingPhoneNumberService.Transfer], [CallService.EndAll],
// [CallService.Spend] and others. [Client.Do] makes requests that have no type
// here yet, in the same way.
//
// In parameters for Create and List the zero value is left out. In those for
// Update every field is a pointer: nil leaves alone, new("") clears. Package
// twiliotest, beside this one, is an in-memory Twilio to test programs against.
//
// # Accounts and credentials
//
// A Client has one set of credentials and acts on one account.
// [Client.Subaccount] returns a copy that acts on another account with the same
// credentials, [Client.WithCredentials] one that has other credentials. Copies
// share connections and change nothing of the client that they came from, so
// that any number of goroutines can use any number of them. Client.Accounts
// always acts on the credentials' own account, whatever subaccount is chosen.
//
//	credentials                   reach
//	main account's AuthToken      the main account and all its subaccounts
//	subaccount's AuthToken        that subaccount; they change no account's status and move no phone number
//	API key                       the account that it was made in, never a subaccount of that
//
// This holds for this API. Those on hosts of their own, such as
// studio.twilio.com, take a subaccount's own credentials only. What these rules
// rule out is refused here, before anything is sent, where it can be known: a
// key on a subaccount, suspending or closing the main account, a SID of the
// wrong kind.
//
// AuthTokens and the secrets of keys are of type [Secret]. Printing, logging or
// marshalling them, or anything that holds them, shows no secret;
// [Secret.Reveal] does.
//
// # Lists
//
// All iterates over a list and fetches pages as they are needed; it ends after
// the first error but a [*DecodeError], and yields it. What was read before it is
// the caller's to keep. List returns the first [Page], whose Next has the one
// after it.
//
// A cursor is a position in a list, as a string that outlives the process:
// [Page.Cursor] is the page after this one, and the Cursor of an error is the page
// that failed. Resume continues from there.
//
//	for call, err := range sub.Calls.All(ctx, twilio.CallListParams{StartTimeAfter: from, StartTimeBefore: to}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(call.SID, call.StartTime, call.Price.Decimal, call.PriceUnit)
//	}
//
// Ranges of dates are half-open, [After, Before), and exact to the second:
// Twilio filters by whole days (UTC), and what lies outside is dropped here.
// [WithLookahead] and [WithParallelism] trade memory and requests for time.
//
// # Errors
//
// Every error of a method that makes requests is, or wraps, one of four:
//
//	*Error             Twilio responded with anything but success, be it JSON, XML, HTML or nothing at all
//	*TransportError    no whole response came, or a success without the resource
//	*DecodeError       the resource came, with a price that can't be read; or an item of a list can't be read
//	*ParamError        it was refused here, and nothing was sent
//
// Workflows that work on many things join one error for each that failed.
// [errors.AsType] finds the types, and [errors.Is] finds [ErrUnauthorized],
// [ErrForbidden], [ErrNotFound], [ErrRateLimited], [ErrOutcomeUnknown], and the
// cause of a TransportError, such as [context.DeadlineExceeded]. The Code
// constants are Twilio's own codes.
//
//	if e, ok := errors.AsType[*twilio.Error](err); ok && e.Code == twilio.CodeSubaccountClosed {
//
// No text of these errors holds a credential, a query or a body. Twilio's own
// message, which is passed on as it came, may quote a phone number; the errors'
// LogValue leaves it out, also where errors are joined.
//
// # Responses that make no sense in part
//
// A response is read leniently: strings, numbers, null, "" and members that are
// missing are all understood. A field that still makes no sense, such as a
// duration of letters, is left zero, and everything else is read:
//
//	what can't be read                             one resource                    in a list
//	a field                                        the resource, no error          the item, no error
//	a price or a currency                          the resource and *DecodeError   the item and *DecodeError
//	a date that a range of the list is about                                       the item and *DecodeError
//	the SID, all of it, or it is something else    *TransportError                 *DecodeError in place of the item
//	the list                                                                       *TransportError
//
// [ResponseMeta].Unreadable and [Page].Unreadable have the fields, and [WithLogger]
// logs them as a warning. After a DecodeError All goes on with the next item if
// its caller does; List returns the page beside it. Workflows and bills stop: a
// price that can't be read is never a zero. [Client.Do] can't know what a field is
// for, so that each is a DecodeError there.
//
// Every resource can be read by encoding/json as well, from Twilio's JSON and from
// what json.Marshal has made of it. A struct that has a resource embedded inherits
// its UnmarshalJSON, which knows no other fields: make it a field with a name.
//
// # Retries
//
// Few of Twilio's resources have idempotency keys: payments and user-defined
// messages, whose creates with a key count as updates. So a request is retried
// only if it was certainly not processed, or if doing it twice is the same as
// doing it once:
//
//	what happened                                read, delete   update   create
//	429 with code 20429 or without a code        yes            yes      yes
//	no connection was made (DNS, dial, TLS)      yes            yes      yes
//	500, 502, 503, 504                           yes            yes      never
//	time-out, reset, response that breaks off    yes            yes      never
//	all else, 429 with another code included     never          never    never
//
// Updates set absolute values, so that they can be retried, except for one that
// sends a call on to other instructions: it counts as a create. Where the
// response to an attempt was lost, a delete that then finds nothing has
// succeeded, and a change of the status of an account, call or message, or of a
// phone number's account, that is then refused looks whether it took effect.
//
// A create that may or may not have taken effect returns an error that is
// [ErrOutcomeUnknown]: look before you retry it. So does one whose success
// doesn't have the resource. [WithIdempotent] lets one request be retried, where
// the caller knows better.
//
// There are 3 retries ([WithMaxRetries]). Each waits for a random time below a
// bound that begins at 500 ms and doubles up to 10 s ([WithRetryWait]), after
// what a Retry-After header asks for. A longer Retry-After than that is not
// waited for: it is returned as [Error].RetryAfter. An attempt, the reading of
// its response included, may take 31 s ([WithTimeout]). The context ends
// everything, waits included. Redirects are never followed.
//
// # Observability
//
// [WithLogger] logs a line for each attempt, [WithResponseInto] returns the
// request's ID, its attempts and Twilio's headers, and [WithRateLimiter] holds
// requests back. Tracing comes in through [WithHTTPClient]:
// [OperationFromContext] names the operation to the RoundTripper.
//
// # Money and dates
//
// Prices are exact decimals, not valid until Twilio has priced the item, and
// negative for charges, as Twilio sends them; those of usage records are
// positive. The price of a call is the charge for the whole call: don't
// multiply it by the duration. PriceUnit may differ from item to item, so never
// add across currencies. [CallService.Spend] and [MessageService.Spend] add up,
// in each currency by itself, and turn charges positive.
//
// Dates are in UTC, to the second, and zero where Twilio has none. Durations
// are whole numbers in the unit that the field's documentation states.
//
// See https://www.twilio.com/docs/iam/api/subaccounts for subaccounts,
// https://www.twilio.com/docs/usage/api for the API and
// https://www.twilio.com/docs/api/errors for its codes.
package twilio
