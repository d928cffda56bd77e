package twiliotest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"

	"github.com/shopspring/decimal"
)

// Seeding puts things into the server without asking the API, so that they can have any date, price and status. What
// is left empty is made up, as for a creation through the API. An account SID that the server doesn't know is a mistake
// in the test, and panics.

// AddSubaccount adds a subaccount and returns it with all that was left empty made up, its AuthToken included. Of the
// fields it takes SID, FriendlyName, Status, AuthToken, DateCreated and DateUpdated.
func (s *Server) AddSubaccount(acct twilio.Account) twilio.Account {
	sid := s.addSubaccount(acct)
	client, err := twilio.NewClient(twilio.AuthToken(s.AccountSID, s.AuthToken), twilio.WithHTTPClient(&http.Client{
		Transport: roundTripper(s.backdoor),
	}))
	if err != nil {
		panic(fmt.Sprintf("twiliotest: %v", err))
	}
	added, err := client.Accounts.Get(context.Background(), sid)
	if err != nil {
		panic(fmt.Sprintf("twiliotest: %v", err))
	}
	return *added
}

// AddSubaccounts adds many subaccounts and returns nothing, which makes fleets of a hundred thousand quick to seed.
func (s *Server) AddSubaccounts(accts ...twilio.Account) {
	for _, acct := range accts {
		s.addSubaccount(acct)
	}
}

func (s *Server) addSubaccount(acct twilio.Account) (sid string) {
	defer s.seeding()()
	a := &account{
		record:       record{SID: acct.SID, Created: at(acct.DateCreated), Updated: at(acct.DateUpdated)},
		FriendlyName: acct.FriendlyName,
		Status:       string(acct.Status),
		token:        acct.AuthToken.Reveal(),
	}
	s.state.addAccount(a)
	return a.SID
}

// SetStatus changes an account's status in Twilio's own name, which is how a main account comes to be suspended. The API
// can't activate a subaccount again that was suspended like this.
func (s *Server) SetStatus(accountSID string, status twilio.AccountStatus) {
	defer s.state.write()()
	a := s.known(accountSID)
	if status == twilio.AccountStatusClosed && !a.isMain() && a.Status != closed {
		s.state.closeAccount(a, s.state.now())
	}
	a.Status = string(status)
	a.byTwilio = status == twilio.AccountStatusSuspended
}

// Credentials returns the SID and the AuthToken of an account, the main account or a subaccount.
func (s *Server) Credentials(accountSID string) twilio.Credentials {
	defer s.state.read()()
	a := s.known(accountSID)
	return twilio.AuthToken(a.SID, a.token)
}

// AddKey adds an API key to an account and returns its credentials and its SID. Unlike the keys that are made through
// the API, which are standard keys, it is a main key, which may manage accounts and keys.
func (s *Server) AddKey(accountSID, friendlyName string) (credentials twilio.Credentials, sid string) {
	defer s.seeding()()
	a := s.known(accountSID)
	k := &key{FriendlyName: opt(friendlyName), main: true}
	s.state.addKey(a, k)
	return twilio.APIKey(a.SID, k.SID, k.Secret), k.SID
}

// AddCall adds a call to an account and returns it as it is now. A call that isn't over goes on when the clock does, and
// one that is completed and has no price gets one.
func (s *Server) AddCall(accountSID string, c twilio.Call) *twilio.Call {
	defer s.seeding()()
	a := s.known(accountSID)
	stored := &call{
		record:      record{SID: c.SID, Created: at(cmp.Or(c.DateCreated, c.StartTime)), Updated: at(cmp.Or(c.DateUpdated, c.EndTime))},
		Annotation:  opt(c.Annotation),
		AnsweredBy:  opt(c.AnsweredBy),
		CallerName:  opt(c.CallerName),
		Direction:   cmp.Or(c.Direction, "outbound-api"),
		Duration:    unset,
		EndTime:     at(c.EndTime),
		From:        c.From,
		GroupSID:    opt(c.GroupSID),
		Price:       money{c.Price},
		PriceUnit:   opt(cmp.Or(c.PriceUnit, "USD")),
		QueueTime:   whole(c.QueueTime),
		StartTime:   at(c.StartTime),
		Status:      cmp.Or(string(c.Status), "completed"),
		To:          c.To,
		ToFormatted: c.ToFormatted, FromFormatted: c.FromFormatted,
		ForwardedFrom:  opt(c.ForwardedFrom),
		ParentCallSID:  opt(c.ParentCallSID),
		PhoneNumberSID: opt(c.PhoneNumberSID),
		TrunkSID:       opt(c.TrunkSID),
	}
	if stored.finished() {
		stored.Duration = whole(c.Duration)
	}
	if stored.StartTime.IsZero() && stored.Status != "queued" {
		stored.StartTime = at(cmp.Or(stored.Created.Time, s.state.now()))
	}
	s.state.addCall(a, stored)
	c.SID, c.AccountSID, c.APIVersion = stored.SID, stored.AccountSID, stored.APIVersion
	c.Status, c.Direction, c.PriceUnit = twilio.CallStatus(stored.Status), stored.Direction, string(stored.PriceUnit)
	c.DateCreated, c.DateUpdated, c.StartTime = stored.Created.Time, stored.Updated.Time, stored.StartTime.Time
	c.FromFormatted, c.ToFormatted = stored.FromFormatted, stored.ToFormatted
	return &c
}

