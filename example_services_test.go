package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleAccountService_Create() {
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()

	account, err := client.Accounts.Create(context.Background(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.FriendlyName, account.Status, account.Type, account.OwnerAccountSID == client.AccountSID())
	// Output: Submarine active Full true
}

func ExampleAccountService_Update() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})

	// What is nil stays as it is.
	account, err := client.Accounts.Update(ctx, customer.SID, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.FriendlyName, account.Status)

	// The main account can't be suspended, and isn't.
	_, err = client.Accounts.Update(ctx, client.AccountSID(), twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)})
	_, refused := errors.AsType[*twilio.ParamError](err)
	fmt.Println(refused)
	// Output:
	// Submarine suspended
	// true
}

// The list holds the main account too.
func ExampleAccountService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(twilio.Account{FriendlyName: "Submarine"}, twilio.Account{FriendlyName: "Lighthouse"})
	client := srv.Client()

	customers := 0
	for account, err := range client.Accounts.All(context.Background(), twilio.AccountListParams{Status: twilio.AccountStatusActive}) {
		if err != nil {
			log.Fatal(err)
		}
		if account.SID != account.OwnerAccountSID {
			customers++
		}
	}
	fmt.Println(customers)
	// Output: 2
}

func ExampleAccountService_List() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(twilio.Account{FriendlyName: "Submarine"}, twilio.Account{FriendlyName: "Lighthouse"})

	page, err := srv.Client().Accounts.List(context.Background(), twilio.AccountListParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	for _, account := range page.Items {
		fmt.Println(account.FriendlyName)
	}
	// Output: Submarine
}

// Run it again and it finds what it made.
func ExampleAccountService_Ensure() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	for range 2 {
		account, created, err := client.Accounts.Ensure(ctx, "customer-4711")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(account.FriendlyName, created)
	}
	// Output:
	// customer-4711 true
	// customer-4711 false
}

// Two accounts of one name: the one that nobody has used can be closed.
func ExampleAccountService_Duplicates() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	used := srv.AddSubaccount(twilio.Account{FriendlyName: "customer-4711"})
	srv.AddSubaccount(twilio.Account{FriendlyName: "customer-4711"})
	srv.AddMessage(used.SID, twilio.Message{Status: twilio.MessageStatusDelivered})

	_, _, err := client.Accounts.Ensure(ctx, "customer-4711")
	if e, ok := errors.AsType[*twilio.DuplicateAccountsError](err); ok {
		fmt.Println(len(e.Accounts), "accounts")
	}
	duplicates, err := client.Accounts.Duplicates(ctx, "customer-4711")
	if err != nil {
		log.Fatal(err)
	}
	for _, duplicate := range duplicates {
		fmt.Println(duplicate.Holds, duplicate.CanClose)
	}
	// Output:
	// 2 accounts
	// [messages] false
	// [] true
}

func ExampleAccountService_Suspend() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	srv.AddCall(customer.SID, twilio.Call{Status: twilio.CallStatusInProgress})

	report, err := client.Accounts.Suspend(ctx, customer.SID, twilio.SuspendParams{EndCalls: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Account.Status)
	for _, call := range report.EndedCalls {
		fmt.Println("a call is", call.Status)
	}
	// Output:
	// suspended
	// a call is completed
}

func ExampleAccountService_Activate() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{Status: twilio.AccountStatusSuspended})

	account, err := srv.Client().Accounts.Activate(context.Background(), customer.SID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.Status)
	// Output: active
}

// An account that owns phone numbers isn't closed until you say what becomes
// of them.
func ExampleAccountService_Close() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})

	_, err := client.Accounts.Close(ctx, customer.SID, twilio.CloseParams{})
	_, refused := errors.AsType[*twilio.ParamError](err)
	fmt.Println("refused:", refused)

	report, err := client.Accounts.Close(ctx, customer.SID, twilio.CloseParams{MoveNumbersTo: client.AccountSID()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Account.Status, report.MovedNumbers[0].PhoneNumber)
	// Output:
	// refused: true
	// closed +15105647903
}

