package twiliotest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"

	"github.com/shopspring/decimal"
)

// Seeding adds resources without asking the API, so that they can have any
// date, price and status. Fields that are empty get a value as in a create
// through the API. An account SID that the server doesn't know is a mistake of
// the test, and panics.

// AddSubaccount adds a subaccount and returns it with every field set,
// including its AuthToken. It uses the fields SID, FriendlyName, Status,
// AuthToken, DateCreated and DateUpdated.
func (s *Server) AddSubaccount(acct twilio.Account) twilio.Account {
	return *added[twilio.Account](s, func() resource { return s.addSubaccount(acct) })
}

// AddSubaccounts adds many subaccounts without returning them, so that seeding
// a hundred thousand is quick.
func (s *Server) AddSubaccounts(accts ...twilio.Account) {
	defer s.state.write()()
	for _, acct := range accts {
		s.addSubaccount(acct)
	}
}

func (s *Server) addSubaccount(acct twilio.Account) *account {
	a := &account{
		record:       record{SID: acct.SID, Created: at(acct.DateCreated), Updated: at(acct.DateUpdated)},
		FriendlyName: acct.FriendlyName,
		Status:       string(acct.Status),
		token:        acct.AuthToken.Reveal(),
	}
	s.state.addAccount(a)
	return a
}

// SetStatus changes an account's status as Twilio itself does, for instance to
// suspend the main account. The API can't activate a subaccount that was
// suspended like this.
func (s *Server) SetStatus(accountSID string, status twilio.AccountStatus) {
	defer s.state.write()()
	a := s.mustAccount(accountSID)
	if status == twilio.AccountStatusClosed && !a.isMain() && a.Status != closed {
		s.state.closeAccount(a, s.state.now())
	}
	a.Status = string(status)
	a.suspendedByTwilio = status == twilio.AccountStatusSuspended
}

// Credentials returns the SID and AuthToken of the main account or a
// subaccount.
func (s *Server) Credentials(accountSID string) twilio.Credentials {
	defer s.state.read()()
	a := s.mustAccount(accountSID)
	return twilio.AuthToken(a.SID, a.token)
}

// AddKey adds an API key to an account and returns its credentials and SID.
// Keys created through the API are standard keys; this one is a main key, which
// may manage accounts and keys.
func (s *Server) AddKey(accountSID, friendlyName string) (credentials twilio.Credentials, sid string) {
	defer s.state.write()()
	a := s.mustAccount(accountSID)
	k := &key{FriendlyName: nullString(friendlyName), main: true}
	s.state.addKey(a, k)
	return twilio.APIKey(a.SID, k.SID, k.Secret), k.SID
}

// AddCall adds a call to an account and returns it. A call that isn't finished
// continues as the clock advances, and a completed one without a price gets
// one.
func (s *Server) AddCall(accountSID string, c twilio.Call) *twilio.Call {
	return added[twilio.Call](s, func() resource { return s.addCall(accountSID, c) })
}

// AddCalls adds many calls without returning them, which is quicker.
func (s *Server) AddCalls(accountSID string, all ...twilio.Call) {
	defer s.state.write()()
	for i := range all {
		s.addCall(accountSID, all[i])
	}
}

func (s *Server) addCall(accountSID string, c twilio.Call) *call {
	a := s.mustAccount(accountSID)
	stored := &call{
		record: record{
			SID:     c.SID,
			Created: at(cmp.Or(c.DateCreated, c.StartTime)),
			Updated: at(cmp.Or(c.DateUpdated, c.EndTime)),
		},
		Annotation:  nullString(c.Annotation),
		AnsweredBy:  nullString(string(c.AnsweredBy)),
		CallerName:  nullString(c.CallerName),
		Direction:   cmp.Or(string(c.Direction), "outbound-api"),
		Duration:    unsetInt,
		EndTime:     at(c.EndTime),
		From:        c.From,
		GroupSID:    nullString(c.GroupSID),
		Price:       money{c.Price},
		PriceUnit:   nullString(cmp.Or(c.PriceUnit, "USD")),
		QueueTime:   intString(c.QueueTime),
		StartTime:   at(c.StartTime),
		Status:      cmp.Or(string(c.Status), "completed"),
		To:          c.To,
		ToFormatted: c.ToFormatted, FromFormatted: c.FromFormatted,
		ForwardedFrom:  nullString(c.ForwardedFrom),
		ParentCallSID:  nullString(c.ParentCallSID),
		PhoneNumberSID: nullString(c.PhoneNumberSID),
		TrunkSID:       nullString(c.TrunkSID),
	}
	if stored.finished() {
		stored.Duration = intString(c.Duration)
	}
	if stored.StartTime.IsZero() && stored.Status != "queued" {
		stored.StartTime = at(cmp.Or(stored.Created.Time, s.state.now()))
	}
	s.state.addCall(a, stored)
	return stored
}