// AddMessage adds a message to an account and returns it as it is now. A message that is on its way goes on when the
// clock does.
func (s *Server) AddMessage(accountSID string, m twilio.Message) *twilio.Message {
	defer s.seeding()()
	a := s.known(accountSID)
	stored := &message{
		record:              record{SID: m.SID, Created: at(cmp.Or(m.DateCreated, m.DateSent)), Updated: at(m.DateUpdated)},
		Body:                m.Body,
		DateSent:            at(m.DateSent),
		Direction:           cmp.Or(string(m.Direction), "outbound-api"),
		ErrorMessage:        opt(m.ErrorMessage),
		From:                opt(m.From),
		MessagingServiceSID: opt(m.MessagingServiceSID),
		NumMedia:            whole(m.NumMedia),
		NumSegments:         cmp.Or(whole(m.NumSegments), countSegments(m.Body)),
		Price:               money{m.Price},
		PriceUnit:           opt(m.PriceUnit),
		Status:              cmp.Or(string(m.Status), "delivered"),
		Tags:                m.Tags,
		To:                  m.To,
	}
	if m.ErrorCode != 0 {
		stored.ErrorCode = &m.ErrorCode
	}
	if stored.DateSent.IsZero() && stored.finished() {
		stored.DateSent = at(cmp.Or(stored.Created.Time, s.state.now()))
	}
	s.state.addMessage(a, stored)
	m.SID, m.AccountSID, m.APIVersion = stored.SID, stored.AccountSID, stored.APIVersion
	m.Status, m.Direction = twilio.MessageStatus(stored.Status), twilio.MessageDirection(stored.Direction)
	m.DateCreated, m.DateUpdated, m.DateSent = stored.Created.Time, stored.Updated.Time, stored.DateSent.Time
	m.NumSegments = int(stored.NumSegments)
	return &m
}