// A message to every customer's operator, eight customers at a time.
func ExampleAccountService_ForEach() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddSubaccounts(make([]twilio.Account, 20)...)
	client := srv.Client()

	done := 0
	err := client.Accounts.ForEach(context.Background(),
		twilio.AccountListParams{Status: twilio.AccountStatusActive},
		twilio.ForEachParams{Concurrency: 8, Progress: func(p twilio.ForEachProgress) { done = p.Done }},
		func(ctx context.Context, sub *twilio.Client, _ *twilio.Account) error {
			_, err := sub.Messages.Create(ctx, twilio.MessageCreateParams{From: "+14158141829", To: "+16518675310", Body: "Ahoy there!"})
			return err
		})
	fmt.Println(done, err)
	// Output: 20 <nil>
}

func ExampleAccount_Credentials() {
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	account, err := client.Accounts.Create(context.Background(), twilio.AccountCreateParams{FriendlyName: "Submarine"})
	if err != nil {
		log.Fatal(err)
	}
	own := client.WithCredentials(account.Credentials())
	fmt.Println(own.AccountSID() == account.SID)
	// Output: true
}

func ExampleCallService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()

	call, err := client.Calls.Create(ctx, twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/voice",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status, call.Price.Valid)

	srv.Advance(time.Minute)
	if call, err = client.Calls.Get(ctx, call.SID); err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status, call.Price.Decimal, call.PriceUnit) // a charge is negative
	// Output:
	// queued false
	// completed -0.014 USD
}

func ExampleCallService_Update() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})

	// The call goes on with other instructions.
	call, err := srv.Client().Calls.Update(ctx, call.SID, twilio.CallUpdateParams{TwiML: new("<Response><Say>Goodbye</Say></Response>")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status)
	// Output: in-progress
}

// The afternoon of a day, exactly: from noon, and before six.
func ExampleCallService_All() {
	srv := twiliotest.NewUnstartedServer()
	for _, hour := range []int{9, 12, 15, 18} {
		srv.AddCall(srv.AccountSID, twilio.Call{
			Status: twilio.CallStatusCompleted, StartTime: time.Date(2026, 1, 14, hour, 0, 0, 0, time.UTC),
		})
	}
	for call, err := range srv.Client().Calls.All(context.Background(), twilio.CallListParams{
		StartTimeAfter:  time.Date(2026, 1, 14, 12, 0, 0, 0, time.UTC),
		StartTimeBefore: time.Date(2026, 1, 14, 18, 0, 0, 0, time.UTC),
	}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(call.StartTime)
	}
	// Output:
	// 2026-01-14 15:00:00 +0000 UTC
	// 2026-01-14 12:00:00 +0000 UTC
}

func ExampleCallService_End() {
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})

	call, err := srv.Client().Calls.End(context.Background(), call.SID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Status)
	// Output: completed
}

func ExampleCallService_EndAll() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
	srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusRinging})
	srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusCompleted})

	ended, err := srv.Client().Calls.EndAll(context.Background())
	fmt.Println(len(ended), err)
	// Output: 2 <nil>
}

// Prices in two currencies are two sums. A call without a price is counted as
// such.
func ExampleCallService_Spend() {
	srv := twiliotest.NewUnstartedServer()
	day := time.Date(2026, 1, 14, 9, 0, 0, 0, time.UTC)
	for _, charge := range []struct{ price, unit string }{{"-0.200", "USD"}, {"-0.03000", "usd"}, {"-0.100", "JPY"}} {
		srv.AddCall(srv.AccountSID, twilio.Call{
			Status: twilio.CallStatusCompleted, StartTime: day, Duration: 90,
			Price: decimal.NewNullDecimal(decimal.RequireFromString(charge.price)), PriceUnit: charge.unit,
		})
	}
	srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress, StartTime: day})

	spend, err := srv.Client().Calls.Spend(context.Background(), twilio.CallListParams{StartTime: day})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(spend.Items, "calls,", spend.Unpriced, "not priced yet,", spend.Duration)
	fmt.Println("USD", spend.Totals["USD"], "JPY", spend.Totals["JPY"])
	// Output:
	// 4 calls, 1 not priced yet, 4m30s
	// USD 0.23 JPY 0.1
}

