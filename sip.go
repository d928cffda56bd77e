package twilio

// A SIPService has the resources of Programmable Voice over SIP: the domains
// that receive calls, and the lists of credentials and IP addresses that say
// who may send them.
//
// A domain accepts calls once a list is mapped to it. With lists of both kinds,
// a call must come from one of the addresses and present one of the
// credentials.
//
// See https://www.twilio.com/docs/voice/api/sending-sip.
type SIPService struct {
	// Domains has the SIP domains and the lists that are mapped to them.
	Domains *SIPDomainService
	// CredentialLists has lists of user names and passwords.
	CredentialLists *SIPCredentialListService
	// IPAccessControlLists has lists of IP addresses.
	IPAccessControlLists *SIPIPAccessControlListService
}

// Error codes of the SIP resources.
const (
	CodeTooManySIPDomains               = 21230
	CodeSIPListMapped                   = 21231 // the list is mapped to the domain already; of a domain: its name isn't valid
	CodeSIPDomainNameTaken              = 21232 // by any customer of Twilio
	CodeSIPIPAccessControlListNameTaken = 21235
	CodeSIPIPAccessControlListInUse     = 21236 // it is mapped to a domain
	CodeTooManySIPIPAddresses           = 21237
	CodeTooManySIPCredentialLists       = 21239
	CodeSIPCredentialListNameTaken      = 21240
	CodeSIPCredentialListInUse          = 21241 // it is mapped to a domain
	CodeTooManySIPCredentials           = 21242
	CodeTooManySIPIPAccessControlLists  = 21255
)
