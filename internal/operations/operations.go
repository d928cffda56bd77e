// Package operations is the table of the API operations that the library
// covers, and what tests need to call them by reflection. It is for tests only:
// nothing else may import it.
package operations

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// An Operation is one operation of the API and the method that calls it.
type Operation struct {
	ID string // in Twilio's specification

	// Request is the HTTP method and the path, under the account unless it begins
	// with /Accounts, or the URL of one on the host of another product. A
	// placeholder names the argument that fills it and says what may stand there,
	// as in the library's routes: a SID with one of the prefixes (SM|MM), a
	// country (ISO), or any text (*).
	Request string

	Name   string // in errors and logs
	Method string // of the client: "Usage.Triggers.Get"

	// Prepare puts two of what the operation works on into the fake's main
	// account and returns all SIDs on the path to the first, outermost first.
	// An operation takes as many of them as its path has placeholders. It is
	// nil where the operation needs nothing.
	Prepare func(srv *twiliotest.Server) []string

	// Params are parameters that the operation succeeds with after Prepare. It
	// is nil where it succeeds without any.
	Params any
}

// All has every operation that the library covers. A new operation is a new row of
// api or, on a host of its own, of products.
var All = slices.Concat(api, products)

// api has the operations of 2010-04-01.
var api = []Operation{
	{"CreateAccount", "POST /Accounts", "accounts.create", "Accounts.Create", subaccounts, twilio.AccountCreateParams{FriendlyName: "new"}},
	{"FetchAccount", "GET /Accounts/{sid:AC}", "accounts.get", "Accounts.Get", subaccounts, nil},
	{"UpdateAccount", "POST /Accounts/{sid:AC}", "accounts.update", "Accounts.Update", subaccounts, twilio.AccountUpdateParams{Status: new(twilio.AccountStatusSuspended)}},
	{"ListAccount", "GET /Accounts", "accounts.list", "Accounts.List", subaccounts, nil},

	{"CreateAddress", "POST /Addresses", "addresses.create", "Addresses.Create", addresses, newAddress},
	{"FetchAddress", "GET /Addresses/{sid:AD}", "addresses.get", "Addresses.Get", addresses, nil},
	{"UpdateAddress", "POST /Addresses/{sid:AD}", "addresses.update", "Addresses.Update", addresses, twilio.AddressUpdateParams{CustomerName: new("new")}},
	{"DeleteAddress", "DELETE /Addresses/{sid:AD}", "addresses.delete", "Addresses.Delete", addresses, nil},
	{"ListAddress", "GET /Addresses", "addresses.list", "Addresses.List", addresses, nil},
	{"ListDependentPhoneNumber", "GET /Addresses/{addressSID:AD}/DependentPhoneNumbers", "addresses.dependent_phone_numbers.list", "Addresses.DependentPhoneNumbers.List", addressWithNumbers, nil},

	{"CreateApplication", "POST /Applications", "applications.create", "Applications.Create", applications, twilio.ApplicationCreateParams{FriendlyName: "new"}},
	{"FetchApplication", "GET /Applications/{sid:AP}", "applications.get", "Applications.Get", applications, nil},
	{"UpdateApplication", "POST /Applications/{sid:AP}", "applications.update", "Applications.Update", applications, twilio.ApplicationUpdateParams{VoiceURL: new("")}},
	{"DeleteApplication", "DELETE /Applications/{sid:AP}", "applications.delete", "Applications.Delete", applications, nil},
	{"ListApplication", "GET /Applications", "applications.list", "Applications.List", applications, nil},

	{"FetchAuthorizedConnectApp", "GET /AuthorizedConnectApps/{connectAppSID:CN}", "authorized_connect_apps.get", "AuthorizedConnectApps.Get", authorizedConnectApps, nil},
	{"ListAuthorizedConnectApp", "GET /AuthorizedConnectApps", "authorized_connect_apps.list", "AuthorizedConnectApps.List", authorizedConnectApps, nil},

	{"FetchAvailablePhoneNumberCountry", "GET /AvailablePhoneNumbers/{country:ISO}", "available_phone_numbers.get", "AvailablePhoneNumbers.Get", country("US"), nil},
	{"ListAvailablePhoneNumberCountry", "GET /AvailablePhoneNumbers", "available_phone_numbers.list", "AvailablePhoneNumbers.List", country("US"), nil},
	{"ListAvailablePhoneNumberLocal", "GET /AvailablePhoneNumbers/{country:ISO}/Local", "available_phone_numbers.local.list", "AvailablePhoneNumbers.Local.List", country("US"), nil},
	{"ListAvailablePhoneNumberMachineToMachine", "GET /AvailablePhoneNumbers/{country:ISO}/MachineToMachine", "available_phone_numbers.machine_to_machine.list", "AvailablePhoneNumbers.MachineToMachine.List", country("NO"), nil},
	{"ListAvailablePhoneNumberMobile", "GET /AvailablePhoneNumbers/{country:ISO}/Mobile", "available_phone_numbers.mobile.list", "AvailablePhoneNumbers.Mobile.List", country("GB"), nil},
	{"ListAvailablePhoneNumberNational", "GET /AvailablePhoneNumbers/{country:ISO}/National", "available_phone_numbers.national.list", "AvailablePhoneNumbers.National.List", country("GB"), nil},
	{"ListAvailablePhoneNumberSharedCost", "GET /AvailablePhoneNumbers/{country:ISO}/SharedCost", "available_phone_numbers.shared_cost.list", "AvailablePhoneNumbers.SharedCost.List", country("GB"), nil},
	{"ListAvailablePhoneNumberTollFree", "GET /AvailablePhoneNumbers/{country:ISO}/TollFree", "available_phone_numbers.toll_free.list", "AvailablePhoneNumbers.TollFree.List", country("US"), nil},
	{"ListAvailablePhoneNumberVoip", "GET /AvailablePhoneNumbers/{country:ISO}/Voip", "available_phone_numbers.voip.list", "AvailablePhoneNumbers.Voip.List", country("JP"), nil},

	{"FetchBalance", "GET /Balance", "balance.get", "Balance.Get", nil, nil},

	{"CreateCall", "POST /Calls", "calls.create", "Calls.Create", calls, twilio.CallCreateParams{From: fromPhone, To: toPhone, URL: "https://example.com/twiml"}},
	{"FetchCall", "GET /Calls/{sid:CA}", "calls.get", "Calls.Get", calls, nil},
	{"UpdateCall", "POST /Calls/{sid:CA}", "calls.update", "Calls.Update", calls, twilio.CallUpdateParams{Status: new(twilio.CallStatusCompleted)}},
	{"DeleteCall", "DELETE /Calls/{sid:CA}", "calls.delete", "Calls.Delete", endedCalls, nil},
	{"ListCall", "GET /Calls", "calls.list", "Calls.List", calls, nil},
	{"ListCallEvent", "GET /Calls/{callSID:CA}/Events", "calls.events.list", "Calls.Events.List", callWithEvents, nil},
	{"FetchCallNotification", "GET /Calls/{callSID:CA}/Notifications/{sid:NO}", "calls.notifications.get", "Calls.Notifications.Get", callNotifications, nil},
	{"ListCallNotification", "GET /Calls/{callSID:CA}/Notifications", "calls.notifications.list", "Calls.Notifications.List", callNotifications, nil},
	{"CreatePayments", "POST /Calls/{callSID:CA}/Payments", "calls.payments.create", "Calls.Payments.Create", calls, newPayment},
	{"UpdatePayments", "POST /Calls/{callSID:CA}/Payments/{sid:PK}", "calls.payments.update", "Calls.Payments.Update", payments, twilio.PaymentUpdateParams{IdempotencyKey: new("2"), StatusCallback: new("https://example.com/"), Status: new(twilio.PaymentStatusComplete)}},
	{"CreateSiprec", "POST /Calls/{callSID:CA}/Siprec", "calls.siprec.create", "Calls.Siprec.Create", calls, nil},
	{"UpdateSiprec", "POST /Calls/{callSID:CA}/Siprec/{sidOrName:*}", "calls.siprec.update", "Calls.Siprec.Update", siprecSessions, twilio.SiprecUpdateParams{Status: new(twilio.SiprecStatusStopped)}},
	{"CreateStream", "POST /Calls/{callSID:CA}/Streams", "calls.streams.create", "Calls.Streams.Create", calls, newStream},
	{"UpdateStream", "POST /Calls/{callSID:CA}/Streams/{sidOrName:*}", "calls.streams.update", "Calls.Streams.Update", streams, twilio.StreamUpdateParams{Status: new(twilio.StreamStatusStopped)}},
	{"CreateRealtimeTranscription", "POST /Calls/{callSID:CA}/Transcriptions", "calls.transcriptions.create", "Calls.Transcriptions.Create", calls, nil},
	{"UpdateRealtimeTranscription", "POST /Calls/{callSID:CA}/Transcriptions/{sidOrName:*}", "calls.transcriptions.update", "Calls.Transcriptions.Update", realtimeTranscriptions, twilio.RealtimeTranscriptionUpdateParams{Status: new(twilio.RealtimeTranscriptionStatusStopped)}},
	{"CreateUserDefinedMessage", "POST /Calls/{callSID:CA}/UserDefinedMessages", "calls.user_defined_messages.create", "Calls.UserDefinedMessages.Create", calls, twilio.UserDefinedMessageCreateParams{Content: "{}"}},
	{"CreateUserDefinedMessageSubscription", "POST /Calls/{callSID:CA}/UserDefinedMessageSubscriptions", "calls.user_defined_message_subscriptions.create", "Calls.UserDefinedMessageSubscriptions.Create", calls, newSubscription},
	{"DeleteUserDefinedMessageSubscription", "DELETE /Calls/{callSID:CA}/UserDefinedMessageSubscriptions/{sid:ZY}", "calls.user_defined_message_subscriptions.delete", "Calls.UserDefinedMessageSubscriptions.Delete", subscriptions, nil},

	{"CreateCallRecording", "POST /Calls/{callSID:CA}/Recordings", "calls.recordings.create", "Calls.Recordings.Create", callRecordings, nil},
	{"FetchCallRecording", "GET /Calls/{callSID:CA}/Recordings/{sid:RE}", "calls.recordings.get", "Calls.Recordings.Get", callRecordings, nil},
	{"UpdateCallRecording", "POST /Calls/{callSID:CA}/Recordings/{sid:*}", "calls.recordings.update", "Calls.Recordings.Update", runningRecordings, twilio.RecordingUpdateParams{Status: new(twilio.RecordingStatusStopped)}},
	{"DeleteCallRecording", "DELETE /Calls/{callSID:CA}/Recordings/{sid:RE}", "calls.recordings.delete", "Calls.Recordings.Delete", callRecordings, nil},
	{"ListCallRecording", "GET /Calls/{callSID:CA}/Recordings", "calls.recordings.list", "Calls.Recordings.List", callRecordings, nil},

	{"FetchConference", "GET /Conferences/{sid:CF}", "conferences.get", "Conferences.Get", conferences, nil},
	{"UpdateConference", "POST /Conferences/{sid:CF}", "conferences.update", "Conferences.Update", conferences, twilio.ConferenceUpdateParams{Status: new(twilio.ConferenceStatusCompleted)}},
	{"ListConference", "GET /Conferences", "conferences.list", "Conferences.List", conferences, nil},
	{"FetchConferenceRecording", "GET /Conferences/{conferenceSID:CF}/Recordings/{sid:RE}", "conferences.recordings.get", "Conferences.Recordings.Get", conferenceRecordings, nil},
	{"UpdateConferenceRecording", "POST /Conferences/{conferenceSID:CF}/Recordings/{sid:*}", "conferences.recordings.update", "Conferences.Recordings.Update", runningConferenceRecordings, twilio.RecordingUpdateParams{Status: new(twilio.RecordingStatusPaused)}},
	{"DeleteConferenceRecording", "DELETE /Conferences/{conferenceSID:CF}/Recordings/{sid:RE}", "conferences.recordings.delete", "Conferences.Recordings.Delete", conferenceRecordings, nil},
	{"ListConferenceRecording", "GET /Conferences/{conferenceSID:CF}/Recordings", "conferences.recordings.list", "Conferences.Recordings.List", conferenceRecordings, nil},
	{"CreateParticipant", "POST /Conferences/{conference:*}/Participants", "conferences.participants.create", "Conferences.Participants.Create", participants, newParticipant},
	{"FetchParticipant", "GET /Conferences/{conferenceSID:CF}/Participants/{callSID:*}", "conferences.participants.get", "Conferences.Participants.Get", participants, nil},
	{"UpdateParticipant", "POST /Conferences/{conferenceSID:CF}/Participants/{callSID:*}", "conferences.participants.update", "Conferences.Participants.Update", participants, twilio.ParticipantUpdateParams{Muted: new(true)}},
	{"DeleteParticipant", "DELETE /Conferences/{conferenceSID:CF}/Participants/{callSID:*}", "conferences.participants.delete", "Conferences.Participants.Delete", participants, nil},
	{"ListParticipant", "GET /Conferences/{conferenceSID:CF}/Participants", "conferences.participants.list", "Conferences.Participants.List", participants, nil},

	{"FetchConnectApp", "GET /ConnectApps/{sid:CN}", "connect_apps.get", "ConnectApps.Get", connectApps, nil},
	{"UpdateConnectApp", "POST /ConnectApps/{sid:CN}", "connect_apps.update", "ConnectApps.Update", connectApps, twilio.ConnectAppUpdateParams{CompanyName: new("new")}},
	{"DeleteConnectApp", "DELETE /ConnectApps/{sid:CN}", "connect_apps.delete", "ConnectApps.Delete", connectApps, nil},
	{"ListConnectApp", "GET /ConnectApps", "connect_apps.list", "ConnectApps.List", connectApps, nil},

	{"CreateIncomingPhoneNumber", "POST /IncomingPhoneNumbers", "incoming_phone_numbers.create", "IncomingPhoneNumbers.Create", phoneNumbers, twilio.IncomingPhoneNumberCreateParams{AreaCode: "415"}},
	{"FetchIncomingPhoneNumber", "GET /IncomingPhoneNumbers/{sid:PN}", "incoming_phone_numbers.get", "IncomingPhoneNumbers.Get", phoneNumbers, nil},
	{"UpdateIncomingPhoneNumber", "POST /IncomingPhoneNumbers/{sid:PN}", "incoming_phone_numbers.update", "IncomingPhoneNumbers.Update", phoneNumbers, twilio.IncomingPhoneNumberUpdateParams{FriendlyName: new("new")}},
	{"DeleteIncomingPhoneNumber", "DELETE /IncomingPhoneNumbers/{sid:PN}", "incoming_phone_numbers.delete", "IncomingPhoneNumbers.Delete", phoneNumbers, nil},
	{"ListIncomingPhoneNumber", "GET /IncomingPhoneNumbers", "incoming_phone_numbers.list", "IncomingPhoneNumbers.List", phoneNumbers, nil},
	{"CreateIncomingPhoneNumberAssignedAddOn", "POST /IncomingPhoneNumbers/{phoneNumberSID:PN}/AssignedAddOns", "incoming_phone_numbers.assigned_add_ons.create", "IncomingPhoneNumbers.AssignedAddOns.Create", phoneNumbers, newAddOn},
	{"FetchIncomingPhoneNumberAssignedAddOn", "GET /IncomingPhoneNumbers/{phoneNumberSID:PN}/AssignedAddOns/{sid:XE}", "incoming_phone_numbers.assigned_add_ons.get", "IncomingPhoneNumbers.AssignedAddOns.Get", addOns, nil},
	{"DeleteIncomingPhoneNumberAssignedAddOn", "DELETE /IncomingPhoneNumbers/{phoneNumberSID:PN}/AssignedAddOns/{sid:XE}", "incoming_phone_numbers.assigned_add_ons.delete", "IncomingPhoneNumbers.AssignedAddOns.Delete", addOns, nil},
	{"ListIncomingPhoneNumberAssignedAddOn", "GET /IncomingPhoneNumbers/{phoneNumberSID:PN}/AssignedAddOns", "incoming_phone_numbers.assigned_add_ons.list", "IncomingPhoneNumbers.AssignedAddOns.List", addOns, nil},
	{"FetchIncomingPhoneNumberAssignedAddOnExtension", "GET /IncomingPhoneNumbers/{phoneNumberSID:PN}/AssignedAddOns/{assignedAddOnSID:XE}/Extensions/{sid:XF}", "incoming_phone_numbers.assigned_add_ons.extensions.get", "IncomingPhoneNumbers.AssignedAddOns.Extensions.Get", addOns, nil},
	{"ListIncomingPhoneNumberAssignedAddOnExtension", "GET /IncomingPhoneNumbers/{phoneNumberSID:PN}/AssignedAddOns/{assignedAddOnSID:XE}/Extensions", "incoming_phone_numbers.assigned_add_ons.extensions.list", "IncomingPhoneNumbers.AssignedAddOns.Extensions.List", addOns, nil},
	{"CreateIncomingPhoneNumberLocal", "POST /IncomingPhoneNumbers/Local", "incoming_phone_numbers.local.create", "IncomingPhoneNumbers.Local.Create", phoneNumbers, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: availablePhone}},
	{"ListIncomingPhoneNumberLocal", "GET /IncomingPhoneNumbers/Local", "incoming_phone_numbers.local.list", "IncomingPhoneNumbers.Local.List", phoneNumbers, nil},
	{"CreateIncomingPhoneNumberMobile", "POST /IncomingPhoneNumbers/Mobile", "incoming_phone_numbers.mobile.create", "IncomingPhoneNumbers.Mobile.Create", phoneNumbers, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: availablePhone}},
	{"ListIncomingPhoneNumberMobile", "GET /IncomingPhoneNumbers/Mobile", "incoming_phone_numbers.mobile.list", "IncomingPhoneNumbers.Mobile.List", mobileNumbers, nil},
	{"CreateIncomingPhoneNumberTollFree", "POST /IncomingPhoneNumbers/TollFree", "incoming_phone_numbers.toll_free.create", "IncomingPhoneNumbers.TollFree.Create", phoneNumbers, twilio.IncomingPhoneNumberCreateParams{PhoneNumber: "+18885550123"}},
	{"ListIncomingPhoneNumberTollFree", "GET /IncomingPhoneNumbers/TollFree", "incoming_phone_numbers.toll_free.list", "IncomingPhoneNumbers.TollFree.List", tollFreeNumbers, nil},

	{"CreateNewKey", "POST /Keys", "keys.create", "Keys.Create", keys, twilio.KeyCreateParams{FriendlyName: "new"}},
	{"FetchKey", "GET /Keys/{sid:SK}", "keys.get", "Keys.Get", keys, nil},
	{"UpdateKey", "POST /Keys/{sid:SK}", "keys.update", "Keys.Update", keys, twilio.KeyUpdateParams{FriendlyName: new("new")}},
	{"DeleteKey", "DELETE /Keys/{sid:SK}", "keys.delete", "Keys.Delete", keys, nil},
	{"ListKey", "GET /Keys", "keys.list", "Keys.List", keys, nil},

	{"CreateMessage", "POST /Messages", "messages.create", "Messages.Create", messages, twilio.MessageCreateParams{From: fromPhone, To: toPhone, Body: "Ahoy"}},
	{"FetchMessage", "GET /Messages/{sid:SM|MM}", "messages.get", "Messages.Get", messages, nil},
	{"UpdateMessage", "POST /Messages/{sid:SM|MM}", "messages.update", "Messages.Update", messages, twilio.MessageUpdateParams{Body: new("")}},
	{"DeleteMessage", "DELETE /Messages/{sid:SM|MM}", "messages.delete", "Messages.Delete", messages, nil},
	{"ListMessage", "GET /Messages", "messages.list", "Messages.List", messages, nil},

	{"CreateMessageFeedback", "POST /Messages/{messageSID:SM|MM}/Feedback", "messages.feedback.create", "Messages.Feedback.Create", messages, twilio.MessageFeedbackCreateParams{Outcome: twilio.MessageFeedbackOutcomeConfirmed}},
	{"FetchMedia", "GET /Messages/{messageSID:SM|MM}/Media/{sid:ME}", "messages.media.get", "Messages.Media.Get", media, nil},
	{"DeleteMedia", "DELETE /Messages/{messageSID:SM|MM}/Media/{sid:ME}", "messages.media.delete", "Messages.Media.Delete", media, nil},
	{"ListMedia", "GET /Messages/{messageSID:SM|MM}/Media", "messages.media.list", "Messages.Media.List", media, nil},

	{"FetchNotification", "GET /Notifications/{sid:NO}", "notifications.get", "Notifications.Get", notifications, nil},
	{"ListNotification", "GET /Notifications", "notifications.list", "Notifications.List", notifications, nil},

	{"CreateValidationRequest", "POST /OutgoingCallerIds", "validation_requests.create", "OutgoingCallerIDs.Validate", callerIDs, twilio.ValidationRequestParams{PhoneNumber: availablePhone}},
	{"FetchOutgoingCallerId", "GET /OutgoingCallerIds/{sid:PN}", "outgoing_caller_ids.get", "OutgoingCallerIDs.Get", callerIDs, nil},
	{"UpdateOutgoingCallerId", "POST /OutgoingCallerIds/{sid:PN}", "outgoing_caller_ids.update", "OutgoingCallerIDs.Update", callerIDs, twilio.OutgoingCallerIDUpdateParams{FriendlyName: new("new")}},
	{"DeleteOutgoingCallerId", "DELETE /OutgoingCallerIds/{sid:PN}", "outgoing_caller_ids.delete", "OutgoingCallerIDs.Delete", callerIDs, nil},
	{"ListOutgoingCallerId", "GET /OutgoingCallerIds", "outgoing_caller_ids.list", "OutgoingCallerIDs.List", callerIDs, nil},

	{"CreateQueue", "POST /Queues", "queues.create", "Queues.Create", queues, twilio.QueueCreateParams{FriendlyName: "new"}},
	{"FetchQueue", "GET /Queues/{sid:QU}", "queues.get", "Queues.Get", queues, nil},
	{"UpdateQueue", "POST /Queues/{sid:QU}", "queues.update", "Queues.Update", queues, twilio.QueueUpdateParams{FriendlyName: new("new")}},
	{"DeleteQueue", "DELETE /Queues/{sid:QU}", "queues.delete", "Queues.Delete", queues, nil},
	{"ListQueue", "GET /Queues", "queues.list", "Queues.List", queues, nil},
	{"FetchMember", "GET /Queues/{queueSID:QU}/Members/{callSID:*}", "queues.members.get", "Queues.Members.Get", queueMembers, nil},
	{"UpdateMember", "POST /Queues/{queueSID:QU}/Members/{callSID:*}", "queues.members.update", "Queues.Members.Update", queueMembers, twilio.QueueMemberUpdateParams{URL: new("https://example.com/twiml")}},
	{"ListMember", "GET /Queues/{queueSID:QU}/Members", "queues.members.list", "Queues.Members.List", queueMembers, nil},

	{"FetchRecording", "GET /Recordings/{sid:RE}", "recordings.get", "Recordings.Get", recordings, nil},
	{"DeleteRecording", "DELETE /Recordings/{sid:RE}", "recordings.delete", "Recordings.Delete", recordings, nil},
	{"ListRecording", "GET /Recordings", "recordings.list", "Recordings.List", recordings, nil},
	{"FetchRecordingTranscription", "GET /Recordings/{recordingSID:RE}/Transcriptions/{sid:TR}", "recordings.transcriptions.get", "Recordings.Transcriptions.Get", recordingTranscriptions, nil},
	{"DeleteRecordingTranscription", "DELETE /Recordings/{recordingSID:RE}/Transcriptions/{sid:TR}", "recordings.transcriptions.delete", "Recordings.Transcriptions.Delete", recordingTranscriptions, nil},
	{"ListRecordingTranscription", "GET /Recordings/{recordingSID:RE}/Transcriptions", "recordings.transcriptions.list", "Recordings.Transcriptions.List", recordingTranscriptions, nil},
	{"FetchRecordingAddOnResult", "GET /Recordings/{recordingSID:RE}/AddOnResults/{sid:XR}", "recordings.add_on_results.get", "Recordings.AddOnResults.Get", addOnResults, nil},
	{"DeleteRecordingAddOnResult", "DELETE /Recordings/{recordingSID:RE}/AddOnResults/{sid:XR}", "recordings.add_on_results.delete", "Recordings.AddOnResults.Delete", addOnResults, nil},
	{"ListRecordingAddOnResult", "GET /Recordings/{recordingSID:RE}/AddOnResults", "recordings.add_on_results.list", "Recordings.AddOnResults.List", addOnResults, nil},
	{"FetchRecordingAddOnResultPayload", "GET /Recordings/{recordingSID:RE}/AddOnResults/{resultSID:XR}/Payloads/{sid:XH}", "recordings.add_on_results.payloads.get", "Recordings.AddOnResults.Payloads.Get", addOnPayloads, nil},
	{"DeleteRecordingAddOnResultPayload", "DELETE /Recordings/{recordingSID:RE}/AddOnResults/{resultSID:XR}/Payloads/{sid:XH}", "recordings.add_on_results.payloads.delete", "Recordings.AddOnResults.Payloads.Delete", addOnPayloads, nil},
	{"ListRecordingAddOnResultPayload", "GET /Recordings/{recordingSID:RE}/AddOnResults/{resultSID:XR}/Payloads", "recordings.add_on_results.payloads.list", "Recordings.AddOnResults.Payloads.List", addOnPayloads, nil},

	{"FetchShortCode", "GET /SMS/ShortCodes/{sid:SC}", "short_codes.get", "ShortCodes.Get", shortCodes, nil},
	{"UpdateShortCode", "POST /SMS/ShortCodes/{sid:SC}", "short_codes.update", "ShortCodes.Update", shortCodes, twilio.ShortCodeUpdateParams{FriendlyName: new("new")}},
	{"ListShortCode", "GET /SMS/ShortCodes", "short_codes.list", "ShortCodes.List", shortCodes, nil},

	{"CreateSipCredentialList", "POST /SIP/CredentialLists", "sip.credential_lists.create", "SIP.CredentialLists.Create", sipCredentialLists, twilio.SIPCredentialListCreateParams{FriendlyName: "new"}},
	{"FetchSipCredentialList", "GET /SIP/CredentialLists/{sid:CL}", "sip.credential_lists.get", "SIP.CredentialLists.Get", sipCredentialLists, nil},
	{"UpdateSipCredentialList", "POST /SIP/CredentialLists/{sid:CL}", "sip.credential_lists.update", "SIP.CredentialLists.Update", sipCredentialLists, twilio.SIPCredentialListUpdateParams{FriendlyName: new("new")}},
	{"DeleteSipCredentialList", "DELETE /SIP/CredentialLists/{sid:CL}", "sip.credential_lists.delete", "SIP.CredentialLists.Delete", sipCredentialLists, nil},
	{"ListSipCredentialList", "GET /SIP/CredentialLists", "sip.credential_lists.list", "SIP.CredentialLists.List", sipCredentialLists, nil},
	{"CreateSipCredential", "POST /SIP/CredentialLists/{credentialListSID:CL}/Credentials", "sip.credential_lists.credentials.create", "SIP.CredentialLists.Credentials.Create", sipCredentials, twilio.SIPCredentialCreateParams{Username: "new", Password: sipPassword}},
	{"FetchSipCredential", "GET /SIP/CredentialLists/{credentialListSID:CL}/Credentials/{sid:CR}", "sip.credential_lists.credentials.get", "SIP.CredentialLists.Credentials.Get", sipCredentials, nil},
	{"UpdateSipCredential", "POST /SIP/CredentialLists/{credentialListSID:CL}/Credentials/{sid:CR}", "sip.credential_lists.credentials.update", "SIP.CredentialLists.Credentials.Update", sipCredentials, twilio.SIPCredentialUpdateParams{Password: &sipPassword}},
	{"DeleteSipCredential", "DELETE /SIP/CredentialLists/{credentialListSID:CL}/Credentials/{sid:CR}", "sip.credential_lists.credentials.delete", "SIP.CredentialLists.Credentials.Delete", sipCredentials, nil},
	{"ListSipCredential", "GET /SIP/CredentialLists/{credentialListSID:CL}/Credentials", "sip.credential_lists.credentials.list", "SIP.CredentialLists.Credentials.List", sipCredentials, nil},
	{"CreateSipDomain", "POST /SIP/Domains", "sip.domains.create", "SIP.Domains.Create", sipDomains, twilio.SIPDomainCreateParams{DomainName: "new.sip.twilio.com"}},
	{"FetchSipDomain", "GET /SIP/Domains/{sid:SD}", "sip.domains.get", "SIP.Domains.Get", sipDomains, nil},
	{"UpdateSipDomain", "POST /SIP/Domains/{sid:SD}", "sip.domains.update", "SIP.Domains.Update", sipDomains, twilio.SIPDomainUpdateParams{DomainName: new("new.sip.twilio.com")}},
	{"DeleteSipDomain", "DELETE /SIP/Domains/{sid:SD}", "sip.domains.delete", "SIP.Domains.Delete", sipDomains, nil},
	{"ListSipDomain", "GET /SIP/Domains", "sip.domains.list", "SIP.Domains.List", sipDomains, nil},
	{"CreateSipAuthCallsCredentialListMapping", "POST /SIP/Domains/{domainSID:SD}/Auth/Calls/CredentialListMappings", "sip.domains.auth.calls.credential_list_mappings.create", "SIP.Domains.Auth.Calls.CredentialListMappings.Create", sipCallCredentials, twilio.SIPCredentialListMappingCreateParams{CredentialListSID: sipCredentialListSID}},
	{"FetchSipAuthCallsCredentialListMapping", "GET /SIP/Domains/{domainSID:SD}/Auth/Calls/CredentialListMappings/{sid:CL}", "sip.domains.auth.calls.credential_list_mappings.get", "SIP.Domains.Auth.Calls.CredentialListMappings.Get", sipCallCredentials, nil},
	{"DeleteSipAuthCallsCredentialListMapping", "DELETE /SIP/Domains/{domainSID:SD}/Auth/Calls/CredentialListMappings/{sid:CL}", "sip.domains.auth.calls.credential_list_mappings.delete", "SIP.Domains.Auth.Calls.CredentialListMappings.Delete", sipCallCredentials, nil},
	{"ListSipAuthCallsCredentialListMapping", "GET /SIP/Domains/{domainSID:SD}/Auth/Calls/CredentialListMappings", "sip.domains.auth.calls.credential_list_mappings.list", "SIP.Domains.Auth.Calls.CredentialListMappings.List", sipCallCredentials, nil},
	{"CreateSipAuthCallsIpAccessControlListMapping", "POST /SIP/Domains/{domainSID:SD}/Auth/Calls/IpAccessControlListMappings", "sip.domains.auth.calls.ip_access_control_list_mappings.create", "SIP.Domains.Auth.Calls.IPAccessControlListMappings.Create", sipCallAddresses, twilio.SIPIPAccessControlListMappingCreateParams{IPAccessControlListSID: sipIPAccessControlListSID}},
	{"FetchSipAuthCallsIpAccessControlListMapping", "GET /SIP/Domains/{domainSID:SD}/Auth/Calls/IpAccessControlListMappings/{sid:AL}", "sip.domains.auth.calls.ip_access_control_list_mappings.get", "SIP.Domains.Auth.Calls.IPAccessControlListMappings.Get", sipCallAddresses, nil},
	{"DeleteSipAuthCallsIpAccessControlListMapping", "DELETE /SIP/Domains/{domainSID:SD}/Auth/Calls/IpAccessControlListMappings/{sid:AL}", "sip.domains.auth.calls.ip_access_control_list_mappings.delete", "SIP.Domains.Auth.Calls.IPAccessControlListMappings.Delete", sipCallAddresses, nil},
	{"ListSipAuthCallsIpAccessControlListMapping", "GET /SIP/Domains/{domainSID:SD}/Auth/Calls/IpAccessControlListMappings", "sip.domains.auth.calls.ip_access_control_list_mappings.list", "SIP.Domains.Auth.Calls.IPAccessControlListMappings.List", sipCallAddresses, nil},
	{"CreateSipAuthRegistrationsCredentialListMapping", "POST /SIP/Domains/{domainSID:SD}/Auth/Registrations/CredentialListMappings", "sip.domains.auth.registrations.credential_list_mappings.create", "SIP.Domains.Auth.Registrations.CredentialListMappings.Create", sipRegistrationCredentials, twilio.SIPCredentialListMappingCreateParams{CredentialListSID: sipCredentialListSID}},
	{"FetchSipAuthRegistrationsCredentialListMapping", "GET /SIP/Domains/{domainSID:SD}/Auth/Registrations/CredentialListMappings/{sid:CL}", "sip.domains.auth.registrations.credential_list_mappings.get", "SIP.Domains.Auth.Registrations.CredentialListMappings.Get", sipRegistrationCredentials, nil},
	{"DeleteSipAuthRegistrationsCredentialListMapping", "DELETE /SIP/Domains/{domainSID:SD}/Auth/Registrations/CredentialListMappings/{sid:CL}", "sip.domains.auth.registrations.credential_list_mappings.delete", "SIP.Domains.Auth.Registrations.CredentialListMappings.Delete", sipRegistrationCredentials, nil},
	{"ListSipAuthRegistrationsCredentialListMapping", "GET /SIP/Domains/{domainSID:SD}/Auth/Registrations/CredentialListMappings", "sip.domains.auth.registrations.credential_list_mappings.list", "SIP.Domains.Auth.Registrations.CredentialListMappings.List", sipRegistrationCredentials, nil},
	{"CreateSipCredentialListMapping", "POST /SIP/Domains/{domainSID:SD}/CredentialListMappings", "sip.domains.credential_list_mappings.create", "SIP.Domains.CredentialListMappings.Create", sipCallCredentials, twilio.SIPCredentialListMappingCreateParams{CredentialListSID: sipCredentialListSID}},
	{"FetchSipCredentialListMapping", "GET /SIP/Domains/{domainSID:SD}/CredentialListMappings/{sid:CL}", "sip.domains.credential_list_mappings.get", "SIP.Domains.CredentialListMappings.Get", sipCallCredentials, nil},
	{"DeleteSipCredentialListMapping", "DELETE /SIP/Domains/{domainSID:SD}/CredentialListMappings/{sid:CL}", "sip.domains.credential_list_mappings.delete", "SIP.Domains.CredentialListMappings.Delete", sipCallCredentials, nil},
	{"ListSipCredentialListMapping", "GET /SIP/Domains/{domainSID:SD}/CredentialListMappings", "sip.domains.credential_list_mappings.list", "SIP.Domains.CredentialListMappings.List", sipCallCredentials, nil},
	{"CreateSipIpAccessControlListMapping", "POST /SIP/Domains/{domainSID:SD}/IpAccessControlListMappings", "sip.domains.ip_access_control_list_mappings.create", "SIP.Domains.IPAccessControlListMappings.Create", sipCallAddresses, twilio.SIPIPAccessControlListMappingCreateParams{IPAccessControlListSID: sipIPAccessControlListSID}},
	{"FetchSipIpAccessControlListMapping", "GET /SIP/Domains/{domainSID:SD}/IpAccessControlListMappings/{sid:AL}", "sip.domains.ip_access_control_list_mappings.get", "SIP.Domains.IPAccessControlListMappings.Get", sipCallAddresses, nil},
	{"DeleteSipIpAccessControlListMapping", "DELETE /SIP/Domains/{domainSID:SD}/IpAccessControlListMappings/{sid:AL}", "sip.domains.ip_access_control_list_mappings.delete", "SIP.Domains.IPAccessControlListMappings.Delete", sipCallAddresses, nil},
	{"ListSipIpAccessControlListMapping", "GET /SIP/Domains/{domainSID:SD}/IpAccessControlListMappings", "sip.domains.ip_access_control_list_mappings.list", "SIP.Domains.IPAccessControlListMappings.List", sipCallAddresses, nil},
	{"CreateSipIpAccessControlList", "POST /SIP/IpAccessControlLists", "sip.ip_access_control_lists.create", "SIP.IPAccessControlLists.Create", sipIPAccessControlLists, twilio.SIPIPAccessControlListCreateParams{FriendlyName: "new"}},
	{"FetchSipIpAccessControlList", "GET /SIP/IpAccessControlLists/{sid:AL}", "sip.ip_access_control_lists.get", "SIP.IPAccessControlLists.Get", sipIPAccessControlLists, nil},
	{"UpdateSipIpAccessControlList", "POST /SIP/IpAccessControlLists/{sid:AL}", "sip.ip_access_control_lists.update", "SIP.IPAccessControlLists.Update", sipIPAccessControlLists, twilio.SIPIPAccessControlListUpdateParams{FriendlyName: new("new")}},
	{"DeleteSipIpAccessControlList", "DELETE /SIP/IpAccessControlLists/{sid:AL}", "sip.ip_access_control_lists.delete", "SIP.IPAccessControlLists.Delete", sipIPAccessControlLists, nil},
	{"ListSipIpAccessControlList", "GET /SIP/IpAccessControlLists", "sip.ip_access_control_lists.list", "SIP.IPAccessControlLists.List", sipIPAccessControlLists, nil},
	{"CreateSipIpAddress", "POST /SIP/IpAccessControlLists/{ipAccessControlListSID:AL}/IpAddresses", "sip.ip_access_control_lists.ip_addresses.create", "SIP.IPAccessControlLists.IPAddresses.Create", sipIPAddresses, twilio.SIPIPAddressCreateParams{FriendlyName: "new", IPAddress: "192.0.2.1"}},
	{"FetchSipIpAddress", "GET /SIP/IpAccessControlLists/{ipAccessControlListSID:AL}/IpAddresses/{sid:IP}", "sip.ip_access_control_lists.ip_addresses.get", "SIP.IPAccessControlLists.IPAddresses.Get", sipIPAddresses, nil},
	{"UpdateSipIpAddress", "POST /SIP/IpAccessControlLists/{ipAccessControlListSID:AL}/IpAddresses/{sid:IP}", "sip.ip_access_control_lists.ip_addresses.update", "SIP.IPAccessControlLists.IPAddresses.Update", sipIPAddresses, twilio.SIPIPAddressUpdateParams{IPAddress: new("192.0.2.2")}},
	{"DeleteSipIpAddress", "DELETE /SIP/IpAccessControlLists/{ipAccessControlListSID:AL}/IpAddresses/{sid:IP}", "sip.ip_access_control_lists.ip_addresses.delete", "SIP.IPAccessControlLists.IPAddresses.Delete", sipIPAddresses, nil},
	{"ListSipIpAddress", "GET /SIP/IpAccessControlLists/{ipAccessControlListSID:AL}/IpAddresses", "sip.ip_access_control_lists.ip_addresses.list", "SIP.IPAccessControlLists.IPAddresses.List", sipIPAddresses, nil},

	{"CreateNewSigningKey", "POST /SigningKeys", "signing_keys.create", "SigningKeys.Create", signingKeys, twilio.SigningKeyCreateParams{FriendlyName: "new"}},
	{"FetchSigningKey", "GET /SigningKeys/{sid:SK}", "signing_keys.get", "SigningKeys.Get", signingKeys, nil},
	{"UpdateSigningKey", "POST /SigningKeys/{sid:SK}", "signing_keys.update", "SigningKeys.Update", signingKeys, twilio.SigningKeyUpdateParams{FriendlyName: new("new")}},
	{"DeleteSigningKey", "DELETE /SigningKeys/{sid:SK}", "signing_keys.delete", "SigningKeys.Delete", signingKeys, nil},
	{"ListSigningKey", "GET /SigningKeys", "signing_keys.list", "SigningKeys.List", signingKeys, nil},

	{"CreateToken", "POST /Tokens", "tokens.create", "Tokens.Create", nil, nil},

	{"FetchTranscription", "GET /Transcriptions/{sid:TR}", "transcriptions.get", "Transcriptions.Get", transcriptions, nil},
	{"DeleteTranscription", "DELETE /Transcriptions/{sid:TR}", "transcriptions.delete", "Transcriptions.Delete", transcriptions, nil},
	{"ListTranscription", "GET /Transcriptions", "transcriptions.list", "Transcriptions.List", transcriptions, nil},

	{"ListUsageRecord", "GET /Usage/Records", "usage.records.list", "Usage.Records.List", nil, nil},
	{"ListUsageRecordAllTime", "GET /Usage/Records/AllTime", "usage.records.all_time.list", "Usage.Records.AllTime.List", nil, nil},
	{"ListUsageRecordDaily", "GET /Usage/Records/Daily", "usage.records.daily.list", "Usage.Records.Daily.List", nil, nil},
	{"ListUsageRecordLastMonth", "GET /Usage/Records/LastMonth", "usage.records.last_month.list", "Usage.Records.LastMonth.List", nil, nil},
	{"ListUsageRecordMonthly", "GET /Usage/Records/Monthly", "usage.records.monthly.list", "Usage.Records.Monthly.List", nil, nil},
	{"ListUsageRecordThisMonth", "GET /Usage/Records/ThisMonth", "usage.records.this_month.list", "Usage.Records.ThisMonth.List", nil, nil},
	{"ListUsageRecordToday", "GET /Usage/Records/Today", "usage.records.today.list", "Usage.Records.Today.List", nil, nil},
	{"ListUsageRecordYearly", "GET /Usage/Records/Yearly", "usage.records.yearly.list", "Usage.Records.Yearly.List", nil, nil},
	{"ListUsageRecordYesterday", "GET /Usage/Records/Yesterday", "usage.records.yesterday.list", "Usage.Records.Yesterday.List", nil, nil},

	{"CreateUsageTrigger", "POST /Usage/Triggers", "usage.triggers.create", "Usage.Triggers.Create", usageTriggers, newUsageTrigger},
	{"FetchUsageTrigger", "GET /Usage/Triggers/{sid:UT}", "usage.triggers.get", "Usage.Triggers.Get", usageTriggers, nil},
	{"UpdateUsageTrigger", "POST /Usage/Triggers/{sid:UT}", "usage.triggers.update", "Usage.Triggers.Update", usageTriggers, twilio.UsageTriggerUpdateParams{FriendlyName: new("new")}},
	{"DeleteUsageTrigger", "DELETE /Usage/Triggers/{sid:UT}", "usage.triggers.delete", "Usage.Triggers.Delete", usageTriggers, nil},
	{"ListUsageTrigger", "GET /Usage/Triggers", "usage.triggers.list", "Usage.Triggers.List", usageTriggers, nil},
}