func ExampleMessageService_Create() {
	srv := twiliotest.NewUnstartedServer()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})

	message, err := srv.Client().Subaccount(customer.SID).Messages.Create(context.Background(), twilio.MessageCreateParams{
		From: "+14158141829", To: "+16518675310", Body: "Ahoy there!",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(message.Body, message.Status, message.NumSegments)
	// Output: Ahoy there! queued 1
}

// new("") clears the text of a message. All else stays.
func ExampleMessageService_Update() {
	srv := twiliotest.NewUnstartedServer()
	message := srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusDelivered, Body: "a code, say", To: "+16518675310"})

	message, err := srv.Client().Messages.Update(context.Background(), message.SID, twilio.MessageUpdateParams{Body: new("")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q %s\n", message.Body, message.To)
	// Output: "" +16518675310
}

func ExampleMessageService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusFailed, ErrorCode: 30005, To: "+16518675310"})
	srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusDelivered, To: "+16518675310"})

	for message, err := range srv.Client().Messages.All(context.Background(), twilio.MessageListParams{To: "+16518675310"}) {
		if err != nil {
			log.Fatal(err)
		}
		if message.Status == twilio.MessageStatusFailed {
			fmt.Println("failed with", message.ErrorCode)
		}
	}
	// Output: failed with 30005
}

func ExampleMessageService_Spend() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddMessage(srv.AccountSID, twilio.Message{
		Status: twilio.MessageStatusDelivered, DateSent: srv.Now(), NumSegments: 3,
		Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.0249")), PriceUnit: "USD",
	})
	spend, err := srv.Client().Messages.Spend(context.Background(), twilio.MessageListParams{DateSent: srv.Now()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(spend.Items, spend.Segments, spend.Totals["USD"])
	// Output: 1 3 0.0249
}

// A number is searched, and then bought. Nobody reserves it in between.
func ExampleIncomingPhoneNumberService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	page, err := client.AvailablePhoneNumbers.Local.List(ctx, "US", twilio.AvailablePhoneNumberListParams{
		AreaCode: 415, SMSEnabled: new(true), Limit: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	number, err := client.IncomingPhoneNumbers.Create(ctx, twilio.IncomingPhoneNumberCreateParams{
		PhoneNumber: page.Items[0].PhoneNumber, VoiceURL: "https://example.com/voice",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.PhoneNumber[:5], number.Capabilities.SMS, number.VoiceURL)
	// Output: +1415 true https://example.com/voice
}

func ExampleIncomingPhoneNumberService_Update() {
	srv := twiliotest.NewUnstartedServer()
	number := srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{
		PhoneNumber: "+15105647903", FriendlyName: "My Company Line", VoiceURL: "https://example.com/voice",
	})
	// nil leaves alone, new("") clears.
	number, err := srv.Client().IncomingPhoneNumbers.Update(context.Background(), number.SID,
		twilio.IncomingPhoneNumberUpdateParams{VoiceURL: new("")})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q %q\n", number.FriendlyName, number.VoiceURL)
	// Output: "My Company Line" ""
}

func ExampleIncomingPhoneNumberService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+14158141829"})

	for number, err := range srv.Client().IncomingPhoneNumbers.All(context.Background(),
		twilio.IncomingPhoneNumberListParams{PhoneNumber: "+1510*"}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(number.PhoneNumber)
	}
	// Output: +15105647903
}

func ExampleIncomingPhoneNumberService_Transfer() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	number := srv.AddPhoneNumber(client.AccountSID(), twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})

	number, err := client.IncomingPhoneNumbers.Transfer(ctx, number.SID, twilio.TransferParams{To: customer.SID})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.AccountSID == customer.SID)

	_, err = client.IncomingPhoneNumbers.Get(ctx, number.SID)
	fmt.Println(errors.Is(err, twilio.ErrNotFound)) // it isn't where it was
	// Output:
	// true
	// true
}

