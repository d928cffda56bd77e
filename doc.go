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
// Get, Update, Delete, List, All and Resume where the API has them. Workflows
// are built from these verbs. You can run each again after any error, and it
// finishes the job; only [IncomingPhoneNumberService.Buy] buys another number.
//
// # By task
//
//   - Sign up a customer: [AccountService.Provision] sets up everything, or
//     [AccountService.Ensure] the subaccount alone,
//     [IncomingPhoneNumberService.Buy] a phone number and
//     [UsageTriggerService.Ensure] an alert at an amount.
//   - Send and call: [MessageService.Create], [CallService.Create],
//     [ParticipantService.Create].
//   - Bill a customer: [UsageService.Bill]. [CallService.Spend] and
//     [MessageService.Spend] add up prices, [UsageService.Reconcile] compares
//     them with Twilio's figures.
//   - Suspend and reactivate: [AccountService.Suspend],
//     [AccountService.Activate], [CallService.EndAll].
//   - Move phone numbers: [IncomingPhoneNumberService.Transfer],
//     [IncomingPhoneNumberService.TransferAll].
//   - Replace credentials: [AccountService.RotateAuthToken],
//     [KeyService.Rotate].
//   - Download files: [RecordingService.Media], [MediaService.Download].
//   - Delete a customer's data: [MessageService.Erase],
//     [RecordingService.Erase].
//   - Close an account: [AccountService.Close].
//   - Work on all customers: [AccountService.ForEach], and the module [fleet]
//     for runs that outlive a process.
//   - Resolve accounts of the same name: [AccountService.Duplicates].
//   - Receive webhooks: package [webhook].
//   - Test without Twilio: package [twiliotest], an in-memory Twilio.
//   - Use what has no type here: [Client.Do], and [All] for lists, on every
//     host of Twilio's.
//
// # Parameters
//
// In parameters for Create and List the zero value is omitted. In those for
// Update every field is a pointer: nil leaves the value unchanged, new("")
// clears it. Go's new takes a value: new("Submarine").
//
// # Accounts and credentials
//
// A Client has one set of credentials and acts on one account.
// [Client.Subaccount] returns a copy that acts on another account with the same
// credentials, [Client.WithCredentials] one with other credentials. Copies
// share connections and limits and never change the client that they were made
// from, so any number of goroutines can use any number of them. Client.Accounts
// always acts on the credentials' own account, whichever subaccount is
// selected.
//
//	credentials                   reach
//	main account's AuthToken      the main account and all its subaccounts
//	subaccount's AuthToken        that subaccount; it can't change an account's status or move a phone number
//	API key                       the account that it belongs to, never a subaccount of that
//
// On the hosts of Twilio's other products, such as studio.twilio.com, all
// credentials act on their own account: there the main account's AuthToken
// doesn't reach a subaccount. The client refuses what these rules exclude
// before anything is sent, as far as it can know: a main account's key on a
// subaccount, the main account's credentials for a subaccount on another host,
// suspending or closing the main account, a SID of the wrong kind.
//
// AuthTokens and the secrets of keys are of type [Secret]. Printing, logging or
// marshalling them, or anything that contains them, shows no secret; only
// [Secret.Reveal] returns the text. [NewSecret] and [Secret.Scan] make Secrets
// from stored text.
//
// # Lists
//
// All iterates over a list and fetches pages as they are needed. It ends after
// the first error that isn't a [*DecodeError]; you keep the items that it
// yielded before. List returns the first [Page], Next the page after it, and
// [Page.All] iterates over the rest of the list.
//
// A cursor is a position in a list, as a string that outlives the process:
// [Page.Cursor] is that of the page after this one, and the Cursor of an error
// that of the page that failed. Resume continues there.
//
//	for call, err := range sub.Calls.All(ctx, twilio.CallListParams{StartTimeAfter: from, StartTimeBefore: to}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(call.SID, call.StartTime, call.Price.Decimal, call.PriceUnit)
//	}
//
// Date ranges are half-open, [After, Before), and exact to the second: Twilio
// may filter by whole days (UTC), and the client drops what lies outside.
// [WithLookahead] and [WithParallelism] save time at the cost of memory and
// requests.
//
// # Errors
//
// Every error of a method that makes requests is, or wraps, one of four:
//
//	*Error             Twilio responded with anything but success, be it JSON, XML, HTML or nothing at all
//	*TransportError    there was no complete response, or a success without the resource
//	*DecodeError       beside a resource with a price that can't be read, or in place of an item that can't be read
//	*ParamError        the client refused the request, and didn't send it
//
// Workflows that process many items join one error for each that failed;
// [AccountService.ForEach] returns a [*ForEachError].
// [errors.AsType] finds the types, and [errors.Is] finds [ErrUnauthorized],
// [ErrForbidden], [ErrNotFound], [ErrRateLimited], [ErrOutcomeUnknown], and the
// cause of a TransportError, such as [context.DeadlineExceeded]. The Code
// constants are Twilio's own codes.
//
//	if e, ok := errors.AsType[*twilio.Error](err); ok && e.Code == twilio.CodeSubaccountClosed {
//
// The text of these errors contains no credential, query or body. Twilio's own
// message is included unchanged and may quote a phone number; LogValue omits
// it, also for joined errors.
//
// # Responses that make no sense in part
//
// Responses are read leniently: strings, numbers, null, "" and missing members
// are all understood. A field that still makes no sense, such as a duration
// that isn't a number, is left zero, and everything else is read:
//
//	what can't be read                             one resource                    in a list
//	a field                                        the resource, no error          the item, no error
//	a price or a currency                          the resource and *DecodeError   the item and *DecodeError
//	a date that a range of the list is about                                       the item and *DecodeError
//	the SID, all of it, or it is something else    *TransportError                 *DecodeError in place of the item
//	the list                                                                       *TransportError
//
// [ResponseMeta].Unreadable and [Page].Unreadable have the fields, and
// [WithLogger] logs them as a warning. After a DecodeError All continues with
// the next item if its caller does; List returns the page with the error.
// Workflows and bills stop: a price that can't be read must not count as zero.
// [Client.Do] can't know what a field means, so each is a DecodeError there.
//
// encoding/json can read every resource too, from Twilio's JSON and from the
// output of json.Marshal. A struct that embeds a resource inherits its
// UnmarshalJSON, which ignores the struct's other fields: use a named field
// instead.
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
//	timeout, reset, incomplete response          yes            yes      never
//	everything else, other codes of 429 too      never          never    never
//
// Updates set absolute values, so they can be retried, except for actions,
// which count as creates: a call that is redirected, and an announcement to a
// conference or a participant. If the response to an attempt was lost, a delete
// that then finds nothing has succeeded, and an update that is then refused
// succeeds if the account, call, message, conference, participant or phone
// number turns out to have the values that were sent.
//
// The error of a create that may have taken effect matches [ErrOutcomeUnknown]:
// check before you retry. So does a success without the resource.
// [WithIdempotent] lets a request be retried where you know that this is safe.
//
// There are 3 retries ([WithMaxRetries], [WithRequestRetries]). Each waits for
// what a Retry-After header asks for, and then for a random time below a bound
// that begins at 500 ms and doubles up to 10 s ([WithRetryWait]). The client
// doesn't wait for a Retry-After beyond that bound: it returns the error, with
// [Error].RetryAfter. An attempt may take 31 s, including reading its response
// ([WithTimeout], [WithRequestTimeout]). The context ends everything, waits
// included. Redirects are never followed, except those of a download.
//
// # Observability
//
// [WithLogger] logs a line for each attempt, [WithResponseInto] returns the
// request's ID, its attempts and Twilio's headers, and [WithRateLimiter] delays
// requests. [WithTransport] wraps a RoundTripper around the connections, for
// tracing and metrics; [RequestFromContext] tells it the operation, the account
// and the attempt.
//
// # Money and dates
//
// Prices are exact decimals. They are null until Twilio has priced the item,
// and negative for charges, as Twilio sends them; those of usage records are
// positive. The price of a call is the charge for the whole call: don't
// multiply it by the duration. PriceUnit may differ from item to item, so never
// add across currencies. [CallService.Spend] and [MessageService.Spend] add up
// each currency on its own and turn charges positive. [UsageService.Bill] has
// everything that Twilio charges for.
//
// Dates are in UTC, to the second, and zero where Twilio has none. Durations
// are whole numbers in the unit that the field's documentation states.
//
// See https://www.twilio.com/docs/iam/api/subaccounts for subaccounts,
// https://www.twilio.com/docs/usage/api for the API and
// https://www.twilio.com/docs/api/errors for its codes.
//
// [fleet]: https://pkg.go.dev/github.com/twilio-subaccounts/twilio-subaccounts-go/fleet
// [twiliotest]: https://pkg.go.dev/github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest
// [webhook]: https://pkg.go.dev/github.com/twilio-subaccounts/twilio-subaccounts-go/webhook
package twilio