// Downloads has the operations that write a file, which isn't JSON. Those of
// files that Twilio's specification doesn't have are without an ID; their paths
// end in another way than with .json.
var Downloads = []Operation{
	{"FetchRecordingAddOnResultPayloadData", "GET /Recordings/{recordingSID:RE}/AddOnResults/{resultSID:XR}/Payloads/{sid:XH}/Data", "recordings.add_on_results.payloads.download", "Recordings.AddOnResults.Payloads.Download", addOnPayloads, nil},
	{"", "GET /Messages/{messageSID:SM|MM}/Media/{sid:ME}", "messages.media.download", "Messages.Media.Download", media, nil},
	{"", "GET /Recordings/{sid:RE}", "recordings.media", "Recordings.Media", recordings, nil},
}

// Workflows has the methods of services that are built from operations, and
// the placeholder for the SID that they take, if they take one.
var Workflows = map[string]string{
	"Accounts.Activate":                "{sid:AC}",
	"Accounts.Close":                   "{sid:AC}",
	"Accounts.Duplicates":              "",
	"Accounts.Ensure":                  "",
	"Accounts.ForEach":                 "",
	"Accounts.Provision":               "",
	"Accounts.RotateAuthToken":         "{sid:AC}",
	"Accounts.Suspend":                 "{sid:AC}",
	"Calls.End":                        "{sid:CA}",
	"Calls.EndAll":                     "",
	"Calls.Spend":                      "",
	"IncomingPhoneNumbers.Buy":         "",
	"IncomingPhoneNumbers.Transfer":    "{sid:PN}",
	"IncomingPhoneNumbers.TransferAll": "",
	"Keys.Rotate":                      "{sid:SK}",
	"Messages.Erase":                   "",
	"Messages.Spend":                   "",
	"Recordings.Erase":                 "",
	"Usage.Bill":                       "",
	"Usage.Reconcile":                  "",
	"Usage.Triggers.Ensure":            "",
}