// A number that requires an address stays, and the report says why.
func ExampleIncomingPhoneNumberService_TransferAll() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903"})
	srv.AddPhoneNumber(customer.SID, twilio.IncomingPhoneNumber{
		PhoneNumber: "+4930901820", AddressRequirements: twilio.AddressRequirementLocal,
	})

	report, err := client.Subaccount(customer.SID).IncomingPhoneNumbers.TransferAll(ctx, twilio.TransferParams{To: client.AccountSID()})
	fmt.Println(len(report.Moved), "moved,", len(report.Failed), "not:", report.Failed[0].Number.AddressRequirements, err != nil)
	// Output: 1 moved, 1 not: local true
}

func ExampleAvailablePhoneNumberService_Get() {
	country, err := twiliotest.NewUnstartedServer().Client().AvailablePhoneNumbers.Get(context.Background(), "GB")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(country.Country, country.SubresourceURIs["mobile"] != "")
	// Output: United Kingdom true
}

func ExampleAvailablePhoneNumberKindService_List() {
	page, err := twiliotest.NewUnstartedServer().Client().AvailablePhoneNumbers.TollFree.List(context.Background(), "US",
		twilio.AvailablePhoneNumberListParams{Contains: "+1800", Limit: 3})
	if err != nil {
		log.Fatal(err)
	}
	for _, number := range page.Items {
		fmt.Println(number.PhoneNumber[:5], number.Capabilities.Voice)
	}
	// Output:
	// +1800 true
	// +1800 true
	// +1800 true
}

func ExampleAddressService_Create() {
	address, err := twiliotest.NewUnstartedServer().Client().Addresses.Create(context.Background(), twilio.AddressCreateParams{
		CustomerName: "Captain Nemo", Street: "2 Hasselhoff Lane", City: "San Francisco", Region: "CA",
		PostalCode: "94109", ISOCountry: "US",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(address.CustomerName, address.City, address.ISOCountry)
	// Output: Captain Nemo San Francisco US
}

func ExampleDependentPhoneNumberService_All() {
	srv := twiliotest.NewUnstartedServer()
	address := srv.AddAddress(srv.AccountSID, twilio.Address{CustomerName: "Captain Nemo"})
	srv.AddPhoneNumber(srv.AccountSID, twilio.IncomingPhoneNumber{PhoneNumber: "+15105647903", AddressSID: address.SID})

	for number, err := range srv.Client().Addresses.DependentPhoneNumbers.All(context.Background(), address.SID,
		twilio.DependentPhoneNumberListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(number.PhoneNumber)
	}
	// Output: +15105647903
}

// The secret comes once, with the answer to the creation.
func ExampleKeyService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	customer := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})

	key, err := client.Subaccount(customer.SID).Keys.Create(ctx, twilio.KeyCreateParams{FriendlyName: "their backend"})
	if err != nil {
		log.Fatal(err)
	}
	own := client.WithCredentials(twilio.APIKey(customer.SID, key.SID, key.Secret.Reveal()))
	_, err = own.Calls.List(ctx, twilio.CallListParams{})
	fmt.Println(key.FriendlyName, key.Secret, err)
	// Output: their backend [redacted] <nil>
}

