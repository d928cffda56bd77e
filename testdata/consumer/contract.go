package consumer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Onboard sets up a customer in one call, and again in small ones.
func Onboard(ctx context.Context, client *twilio.Client, save func(accountSID string, s twilio.Secret) error) (*twilio.Account, error) {
	report, err := client.Accounts.Provision(ctx, twilio.ProvisionParams{
		FriendlyName: "customer-1",
		Key:          &twilio.KeyCreateParams{FriendlyName: "backend"},
		SaveKey:      func(_ context.Context, accountSID string, key *twilio.Key) error { return save(accountSID, key.Secret) },
		Address: &twilio.AddressCreateParams{FriendlyName: "office", CustomerName: "Customer", Street: "1 Main St",
			City: "Springfield", Region: "IL", PostalCode: "62701", ISOCountry: "US"},
		Trigger: &twilio.UsageTriggerCreateParams{UsageCategory: twilio.UsageCategoryTotalPrice, TriggerBy: twilio.UsageTriggerFieldPrice,
			Recurring: twilio.UsageTriggerRecurringDaily, TriggerValue: "25.50", CallbackURL: "https://example.com/limit"},
		Number: &twilio.BuyParams{Country: "US", Number: twilio.IncomingPhoneNumberCreateParams{
			VoiceURL: "https://example.com/voice", VoiceMethod: twilio.HTTPMethodPost}},
	}, twilio.WithRequestTimeout(time.Minute), twilio.WithRequestRetries(1))
	if err != nil {
		return nil, err
	}
	if all := (twilio.ProvisionedParts{Account: true, Key: true, Address: true, Trigger: true, Number: true}); report.Created != all {
		return nil, fmt.Errorf("created %+v", report.Created)
	}
	sub := client.Subaccount(report.Account.SID)
	num, err := sub.IncomingPhoneNumbers.Buy(ctx, twilio.BuyParams{Country: "US", Type: twilio.PhoneNumberLocal,
		Search: twilio.AvailablePhoneNumberListParams{AreaCode: "415", Limit: 5}, Number: twilio.IncomingPhoneNumberCreateParams{FriendlyName: "second"}})
	if err != nil || num.AccountSID != report.Account.SID {
		return nil, fmt.Errorf("buy: %w", err)
	}
	_, err = sub.IncomingPhoneNumbers.Buy(ctx, twilio.BuyParams{Country: "US", Search: twilio.AvailablePhoneNumberListParams{Contains: "+19999999999"}})
	if !errors.Is(err, twilio.ErrNoPhoneNumber) {
		return nil, fmt.Errorf("buy of none: %w", err)
	}
	for i := range 2 {
		trigger, created, err := sub.Usage.Triggers.Ensure(ctx, twilio.UsageTriggerCreateParams{FriendlyName: "calls", UsageCategory: twilio.UsageCategoryCalls,
			TriggerValue: "+1000", CallbackURL: "https://example.com/calls"})
		if err != nil || created != (i == 0) || trigger.SID == "" {
			return nil, fmt.Errorf("trigger: created %t: %w", created, err)
		}
	}
	return report.Account, nil
}

// Flow is a resource of a product that has no types here.
type Flow struct {
	SID          string `json:"sid"`
	FriendlyName string `json:"friendly_name"`
}

// Products reaches other hosts, with types and without.
func Products(ctx context.Context, client *twilio.Client, acct *twilio.Account, form url.Values) error {
	sub, own := client.Subaccount(acct.SID), client.WithCredentials(acct.Credentials())
	var flow Flow
	err := own.Do(ctx, "POST", "https://studio.twilio.com/v2/Flows", form, &flow)
	if err != nil || flow.SID == "" {
		return fmt.Errorf("flow: %w", err)
	}
	if err := own.Do(ctx, "POST", "https://studio.twilio.com/v2/Flows", nil, nil, twilio.WithJSON(map[string]any{"FriendlyName": "x"})); err != nil {
		return err
	}
	n := 0
	for flow, err := range twilio.All[Flow](ctx, own, "https://studio.twilio.com/v2/Flows", nil) {
		if err != nil {
			return err
		}
		_, n = flow.FriendlyName, n+1
	}
	if n == 0 {
		return errors.New("no flows")
	}
	err = sub.Do(ctx, "POST", "https://studio.twilio.com/v2/Flows", form, &flow)
	if _, ok := errors.AsType[*twilio.ParamError](err); !ok {
		return fmt.Errorf("main credentials on a product's host: %w", err)
	}

	svc, err := own.MessagingServices.Create(ctx, twilio.MessagingServiceCreateParams{FriendlyName: "campaign"})
	if err != nil {
		return err
	}
	for sender, err := range own.MessagingServices.PhoneNumbers.All(ctx, svc.SID, twilio.MessagingServicePhoneNumberListParams{}) {
		return fmt.Errorf("%v of a new service: %w", sender, err)
	}
	set, err := own.VoiceSettings.Update(ctx, twilio.VoiceSettingsUpdateParams{DialingPermissionsInheritance: new(false)})
	if err != nil || set.DialingPermissionsInheritance {
		return fmt.Errorf("settings: %w", err)
	}
	key, err := own.IAM.Keys.Create(ctx, twilio.IAMKeyCreateParams{AccountSID: acct.SID, FriendlyName: "calls", KeyType: twilio.IAMKeyTypeRestricted,
		Policy: twilio.IAMPolicy{Allow: []string{"/twilio/voice/calls/read"}}})
	if err != nil || key.Secret.IsZero() {
		return fmt.Errorf("key: %w", err)
	}
	return nil
}