// refusedFields has the fields of a Params type that one of its operations
// doesn't take and refuses.
var refusedFields = map[string][]string{
	"CreateIncomingPhoneNumberLocal":    {"AreaCode"},
	"CreateIncomingPhoneNumberMobile":   {"AreaCode"},
	"CreateIncomingPhoneNumberTollFree": {"AreaCode"},
}

// requiredFields has the fields of a Params type that an update can't do without.
var requiredFields = map[string][]string{
	"UpdateCallRecording":       {"Status"},
	"UpdateConferenceRecording": {"Status"},
}

// alternatives has, for Params types whose fields exclude each other, the
// fields to leave out: each element makes params that pass the checks.
var alternatives = map[string][][]string{
	"CallCreateParams": {{"TwiML", "ApplicationSID"}, {"URL", "ApplicationSID"}, {"URL", "TwiML"}},
	"CallUpdateParams": {{"TwiML"}, {"URL"}},
	"CallListParams": {{"StartTime", "EndTime"},
		{"StartTimeAfter", "StartTimeBefore", "EndTimeAfter", "EndTimeBefore"}},
	"ConferenceListParams": {{"DateCreated", "DateUpdated"},
		{"DateCreatedAfter", "DateCreatedBefore", "DateUpdatedAfter", "DateUpdatedBefore"}},
	"IncomingPhoneNumberCreateParams": {{"AreaCode"}, {"PhoneNumber"}},
	"NotificationListParams":          {{"MessageDate"}, {"MessageDateAfter", "MessageDateBefore"}},
	"MessageListParams":               {{"DateSent"}, {"DateSentAfter", "DateSentBefore"}},
	"BundleListParams":                {{"ValidUntilDate"}, {"ValidUntilDateAfter", "ValidUntilDateBefore"}},
	"PaymentUpdateParams":             {{"Capture"}, {"Status"}},
	"RecordingListParams":             {{"DateCreated"}, {"DateCreatedAfter", "DateCreatedBefore"}},
	"ConferenceRecordingListParams":   {{"DateCreated"}, {"DateCreatedAfter", "DateCreatedBefore"}},
	"CallRecordingListParams":         {{"DateCreated"}, {"DateCreatedAfter", "DateCreatedBefore"}},
	"MediaListParams":                 {{"DateCreated"}, {"DateCreatedAfter", "DateCreatedBefore"}},
}