func ExampleSigningKeyService_Create() {
	key, err := twiliotest.NewUnstartedServer().Client().SigningKeys.Create(context.Background(),
		twilio.SigningKeyCreateParams{FriendlyName: "access tokens"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(key.FriendlyName, key.Secret.IsZero())
	// Output: access tokens false
}

func ExampleBalanceService_Get() {
	balance, err := twiliotest.NewUnstartedServer().Client().Balance.Get(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(balance.Balance.Valid, balance.Currency)
	// Output: true USD
}

// Twilio's own figure. Categories overlap, so ask for one.
func ExampleUsageRecordService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddUsageRecord(srv.AccountSID, twilio.UsageRecord{
		Category: twilio.UsageCategoryCallsOutbound, StartDate: time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC), Count: 12,
		Price: decimal.NewNullDecimal(decimal.RequireFromString("1.68")),
	})
	for record, err := range srv.Client().Usage.Records.All(context.Background(), twilio.UsageRecordListParams{
		Category:  twilio.UsageCategoryCalls,
		StartDate: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		EndDate:   time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC),
	}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(record.Count, record.CountUnit, record.Price.Decimal, record.PriceUnit) // positive here
	}
	// Output: 12 calls 1.68 usd
}

func ExampleUsageRecordPeriodService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddUsageRecord(srv.AccountSID, twilio.UsageRecord{
		Category: twilio.UsageCategorySMS, Count: 3, Price: decimal.NewNullDecimal(decimal.RequireFromString("0.0249")),
	})
	for record, err := range srv.Client().Usage.Records.Today.All(context.Background(),
		twilio.UsageRecordListParams{Category: twilio.UsageCategoryTotalPrice}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(record.Price.Decimal)
	}
	// Output: 0.0249
}

func ExampleUsageService_Reconcile() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddCall(srv.AccountSID, twilio.Call{
		Status: twilio.CallStatusCompleted, Direction: "outbound-api", StartTime: srv.Now().Add(-time.Hour),
		Price: decimal.NewNullDecimal(decimal.RequireFromString("-0.014")), PriceUnit: "USD",
	})
	bill, err := srv.Client().Usage.Reconcile(context.Background(), twilio.ReconcileParams{StartDate: srv.Now(), EndDate: srv.Now()})
	if err != nil {
		log.Fatal(err)
	}
	for _, line := range bill.Lines {
		if line.Kind == "calls" {
			fmt.Println(line.Items, line.Currency, line.Sum, line.Official, line.Difference)
		}
	}
	// Output: 1 USD 0.014 0.014 0
}

// A webhook at 50 dollars, each month anew.
func ExampleUsageTriggerService_Create() {
	trigger, err := twiliotest.NewUnstartedServer().Client().Usage.Triggers.Create(context.Background(), twilio.UsageTriggerCreateParams{
		UsageCategory: twilio.UsageCategoryTotalPrice, TriggerBy: twilio.UsageTriggerFieldPrice, TriggerValue: "50",
		Recurring: twilio.UsageTriggerRecurringMonthly, CallbackURL: "https://example.com/alert",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(trigger.TriggerValue.Decimal, trigger.Recurring)
	// Output: 50 monthly
}

// Twilio calls the number; its owner enters the code.
func ExampleOutgoingCallerIDService_Validate() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	request, err := client.OutgoingCallerIDs.Validate(ctx, twilio.ValidationRequestParams{PhoneNumber: "+14158675310"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(request.ValidationCode), "digits")

	srv.Advance(time.Minute)
	page, err := client.OutgoingCallerIDs.List(ctx, twilio.OutgoingCallerIDListParams{PhoneNumber: request.PhoneNumber})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(page.Items), "verified")
	// Output:
	// 6 digits
	// 1 verified
}

// Local, Mobile and TollFree take only numbers of their kind.
func ExampleIncomingPhoneNumberKindService_Create() {
	ctx := context.Background()
	client := twiliotest.NewUnstartedServer().Client()
	page, err := client.AvailablePhoneNumbers.TollFree.List(ctx, "US", twilio.AvailablePhoneNumberListParams{Limit: 1})
	if err != nil {
		log.Fatal(err)
	}
	number, err := client.IncomingPhoneNumbers.TollFree.Create(ctx, twilio.IncomingPhoneNumberCreateParams{
		PhoneNumber: page.Items[0].PhoneNumber,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(number.Status)
	// Output: in-use
}