// CloneBundle clones a regulatory bundle of the main account.
func CloneBundle(ctx context.Context, client *twilio.Client, bundleSID, sid string) error {
	clone, err := client.Regulatory.Bundles.Clone(ctx, bundleSID, twilio.BundleCloneParams{TargetAccountSID: sid})
	if err != nil || clone.SID == bundleSID {
		return fmt.Errorf("clone: %w", err)
	}
	return nil
}

// Rotate replaces an account's token, by hand and as a workflow.
func Rotate(ctx context.Context, client *twilio.Client, sid string) error {
	acct, err := client.Accounts.Get(ctx, sid)
	if err != nil {
		return err
	}
	own := client.WithCredentials(acct.Credentials())
	second, err := own.AuthTokens.CreateSecondary(ctx)
	if err != nil || second.AuthToken.IsZero() {
		return fmt.Errorf("secondary: %w", err)
	}
	if err := own.AuthTokens.DeleteSecondary(ctx); err != nil {
		return err
	}
	var saved twilio.Secret
	acct, err = client.Accounts.RotateAuthToken(ctx, sid, twilio.RotateAuthTokenParams{Save: func(_ context.Context, t twilio.Secret) error {
		saved = t
		return nil
	}})
	if err != nil || !acct.AuthToken.Equal(saved) || acct.AuthToken.Equal(second.AuthToken) {
		return fmt.Errorf("rotate: %w", err)
	}
	return nil
}

// Listen downloads what was recorded, and erases it.
func Listen(ctx context.Context, sub *twilio.Client, recording *twilio.Recording, w io.Writer) error {
	info, err := sub.Recordings.Media(ctx, recording.SID, twilio.RecordingMediaParams{Format: twilio.RecordingFormatMP3}, w,
		twilio.WithProgress(func(written, total int64) { _, _ = written, total }))
	if err != nil || info.ContentType == "" || info.Bytes == 0 {
		return fmt.Errorf("media: %w", err)
	}
	recordingPath := "/2010-04-01/Accounts/" + sub.AccountSID() + "/Recordings/" + recording.SID
	if err = sub.Do(ctx, "GET", recordingPath+".mp3", nil, w); err != nil {
		return err
	}
	report, err := sub.Recordings.Erase(ctx, twilio.RecordingListParams{}, twilio.EraseParams{Confirm: true, Concurrency: 2})
	if err != nil || len(report.Found) != len(report.Erased) || len(report.Remaining) > 0 {
		return fmt.Errorf("erase: %w", err)
	}
	return nil
}

// Nested names parents' SIDs first.
func Nested(ctx context.Context, sub *twilio.Client, messageSID, conferenceSID, credentialListSID string) error {
	for m, err := range sub.Messages.Media.All(ctx, messageSID, twilio.MediaListParams{}) {
		if err != nil || m.SID == "" {
			return err
		}
	}
	if _, err := sub.Conferences.Participants.Create(ctx, conferenceSID, twilio.ParticipantCreateParams{From: "+14155550100", To: "+14155550101", Label: "agent",
		ConferenceRecord: twilio.ConferenceRecordTrue}); err != nil {
		return err
	}
	p, err := sub.Conferences.Participants.Update(ctx, conferenceSID, "agent", twilio.ParticipantUpdateParams{Muted: new(true)})
	if err != nil || !p.Muted {
		return fmt.Errorf("participant: %w", err)
	}
	list, err := sub.SIP.CredentialLists.Credentials.List(ctx, credentialListSID, twilio.SIPCredentialListParams{})
	if err != nil || list.HasNext() {
		return fmt.Errorf("credentials: %w", err)
	}
	return nil
}

// Enums are typed.
func Enums() twilio.CallCreateParams {
	return twilio.CallCreateParams{
		From: "+14158141829", To: "+16518675310", URL: "https://example.com/twiml", Method: twilio.HTTPMethodGet,
		StatusCallbackEvent: []twilio.CallEvent{twilio.CallEventInitiated, twilio.CallEventCompleted},
		Record:              true, RecordingChannels: twilio.RecordingChannelsDual, RecordingTrack: twilio.RecordingTrackBoth,
		Trim: twilio.RecordingTrimSilence, MachineDetection: twilio.MachineDetectionEnable, AsyncAMD: twilio.AsyncAMDTrue,
		RecordingStatusCallbackEvent: []twilio.RecordingEvent{twilio.RecordingEventCompleted},
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Watched is how a client's requests are counted.
func Watched(count func(twilio.RequestInfo)) []twilio.Option {
	return []twilio.Option{twilio.WithInsecureHTTP(), twilio.WithTransport(func(base http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			if info, ok := twilio.RequestFromContext(r.Context()); ok {
				count(info)
			}
			return base.RoundTrip(r)
		})
	})}
}

// Paths are the subresources' names and paths of an account.
func Paths(acct *twilio.Account) map[string]string {
	paths := map[string]string{}
	for name, path := range acct.SubresourceURIs.All() {
		if acct.SubresourceURIs.Get(name) == path {
			paths[name] = path
		}
	}
	return paths
}

// Secrets are made from a text, and never written back.
func Secrets(text string) bool {
	s := twilio.NewSecret(text)
	var t twilio.Secret
	return t.UnmarshalText([]byte(text)) == nil && s.Equal(t) && t.Reveal() == text
}