// Named returns the operation of a method of the client.
func Named(method string) Operation {
	i := slices.IndexFunc(All, func(op Operation) bool { return op.Method == method })
	if i < 0 {
		panic("operations: no operation has the method " + method)
	}
	return All[i]
}

// Verb is the name of the method alone: "Get".
func (op Operation) Verb() string { return op.Method[strings.LastIndex(op.Method, ".")+1:] }

// Sibling names another method of the operation's service.
func (op Operation) Sibling(verb string) string {
	return strings.TrimSuffix(op.Method, op.Verb()) + verb
}

// IsPaged reports whether the operation is a list that has pages, and with
// them the methods All and Resume.
func (op Operation) IsPaged() bool {
	return op.Verb() == "List" && HasMethod(op.Sibling("All"))
}

// HTTPMethod is that of the request.
func (op Operation) HTTPMethod() string {
	method, _, _ := strings.Cut(op.Request, " ")
	return method
}

// Template is the path of the request with its placeholders.
func (op Operation) Template() string {
	_, path, _ := strings.Cut(op.Request, " ")
	return path
}

// IsRoot reports whether the path isn't under the account that a client acts
// on.
func (op Operation) IsRoot() bool {
	return op.IsProduct() || strings.HasPrefix(op.Template(), "/Accounts")
}