// AddMessage adds a message to an account and returns it. A message that isn't
// finished continues as the clock advances.
func (s *Server) AddMessage(accountSID string, m twilio.Message) *twilio.Message {
	return added[twilio.Message](s, func() resource { return s.addMessage(accountSID, m) })
}

// AddMessages adds many messages without returning them, which is quicker.
func (s *Server) AddMessages(accountSID string, all ...twilio.Message) {
	defer s.state.write()()
	for i := range all {
		s.addMessage(accountSID, all[i])
	}
}

func (s *Server) addMessage(accountSID string, m twilio.Message) *message {
	a := s.mustAccount(accountSID)
	stored := &message{
		record: record{
			SID:     m.SID,
			Created: at(cmp.Or(m.DateCreated, m.DateSent)),
			Updated: at(m.DateUpdated),
		},
		Body:                m.Body,
		DateSent:            at(m.DateSent),
		Direction:           cmp.Or(string(m.Direction), "outbound-api"),
		ErrorMessage:        nullString(m.ErrorMessage),
		From:                nullString(m.From),
		MessagingServiceSID: nullString(m.MessagingServiceSID),
		NumMedia:            intString(m.NumMedia),
		NumSegments:         cmp.Or(intString(m.NumSegments), countSegments(m.Body)),
		Price:               money{m.Price},
		PriceUnit:           nullString(m.PriceUnit),
		Status:              cmp.Or(string(m.Status), "delivered"),
		Tags:                m.Tags,
		To:                  m.To,
	}
	if m.ErrorCode != 0 {
		stored.ErrorCode = &m.ErrorCode
	}
	if m.Price.Valid && stored.PriceUnit == "" {
		stored.PriceUnit = "USD"
	}
	if stored.DateSent.IsZero() && stored.finished() && stored.Status != "failed" && stored.Status != "canceled" {
		stored.DateSent = at(cmp.Or(stored.Created.Time, s.state.now()))
	}
	s.state.addMessage(a, stored)
	for range m.NumMedia {
		s.state.addMedia(stored, "")
	}
	return stored
}

// AddPhoneNumber adds a phone number to an account and returns it. Moving a
// number that has a BundleSID or IdentitySID requires one of the new account.
func (s *Server) AddPhoneNumber(accountSID string, n twilio.IncomingPhoneNumber) *twilio.IncomingPhoneNumber {
	return added[twilio.IncomingPhoneNumber](s, func() resource { return s.addNumber(accountSID, n) })
}

// AddPhoneNumbers adds many phone numbers without returning them, which is
// quicker.
func (s *Server) AddPhoneNumbers(accountSID string, all ...twilio.IncomingPhoneNumber) {
	defer s.state.write()()
	for i := range all {
		s.addNumber(accountSID, all[i])
	}
}

func (s *Server) addNumber(accountSID string, n twilio.IncomingPhoneNumber) *number {
	a := s.mustAccount(accountSID)
	if n.PhoneNumber == "" {
		for o := range s.state.offers(planFor("US"), local, "") {
			n.PhoneNumber = o.phone
			break
		}
	}
	stored := &number{
		record:                 record{SID: n.SID, Created: at(n.DateCreated), Updated: at(n.DateUpdated)},
		AddressRequirements:    string(n.AddressRequirements),
		AddressSID:             nullString(n.AddressSID),
		APIVersion:             n.APIVersion,
		Beta:                   n.Beta,
		BundleSID:              nullString(n.BundleSID),
		Capabilities:           capabilities(n.Capabilities),
		EmergencyAddressSID:    nullString(n.EmergencyAddressSID),
		EmergencyAddressStatus: string(n.EmergencyAddressStatus),
		EmergencyStatus:        string(n.EmergencyStatus),
		FriendlyName:           n.FriendlyName,
		IdentitySID:            nullString(n.IdentitySID),
		Origin:                 string(n.Origin),
		PhoneNumber:            n.PhoneNumber,
		SMSApplicationSID:      n.SMSApplicationSID,
		SMSFallbackMethod:      string(n.SMSFallbackMethod),
		SMSFallbackURL:         n.SMSFallbackURL,
		SMSMethod:              string(n.SMSMethod),
		SMSURL:                 n.SMSURL,
		Status:                 n.Status,
		StatusCallback:         n.StatusCallback,
		StatusCallbackMethod:   string(n.StatusCallbackMethod),
		TrunkSID:               nullString(n.TrunkSID),
		Type:                   n.Type,
		VoiceApplicationSID:    n.VoiceApplicationSID,
		VoiceCallerIDLookup:    n.VoiceCallerIDLookup,
		VoiceFallbackMethod:    string(n.VoiceFallbackMethod),
		VoiceFallbackURL:       nullString(n.VoiceFallbackURL),
		VoiceMethod:            string(n.VoiceMethod),
		VoiceReceiveMode:       string(n.VoiceReceiveMode),
		VoiceURL:               nullString(n.VoiceURL),
	}
	stored.complete()
	s.state.addNumber(a, stored)
	return stored
}