// AddPhoneNumber adds a phone number to an account and returns it as it is now. A number with a BundleSID or an
// IdentitySID will ask for one of the gaining account when it is moved.
func (s *Server) AddPhoneNumber(accountSID string, n twilio.IncomingPhoneNumber) *twilio.IncomingPhoneNumber {
	defer s.seeding()()
	a := s.known(accountSID)
	if n.PhoneNumber == "" {
		for o := range s.state.offers(planFor("US"), local, "") {
			n.PhoneNumber = o.phone
			break
		}
	}
	stored := &number{
		record:                 record{SID: n.SID, Created: at(n.DateCreated), Updated: at(n.DateUpdated)},
		AddressRequirements:    string(n.AddressRequirements),
		AddressSID:             opt(n.AddressSID),
		APIVersion:             n.APIVersion,
		Beta:                   n.Beta,
		BundleSID:              opt(n.BundleSID),
		Capabilities:           capabilities(n.Capabilities),
		EmergencyAddressSID:    opt(n.EmergencyAddressSID),
		EmergencyAddressStatus: string(n.EmergencyAddressStatus),
		EmergencyStatus:        string(n.EmergencyStatus),
		FriendlyName:           n.FriendlyName,
		IdentitySID:            opt(n.IdentitySID),
		Origin:                 n.Origin,
		PhoneNumber:            n.PhoneNumber,
		SMSApplicationSID:      n.SMSApplicationSID,
		SMSFallbackMethod:      n.SMSFallbackMethod,
		SMSFallbackURL:         n.SMSFallbackURL,
		SMSMethod:              n.SMSMethod,
		SMSURL:                 n.SMSURL,
		Status:                 n.Status,
		StatusCallback:         n.StatusCallback,
		StatusCallbackMethod:   n.StatusCallbackMethod,
		TrunkSID:               opt(n.TrunkSID),
		Type:                   n.Type,
		VoiceApplicationSID:    n.VoiceApplicationSID,
		VoiceCallerIDLookup:    n.VoiceCallerIDLookup,
		VoiceFallbackMethod:    n.VoiceFallbackMethod,
		VoiceFallbackURL:       opt(n.VoiceFallbackURL),
		VoiceMethod:            n.VoiceMethod,
		VoiceReceiveMode:       string(n.VoiceReceiveMode),
		VoiceURL:               opt(n.VoiceURL),
	}
	stored.complete()
	s.state.addNumber(a, stored)
	n.SID, n.AccountSID, n.URI = stored.SID, stored.AccountSID, stored.uri()
	n.DateCreated, n.DateUpdated = stored.Created.Time, stored.Updated.Time
	n.AddressRequirements, n.Capabilities = twilio.AddressRequirement(stored.AddressRequirements), twilio.Capabilities(stored.Capabilities)
	n.FriendlyName, n.Origin, n.Status, n.Type = stored.FriendlyName, stored.Origin, stored.Status, stored.Type
	return &n
}

// AddAddress adds an address to an account and returns it.
func (s *Server) AddAddress(accountSID string, a twilio.Address) *twilio.Address {
	defer s.seeding()()
	to := s.known(accountSID)
	stored := &address{
		record:           record{SID: a.SID, Created: at(a.DateCreated), Updated: at(a.DateUpdated)},
		City:             a.City,
		CustomerName:     a.CustomerName,
		EmergencyEnabled: a.EmergencyEnabled,
		FriendlyName:     opt(a.FriendlyName),
		ISOCountry:       cmp.Or(a.ISOCountry, "US"),
		PostalCode:       a.PostalCode,
		Region:           a.Region,
		Street:           a.Street,
		StreetSecondary:  opt(a.StreetSecondary),
		Validated:        a.Validated,
		Verified:         a.Verified,
	}
	s.state.addAddress(to, stored)
	a.SID, a.AccountSID, a.ISOCountry = stored.SID, stored.AccountSID, stored.ISOCountry
	a.DateCreated, a.DateUpdated = stored.Created.Time, stored.Updated.Time
	return &a
}

// AddCallerID makes a phone number one that the account has verified and may call from.
func (s *Server) AddCallerID(accountSID, phoneNumber string) {
	defer s.seeding()()
	s.state.addCallerID(s.known(accountSID), &callerID{PhoneNumber: phoneNumber})
}

// AddUsageRecord adds usage of one category on the day (UTC) of StartDate to an account, on top of what its calls,
// messages and numbers come to. It takes Category, StartDate (today if empty), Count, Usage and Price, which is positive
// and in US dollars. Categories nest: calls-outbound counts in calls, and all of them in totalprice.
func (s *Server) AddUsageRecord(accountSID string, r twilio.UsageRecord) {
	defer s.seeding()()
	a := s.known(accountSID)
	value := func(d decimal.NullDecimal) decimal.Decimal { return d.Decimal }
	a.usage = append(a.usage, usageRow{
		day:      dayOf(cmp.Or(r.StartDate, s.state.now())),
		category: string(r.Category),
		amounts:  amounts{int64(r.Count), value(r.Usage), value(r.Price)},
	})
}

// seeding locks the state without putting lists in order, which would be done over and over while a test seeds.
func (s *Server) seeding() (unlock func()) {
	s.state.mu.Lock()
	return s.state.mu.Unlock
}

func (s *Server) known(accountSID string) *account {
	a, ok := s.state.accounts.get(accountSID)
	if !ok {
		panic("twiliotest: no account " + accountSID + " on this server")
	}
	return a
}

// backdoor serves a request of the server's own, past faults and log.
func (s *Server) backdoor(r *http.Request) (*http.Response, error) {
	a := s.state.serve(r, url.Values{})
	return &http.Response{StatusCode: a.status, Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), Request: r}, nil
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