// Path is the whole path of the request for an account, with the examples of
// Args.
func (op Operation) Path(account string) string {
	path := op.fill(op.Template())
	switch {
	case op.IsProduct():
		return path[strings.Index(path, ".com/")+len(".com"):]
	case !op.IsRoot():
		path = "/Accounts/" + account + path
	}
	return "/2010-04-01" + path + ".json"
}

// fill puts the examples of Args into a template.
func (op Operation) fill(template string) string {
	args := op.Args()
	return placeholders.ReplaceAllStringFunc(template, func(string) string {
		arg := args[0]
		args = args[1:]
		return arg
	})
}

// A Placeholder is an argument of a path.
type Placeholder struct {
	Name string // of the argument: "sid"
	Kind string // what may stand there: "SM|MM", "ISO", "*"
}

var placeholders = regexp.MustCompile(`\{(\w+):([^}]+)\}`)

// Placeholders returns those of a path.
func Placeholders(template string) []Placeholder {
	var found []Placeholder
	for _, match := range placeholders.FindAllStringSubmatch(template, -1) {
		found = append(found, Placeholder{match[1], match[2]})
	}
	return found
}

// Prefix is the first SID prefix that may stand there.
func (p Placeholder) Prefix() string {
	prefix, _, _ := strings.Cut(p.Kind, "|")
	return prefix
}