// AddAddress adds an address to an account and returns it.
func (s *Server) AddAddress(accountSID string, a twilio.Address) *twilio.Address {
	return added[twilio.Address](s, func() resource { return s.addAddress(accountSID, a) })
}

func (s *Server) addAddress(accountSID string, a twilio.Address) *address {
	to := s.mustAccount(accountSID)
	stored := &address{
		record:           record{SID: a.SID, Created: at(a.DateCreated), Updated: at(a.DateUpdated)},
		City:             a.City,
		CustomerName:     a.CustomerName,
		EmergencyEnabled: a.EmergencyEnabled,
		FriendlyName:     nullString(a.FriendlyName),
		ISOCountry:       cmp.Or(a.ISOCountry, "US"),
		PostalCode:       a.PostalCode,
		Region:           a.Region,
		Street:           a.Street,
		StreetSecondary:  nullString(a.StreetSecondary),
		Validated:        a.Validated,
		Verified:         a.Verified,
	}
	s.state.addAddress(to, stored)
	return stored
}

// AddRecording adds a recording to an account and returns it: a completed one
// unless Status says otherwise. One that isn't finished continues as the clock
// advances, or ends with its call or conference.
func (s *Server) AddRecording(accountSID string, r twilio.Recording) *twilio.Recording {
	return added[twilio.Recording](s, func() resource { return s.addRecording(accountSID, r) })
}

// AddRecordings adds many recordings without returning them, which is quicker.
func (s *Server) AddRecordings(accountSID string, all ...twilio.Recording) {
	defer s.state.write()()
	for i := range all {
		s.addRecording(accountSID, all[i])
	}
}

func (s *Server) addRecording(accountSID string, r twilio.Recording) *recording {
	a := s.mustAccount(accountSID)
	stored := &recording{
		record:        record{SID: r.SID, Created: at(cmp.Or(r.DateCreated, r.StartTime)), Updated: at(r.DateUpdated)},
		CallSID:       nullString(r.CallSID),
		Channels:      r.Channels,
		ConferenceSID: nullString(r.ConferenceSID),
		Duration:      intString(r.Duration),
		Encryption:    r.EncryptionDetails,
		Price:         money{r.Price},
		PriceUnit:     nullString(r.PriceUnit),
		Source:        string(r.Source),
		StartTime:     at(r.StartTime),
		Status:        cmp.Or(string(r.Status), "completed"),
		track:         string(r.Track),
		heard:         time.Duration(r.Duration) * time.Second,
	}
	if r.ErrorCode != 0 {
		stored.ErrorCode = &r.ErrorCode
	}
	if r.Price.Valid && stored.PriceUnit == "" {
		stored.PriceUnit = "USD"
	}
	s.state.addRecording(a, stored, s.state.now())
	return stored
}

// AddTranscription adds the transcription of a recording to an account and returns
// it. It is completed soon unless Status says otherwise.
func (s *Server) AddTranscription(accountSID string, t twilio.Transcription) *twilio.Transcription {
	return added[twilio.Transcription](s, func() resource {
		stored := &transcription{
			record:       record{SID: t.SID, Created: at(t.DateCreated), Updated: at(t.DateUpdated)},
			Duration:     intString(t.Duration),
			Price:        money{t.Price},
			PriceUnit:    nullString(t.PriceUnit),
			RecordingSID: t.RecordingSID,
			Status:       string(t.Status),
			Text:         nullString(t.TranscriptionText),
		}
		s.state.addTranscription(s.mustAccount(accountSID), stored)
		return stored
	})
}

