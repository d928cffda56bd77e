package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"

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

	// A nil field leaves its value unchanged.
	account, err := client.Accounts.Update(ctx, customer.SID, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(account.FriendlyName, account.Status)

	// The main account can't be suspended; the client refuses.
	_, err = client.Accounts.Update(ctx, client.AccountSID(), twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)})
	_, refused := errors.AsType[*twilio.ParamError](err)
	fmt.Println(refused)
	// Output:
	// Submarine suspended
	// true
}

// The list includes the main account.
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

// Whatever stops it, run it again: it creates only what is missing.
func ExampleAccountService_Provision() {
	ctx := context.Background()
	client := twiliotest.NewUnstartedServer().Client()
	vault := map[string]twilio.Credentials{}
	params := twilio.ProvisionParams{
		FriendlyName: "customer-4711",
		Key:          &twilio.KeyCreateParams{FriendlyName: "backend"},
		SaveKey: func(_ context.Context, accountSID string, key *twilio.Key) error {
			vault[accountSID] = twilio.APIKey(accountSID, key.SID, key.Secret.Reveal())
			return nil
		},
		Trigger: &twilio.UsageTriggerCreateParams{
			FriendlyName: "50 dollars a month", CallbackURL: "https://example.com/alert",
			UsageCategory: twilio.UsageCategoryTotalPrice, TriggerBy: twilio.UsageTriggerFieldPrice, TriggerValue: "50",
			Recurring: twilio.UsageTriggerRecurringMonthly,
		},
		Number: &twilio.BuyParams{
			Country: "US",
			Search:  twilio.AvailablePhoneNumberListParams{SMSEnabled: new(true)},
			Number: twilio.IncomingPhoneNumberCreateParams{
				FriendlyName: "main line", VoiceURL: "https://example.com/voice", SMSURL: "https://example.com/sms",
			},
		},
	}
	for range 2 {
		report, err := client.Accounts.Provision(ctx, params)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(report.Account.FriendlyName, report.Key.FriendlyName, report.Trigger.FriendlyName, report.Number.VoiceURL)
		fmt.Printf("%+v\n", report.Created)
	}
	// Output:
	// customer-4711 backend 50 dollars a month https://example.com/voice
	// {Account:true Key:true Address:false Trigger:true Number:true}
	// customer-4711 backend 50 dollars a month https://example.com/voice
	// {Account:false Key:false Address:false Trigger:false Number:false}
}

// The second run finds the account that the first created.
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

// Of two accounts with one name, the unused one can be closed.
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

// An account that owns phone numbers isn't closed until you say what to do with
// them.
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