// Example returns what may stand there.
func (p Placeholder) Example() string {
	switch p.Kind {
	case "ISO":
		return "US"
	case "*":
		return "label"
	default:
		return p.Prefix() + "0123456789abcdef0123456789abcdef"
	}
}

// Args returns an example for each string that the method takes.
func (op Operation) Args() []string {
	var args []string
	for _, p := range Placeholders(op.Template()) {
		args = append(args, p.Example())
	}
	return args
}

// PrepareArgs calls Prepare, and returns the strings that the method takes.
func (op Operation) PrepareArgs(srv *twiliotest.Server) []string {
	if op.Prepare == nil {
		return nil
	}
	return op.Prepare(srv)[:len(Placeholders(op.Template()))]
}

// RefusedFields names the fields of the operation's Params type that it
// refuses.
func (op Operation) RefusedFields() []string { return refusedFields[op.ID] }

// RequiredFields names the fields that an update can't do without.
func (op Operation) RequiredFields() []string { return requiredFields[op.ID] }

// ParamsType is the type of the method's params, nil if it takes none.
func (op Operation) ParamsType() reflect.Type {
	for in := range MethodType(op.Method).Ins() {
		if in.Kind() == reflect.Struct && strings.HasSuffix(in.Name(), "Params") {
			return in
		}
	}
	return nil
}