// AddAddOnResult adds what an add-on made of a recording, which ReferenceSID
// names, to an account and returns it.
func (s *Server) AddAddOnResult(accountSID string, r twilio.AddOnResult) *twilio.AddOnResult {
	return added[twilio.AddOnResult](s, func() resource {
		stored := &addOnResult{
			record:           record{SID: r.SID, Created: at(r.DateCreated), Updated: at(r.DateUpdated)},
			AddOnSID:         r.AddOnSID,
			ConfigurationSID: r.AddOnConfigurationSID,
			Completed:        at(r.DateCompleted),
			ReferenceSID:     r.ReferenceSID,
			Status:           string(r.Status),
		}
		s.state.addAddOnResult(s.mustAccount(accountSID), stored)
		return stored
	})
}

// AddAddOnPayload adds data to the result that AddOnResultSID names, and returns
// the payload. A SID that the account doesn't have panics.
func (s *Server) AddAddOnPayload(accountSID string, p twilio.AddOnPayload, data []byte) *twilio.AddOnPayload {
	return added[twilio.AddOnPayload](s, func() resource {
		result, ok := resourcesOf[*addOnResult](s.mustAccount(accountSID)).get(p.AddOnResultSID)
		if !ok {
			panic("twiliotest: no add-on result " + p.AddOnResultSID + " on this server")
		}
		stored := &payload{
			record:      record{SID: p.SID, Created: at(p.DateCreated), Updated: at(p.DateUpdated)},
			ContentType: p.ContentType,
			Label:       p.Label,
			data:        slices.Clone(data),
		}
		s.state.addPayload(result, stored)
		return stored
	})
}

// AddCallerID adds a phone number that the account has verified and may call
// from.
func (s *Server) AddCallerID(accountSID, phoneNumber string) {
	defer s.state.write()()
	s.state.addCallerID(s.mustAccount(accountSID), &callerID{PhoneNumber: phoneNumber})
}

// AddUsageRecord adds usage of one category to an account, on the day (UTC) of
// StartDate, on top of that of its calls, messages and numbers. It uses the
// fields Category, StartDate (today if empty), Count, Usage and Price, which is
// positive and in US dollars. Categories nest: calls-outbound counts in calls,
// and everything in totalprice.
func (s *Server) AddUsageRecord(accountSID string, r twilio.UsageRecord) {
	defer s.state.write()()
	s.addUsageRecord(accountSID, r)
}

func (s *Server) addUsageRecord(accountSID string, r twilio.UsageRecord) {
	a := s.mustAccount(accountSID)
	value := func(d decimal.NullDecimal) decimal.Decimal { return d.Decimal }
	s.state.bill(a, cmp.Or(r.StartDate, s.state.now()), string(r.Category),
		amounts{int64(r.Count), value(r.Usage), value(r.Price)})
}

func (s *Server) mustAccount(accountSID string) *account {
	a, ok := s.state.accounts.get(accountSID)
	if !ok {
		panic("twiliotest: no account " + accountSID + " on this server")
	}
	return a
}

// added adds a resource and returns it as the SDK reads it, so that all of its
// fields are those that a later request would return. It returns nil if nothing
// was added.
func added[T any](s *Server, add func() resource) *T {
	body := s.encoded(add)
	if body == nil {
		return nil
	}
	out := new(T)
	client, err := s.decoder()
	if err == nil {
		ctx := context.WithValue(context.Background(), bodyKey{}, body)
		err = client.Do(ctx, http.MethodGet, root+"/Accounts.json", nil, out)
	}
	if err != nil {
		panic(fmt.Sprintf("twiliotest: %v", err))
	}
	return out
}

// encoded adds a resource and returns its JSON form, or nil if nothing was added.
func (s *Server) encoded(add func() resource) []byte {
	defer s.state.write()()
	if item := add(); item != nil {
		return s.state.encoder.encode(item.wire())
	}
	return nil
}

// newDecoder returns a client that sends nothing: it decodes what is in the
// context.
func newDecoder() (*twilio.Client, error) {
	return twilio.NewClient(
		twilio.AuthToken("AC00000000000000000000000000000000", "unused"),
		twilio.WithHTTPClient(&http.Client{Transport: bodyKey{}}))
}

// bodyKey is the key of the body in a context, and its round tripper.
type bodyKey struct{}

func (bodyKey) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := r.Context().Value(bodyKey{}).([]byte)
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     make(http.Header),
		Body:       io.NopCloser(bytes.NewReader(body)),
		Request:    r,
	}, nil
}
