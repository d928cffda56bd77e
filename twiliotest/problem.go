package twiliotest

import (
	"fmt"
	"strconv"
)

// A problem is an error response of the API: an HTTP status and its JSON body.
type problem struct {
	Code     int    `json:"code,omitempty"`
	Message  string `json:"message"`
	MoreInfo string `json:"more_info,omitempty"`
	Status   int    `json:"status"`
}

func (p *problem) Error() string {
	return fmt.Sprintf("twiliotest: %d %d %s", p.Status, p.Code, p.Message)
}

// problems holds the HTTP status and default message of every code that the
// fake uses. Twilio documents the codes at
// https://www.twilio.com/docs/api/errors but rarely the HTTP status; where
// nothing better is known it is 400, as for nearly all of this API. Some codes
// are here only for [Fault.Code] and the magic phone numbers.
var problems = map[int]struct {
	status  int
	message string
}{
	16109: {400, "An encrypted recording has no MP3"},
	16113: {400, "The recording has one channel"},
	16020: {400, "The conference is full"},
	16022: {400, "The conference does not exist or is completed"},
	16023: {400, "The label is not valid: at most 128 characters, without a slash, and not the SID of a call"},
	16024: {400, "The label is not valid: at most 128 characters, without a slash, and not the SID of a call"},
	16025: {400, "The label belongs to another participant"},
	16026: {400, "The label belongs to another participant"},
	16027: {400, "The participant to coach is on hold"},
	16028: {400, "The participant to coach is not in the conference"},
	20001: {400, "A parameter is not valid"},
	20002: {400, "The FriendlyName is not valid: at most 64 characters"},
	20003: {401, "Authenticate"},
	20004: {405, "Method not allowed"},
	20008: {403, "This resource cannot be used with test credentials"},
	20009: {409, "The resource cannot be deleted before it is complete"},
	20404: {404, "The requested resource was not found"},
	20429: {429, "Too many concurrent requests"},
	21101: {400, "A subaccount cannot hold subaccounts"},
	21201: {400, "No 'To' number is specified"},
	21205: {400, "The Url is not valid"},
	21206: {400, "The SendDigits are not valid"},
	21210: {400, "The 'From' phone number is not verified for this account"},
	21211: {400, "The 'To' phone number is not valid"},
	21212: {400, "The 'From' phone number is not valid"},
	21213: {400, "The 'From' phone number is required"},
	21214: {400, "The 'To' phone number cannot be reached"},
	21215: {400, "The account has no international permission for this 'To' phone number"},
	21216: {400, "The account may not call this 'To' phone number"},
	21217: {400, "The 'To' phone number does not appear to be valid"},
	21218: {400, "The ApplicationSid is not valid"},
	21219: {400, "The 'To' phone number is not verified: trial accounts can only call verified numbers"},
	21220: {400, "The call is not in a state for this change"},
	21230: {400, "The account has too many SIP domains"},
	21231: {400, "Invalid Domain Name"},
	21232: {400, "The domain already exists"},
	21235: {400, "An IpAccessControlList has this FriendlyName already"},
	21236: {400, "The IpAccessControlList is mapped to a domain"},
	21237: {400, "The IpAccessControlList has too many addresses"},
	21239: {400, "The account has too many CredentialLists"},
	21240: {400, "A CredentialList has this FriendlyName already"},
	21241: {400, "The CredentialList is mapped to a domain"},
	21242: {400, "The CredentialList has too many credentials"},
	21255: {400, "The account has too many IpAccessControlLists"},
	21301: {400, "The account has too many applications"},
	21402: {400, "The Url is not valid"},
	21403: {400, "The method is not valid: GET or POST"},
	21404: {400, "A trial account can hold only one phone number"},
	21405: {400, "A VoiceFallbackUrl needs a VoiceUrl"},
	21406: {400, "An SmsFallbackUrl needs an SmsUrl"},
	21408: {400, "The account has no permission to send to the region of the 'To' number"},
	21420: {400, "The application does not belong to the account"},
	21421: {400, "The PhoneNumber is not valid"},
	21422: {400, "The PhoneNumber is not available"},
	21450: {400, "This phone number is validated for the account already"},
	21451: {400, "The AreaCode is not valid"},
	21452: {400, "No phone numbers are available in this AreaCode"},
	21470: {400, "The AccountSid is not valid"},
	21471: {400, "The account does not exist"},
	21472: {400, "The account is not active"},
	21473: {400, "The accounts are not parent and child, or children of one parent"},
	21474: {400, "Moving a phone number takes the credentials of the parent account"},
	21475: {400, "The Status is not valid"},
	21476: {400, "The parent account is suspended"},
	21477: {400, "The Status of a parent account cannot be changed"},
	21478: {400, "The account was suspended by Twilio"},
	21479: {400, "The account is closed permanently"},
	21480: {400, "The account has too many subaccounts"},
	21602: {400, "The message body is required"},
	21603: {400, "The 'From' phone number is required"},
	21604: {400, "The 'To' phone number is required"},
	21606: {400, "The 'From' phone number cannot send messages for this account"},
	21608: {400, "The 'To' number is not verified: trial accounts can only message verified numbers"},
	21609: {400, "The StatusCallback is not a valid URL"},
	21610: {400, "The recipient has unsubscribed"},
	21611: {429, "The queue of this 'From' number is full"},
	21612: {400, "The 'To' phone number cannot be reached by SMS"},
	21614: {400, "The 'To' number is not a mobile number"},
	21615: {400, "This phone number requires a local address"},
	21617: {400, "The message body is longer than 1600 characters"},
	21620: {400, "A MediaUrl is not a valid URL"},
	21623: {400, "A message can have at most 10 files"},
	21627: {400, "The address could not be used for this phone number"},
	21628: {400, "The address is not valid"},
	21631: {400, "This phone number requires an address"},
	21649: {400, "This phone number requires a bundle"},
	21650: {400, "This phone number requires an identity document"},
	21651: {400, "The identity document is not valid"},
	21701: {400, "The messaging service does not exist"},
	21705: {400, "The MessagingServiceSid is not valid"},
	21710: {400, "The sender is in the messaging service already"},
	21712: {400, "The sender is in another messaging service"},
	21714: {400, "The messaging service has too many senders"},
	22121: {400, "A hosted phone number cannot be moved"},
	30409: {409, "The message cannot be canceled: it is not scheduled"},
	70001: {400, "The FriendlyName is not valid: at most 64 characters"},
	70002: {400, "Paged requests must include a PageToken"},
}

// fail returns the problem with a code and its default message.
func fail(code int) *problem { return failf(code, "%s", problems[code].message) }

// failf returns the problem with a code and another message.
func failf(code int, format string, args ...any) *problem {
	return &problem{
		Code:     code,
		Message:  fmt.Sprintf(format, args...),
		MoreInfo: "https://www.twilio.com/docs/errors/" + strconv.Itoa(code),
		Status:   problems[code].status,
	}
}