// FilledParams returns params with every field that the operation takes: more
// than one where fields exclude each other, and one invalid value where the
// method takes none.
func (op Operation) FilledParams() []reflect.Value {
	t := op.ParamsType()
	if t == nil {
		return []reflect.Value{{}}
	}
	excluded := alternatives[t.Name()]
	if excluded == nil {
		excluded = [][]string{nil}
	}
	var all []reflect.Value
	for _, fields := range excluded {
		params := Fill(t)
		for _, field := range fields {
			params.FieldByName(field).SetZero()
		}
		isRefused := func(field string) bool { return !params.FieldByName(field).IsZero() }
		if !slices.ContainsFunc(op.RefusedFields(), isRefused) {
			all = append(all, params)
		}
	}
	return all
}

// Result is the type of what the method returns, or of the items of its page.
// It is nil if the method returns only an error.
func (op Operation) Result() reflect.Type {
	t := MethodType(op.Method)
	if t.NumOut() == 1 {
		return nil
	}
	out := t.Out(0).Elem()
	if items, ok := out.FieldByName("Items"); ok {
		return items.Type.Elem().Elem()
	}
	return out
}

// client is one to look at types with.
var client = must(twilio.NewClient(twilio.AuthToken("AC00000000000000000000000000000001", "token")))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
