package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A SIP phone registers with a domain and calls through it once its credentials
// are mapped for both.
func ExampleSIPDomainService_Create() {
	ctx := context.Background()
	client := twiliotest.NewUnstartedServer().Client()
	phones, err := client.SIP.CredentialLists.Create(ctx, twilio.SIPCredentialListCreateParams{FriendlyName: "phones"})
	if err != nil {
		log.Fatal(err)
	}
	domain, err := client.SIP.Domains.Create(ctx, twilio.SIPDomainCreateParams{
		DomainName: "submarine.sip.twilio.com", VoiceURL: "https://example.com/voice", SIPRegistration: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	auth := client.SIP.Domains.Auth
	for _, mappings := range []*twilio.SIPCredentialListMappingService{
		auth.Calls.CredentialListMappings, auth.Registrations.CredentialListMappings,
	} {
		_, err := mappings.Create(ctx, domain.SID, twilio.SIPCredentialListMappingCreateParams{CredentialListSID: phones.SID})
		if err != nil {
			log.Fatal(err)
		}
	}
	if domain, err = client.SIP.Domains.Get(ctx, domain.SID); err != nil {
		log.Fatal(err)
	}
	fmt.Println(domain.DomainName, domain.AuthType)
	// Output: submarine.sip.twilio.com CREDENTIAL_LIST
}

// A second mapping of the same list is refused, which a program that runs again
// takes for success.
func ExampleSIPCredentialListMappingService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	phones := srv.AddSIPCredentialList(srv.AccountSID, twilio.SIPCredentialList{FriendlyName: "phones"})
	domain, err := client.SIP.Domains.Create(ctx, twilio.SIPDomainCreateParams{DomainName: "submarine.sip.twilio.com"})
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		_, err := client.SIP.Domains.Auth.Calls.CredentialListMappings.Create(ctx, domain.SID,
			twilio.SIPCredentialListMappingCreateParams{CredentialListSID: phones.SID})
		refused, _ := errors.AsType[*twilio.Error](err)
		fmt.Println(err == nil, refused != nil && refused.Code == twilio.CodeSIPListMapped)
	}
	// Output:
	// true false
	// false true
}

func ExampleSIPIPAccessControlListMappingService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	office := srv.AddSIPIPAccessControlList(srv.AccountSID, twilio.SIPIPAccessControlList{FriendlyName: "office"})
	domain, err := client.SIP.Domains.Create(ctx, twilio.SIPDomainCreateParams{DomainName: "submarine.sip.twilio.com"})
	if err != nil {
		log.Fatal(err)
	}
	mapping, err := client.SIP.Domains.Auth.Calls.IPAccessControlListMappings.Create(ctx, domain.SID,
		twilio.SIPIPAccessControlListMappingCreateParams{IPAccessControlListSID: office.SID})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(mapping.FriendlyName, mapping.SID == office.SID)
	// Output: office true
}

func ExampleSIPCredentialListService_Create() {
	ctx := context.Background()
	list, err := twiliotest.NewUnstartedServer().Client().SIP.CredentialLists.Create(ctx,
		twilio.SIPCredentialListCreateParams{FriendlyName: "phones"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(list.FriendlyName)
	// Output: phones
}

func ExampleSIPCredentialService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	phones := srv.AddSIPCredentialList(srv.AccountSID, twilio.SIPCredentialList{FriendlyName: "phones"})
	params := twilio.SIPCredentialCreateParams{Username: "nemo", Password: twilio.NewSecret("IWasAtSignal2018")}
	credential, err := srv.Client().SIP.CredentialLists.Credentials.Create(ctx, phones.SID, params)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(credential.Username, params)
	// Output: nemo {nemo [redacted]}
}

func ExampleSIPIPAccessControlListService_Create() {
	ctx := context.Background()
	list, err := twiliotest.NewUnstartedServer().Client().SIP.IPAccessControlLists.Create(ctx,
		twilio.SIPIPAccessControlListCreateParams{FriendlyName: "office"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(list.FriendlyName)
	// Output: office
}

func ExampleSIPIPAddressService_Create() {
	ctx := context.Background()
	srv := twiliotest.NewUnstartedServer()
	office := srv.AddSIPIPAccessControlList(srv.AccountSID, twilio.SIPIPAccessControlList{FriendlyName: "office"})
	address, err := srv.Client().SIP.IPAccessControlLists.IPAddresses.Create(ctx, office.SID,
		twilio.SIPIPAddressCreateParams{FriendlyName: "gateway", IPAddress: "192.0.2.1"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s/%d\n", address.IPAddress, address.CIDRPrefixLength)
	// Output: 192.0.2.1/32
}
