// Package webhookrows is a table of the webhooks that the fake sends: how each
// comes about, from which of the URLs that can be configured, and with which
// parameters. The fake's tests and those with Twilio's own validator share it.
package webhookrows

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// URL is where the webhook of each row goes; only that of the row does.
const URL = "https://hooks.example.com/hook?customer=7"

// Ours is the phone number of the customer, and Theirs who is called and
// messaged.
const (
	Ours   = "+15105647903"
	Theirs = "+14158141829"
)

// A Row is a webhook.
type Row struct {
	// Name is the kind and where its URL comes from.
	Name string
	Kind twiliotest.WebhookKind
	// Params are the names of the parameters, in the order on the wire.
	Params string
	// Do makes the webhook happen, for an account with a phone number.
	Do func(ctx context.Context, c Customer) error
}

// A Customer is a subaccount of the fake, its client and its phone number's SID.
type Customer struct {
	Fake      *twiliotest.Server
	SID       string
	Client    *twilio.Client
	NumberSID string
	TwiML     *TwiML
}

// TwiML responds to all URLs but [URL], with what is set.
type TwiML struct {
	Text string
	// Hook is called with the requests to URL.
	Hook http.Handler
}

// ServeHTTP responds to a webhook.
func (t *TwiML) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/hook" {
		t.Hook.ServeHTTP(w, r)
		return
	}
	if r.URL.Path == "/broken" {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = io.WriteString(w, "<Response>"+t.Text+"</Response>")
}

// Run makes the webhook of a row happen on a fake of its own. The hook is called
// with it.
func (row Row) Run(ctx context.Context, hook http.Handler, opts ...twiliotest.Option) (*twiliotest.Server, error) {
	twiml := &TwiML{Hook: hook}
	opts = append([]twiliotest.Option{
		twiliotest.WithStart(twiliotest.DefaultStart), twiliotest.WithWebhooks(twiml), twiliotest.WithCallDuration(time.Minute),
	}, opts...)
	fake := twiliotest.NewUnstartedServer(opts...)
	sub := fake.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	number := fake.AddPhoneNumber(sub.SID, twilio.IncomingPhoneNumber{PhoneNumber: Ours})
	c := Customer{fake, sub.SID, fake.Client().Subaccount(sub.SID), number.SID, twiml}
	if err := row.Do(ctx, c); err != nil {
		return nil, fmt.Errorf("%s: %w", row.Name, err)
	}
	fake.Advance(10 * time.Minute)
	return fake, nil
}

const (
	other  = "https://hooks.example.com/twiml"
	broken = "https://hooks.example.com/broken"

	messageHead = "ToCountry ToState SmsMessageSid NumMedia ToCity FromZip SmsSid FromState SmsStatus FromCity Body FromCountry To "
	messageTail = "ToZip NumSegments MessageSid AccountSid From ApiVersion"
	message     = messageHead + messageTail
	status      = "SmsSid SmsStatus MessageStatus To MessageSid AccountSid From ApiVersion"
	serviced    = "SmsSid SmsStatus MessageStatus To MessagingServiceSid MessageSid AccountSid From ApiVersion"
	voice       = "Called ToState CallerCountry Direction CallerState ToZip CallSid To CallerZip ToCountry ApiVersion CalledZip " +
		"CalledCity CallStatus From AccountSid CalledCountry CallerCity Caller FromCountry ToCity FromCity CalledState FromZip FromState"
	progressHead   = "Called ToState CallerCountry Direction Timestamp CallbackSource "
	progressMiddle = "CallerState ToZip SequenceNumber To CallSid ToCountry CallerZip CalledZip ApiVersion CallStatus CalledCity "
	progressTail   = "AccountSid CalledCountry CallerCity ToCity FromCountry Caller FromCity CalledState FromZip FromState"
	began          = progressHead + progressMiddle + "From " + progressTail
	received       = progressHead + progressMiddle + "Duration From CallDuration " + progressTail
	ended          = progressHead + "SipResponseCode " + progressMiddle + "Duration From CallDuration " + progressTail
	recording      = "RecordingSource RecordingTrack RecordingSid RecordingUrl RecordingStatus RecordingChannels ErrorCode CallSid " +
		"RecordingStartTime AccountSid RecordingDuration"
	conference = "ConferenceSid FriendlyName AccountSid SequenceNumber Timestamp StatusCallbackEvent"
	debugger   = "Sid AccountSid ParentAccountSid Timestamp Level PayloadType Payload"
)

// Rows returns the table.
func Rows() []Row {
	return []Row{
		{"message: the number", twiliotest.WebhookMessage, message, func(ctx context.Context, c Customer) error {
			return c.receive(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(URL)}))
		}},
		{"message: the number's application", twiliotest.WebhookMessage, message, func(ctx context.Context, c Customer) error {
			app, err := c.application(ctx, twilio.ApplicationCreateParams{SMSURL: URL})
			if err != nil {
				return err
			}
			return c.receive(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSApplicationSID: &app, SMSURL: new(other)}))
		}},
		{"message: the messaging service", twiliotest.WebhookMessage, messageHead + "MessagingServiceSid " + messageTail, func(ctx context.Context, c Customer) error {
			err := c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(other)})
			if err == nil {
				_, err = c.service(ctx, twilio.MessagingServiceUpdateParams{InboundRequestURL: new(URL)})
			}
			return c.receive(err)
		}},
		{"message: the number, by its messaging service", twiliotest.WebhookMessage, messageHead + "MessagingServiceSid " + messageTail, func(ctx context.Context, c Customer) error {
			err := c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(URL)})
			if err == nil {
				_, err = c.service(ctx, twilio.MessagingServiceUpdateParams{InboundRequestURL: new(other), UseInboundWebhookOnNumber: new(true)})
			}
			return c.receive(err)
		}},
		{"message: the short code", twiliotest.WebhookMessage, message, func(_ context.Context, c Customer) error {
			c.Fake.AddShortCode(c.SID, twilio.ShortCode{ShortCode: "12345", SMSURL: URL, SMSMethod: "POST"})
			c.Fake.ReceiveMessage(twiliotest.InboundMessage{From: Theirs, To: "12345", Body: "Ahoy"})
			return nil
		}},
		{"message: by GET", twiliotest.WebhookMessage, message, func(ctx context.Context, c Customer) error {
			return c.receive(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(URL), SMSMethod: new(twilio.HTTPMethodGet)}))
		}},
		{"message: the fallback", twiliotest.WebhookMessage, message + " ErrorCode ErrorUrl", func(ctx context.Context, c Customer) error {
			return c.receive(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(broken), SMSFallbackURL: new(URL)}))
		}},
		{"message: with media", twiliotest.WebhookMessage, message + " MediaContentType0 MediaUrl0 MediaContentType1 MediaUrl1", func(ctx context.Context, c Customer) error {
			err := c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(URL)})
			c.Fake.ReceiveMessage(twiliotest.InboundMessage{From: Theirs, To: Ours, Media: []string{"a.png", "b.gif"}})
			return err
		}},
		{
			"message: WhatsApp", twiliotest.WebhookMessage,
			"SmsMessageSid NumMedia ProfileName MessageType SmsSid WaId SmsStatus Body To NumSegments ReferralNumMedia MessageSid AccountSid From ApiVersion",
			func(ctx context.Context, c Customer) error {
				err := c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(URL)})
				c.Fake.ReceiveMessage(twiliotest.InboundMessage{From: "whatsapp:" + Theirs, To: "whatsapp:" + Ours, Body: "Ahoy ü €", ProfileName: "Ann"})
				return err
			},
		},
		{"status: the message", twiliotest.WebhookMessageStatus, status, func(ctx context.Context, c Customer) error {
			return c.send(ctx, twilio.MessageCreateParams{From: Ours, StatusCallback: URL})
		}},
		{"status: the application", twiliotest.WebhookMessageStatus, status, func(ctx context.Context, c Customer) error {
			app, err := c.application(ctx, twilio.ApplicationCreateParams{MessageStatusCallback: URL})
			if err != nil {
				return err
			}
			return c.send(ctx, twilio.MessageCreateParams{From: Ours, ApplicationSID: app})
		}},
		{"status: the messaging service", twiliotest.WebhookMessageStatus, serviced, func(ctx context.Context, c Customer) error {
			service, err := c.service(ctx, twilio.MessagingServiceUpdateParams{StatusCallback: new(URL)})
			if err != nil {
				return err
			}
			return c.send(ctx, twilio.MessageCreateParams{MessagingServiceSID: service})
		}},
		{"status: the message of a service", twiliotest.WebhookMessageStatus, serviced, func(ctx context.Context, c Customer) error {
			service, err := c.service(ctx, twilio.MessagingServiceUpdateParams{StatusCallback: new(other)})
			if err != nil {
				return err
			}
			return c.send(ctx, twilio.MessageCreateParams{MessagingServiceSID: service, StatusCallback: URL})
		}},
		{"status: the reply", twiliotest.WebhookMessageStatus, status, func(ctx context.Context, c Customer) error {
			c.TwiML.Text = `<Message statusCallback="/hook?customer=7">Thanks</Message>`
			return c.receive(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(other)}))
		}},
		{"status: failed", twiliotest.WebhookMessageStatus, "ErrorCode " + status, func(ctx context.Context, c Customer) error {
			c.Fake.SetOutcome(twiliotest.Outcome{To: Theirs, MessageStatus: "failed", ErrorCode: 30005})
			return c.send(ctx, twilio.MessageCreateParams{From: Ours, StatusCallback: URL})
		}},
		{"call: its Url", twiliotest.WebhookCall, voice, func(ctx context.Context, c Customer) error {
			return c.call(ctx, twilio.CallCreateParams{URL: URL})
		}},
		{"call: its Url by GET", twiliotest.WebhookCall, voice, func(ctx context.Context, c Customer) error {
			return c.call(ctx, twilio.CallCreateParams{URL: URL, Method: "GET"})
		}},
		{"call: its application", twiliotest.WebhookCall, voice + " ApplicationSid", func(ctx context.Context, c Customer) error {
			app, err := c.application(ctx, twilio.ApplicationCreateParams{VoiceURL: URL})
			if err != nil {
				return err
			}
			return c.call(ctx, twilio.CallCreateParams{ApplicationSID: app})
		}},
		{"call: the number", twiliotest.WebhookCall, voice, func(ctx context.Context, c Customer) error {
			return c.ring(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{VoiceURL: new(URL)}))
		}},
		{"call: the number's application", twiliotest.WebhookCall, voice + " ApplicationSid", func(ctx context.Context, c Customer) error {
			app, err := c.application(ctx, twilio.ApplicationCreateParams{VoiceURL: URL})
			if err != nil {
				return err
			}
			return c.ring(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{VoiceApplicationSID: &app}))
		}},
		{"call: the fallback", twiliotest.WebhookCall, voice + " ErrorCode ErrorUrl", func(ctx context.Context, c Customer) error {
			return c.ring(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{VoiceURL: new(broken), VoiceFallbackURL: new(URL)}))
		}},
		{"call: Gather", twiliotest.WebhookCall, voice + " FinishedOnKey Digits msg", func(ctx context.Context, c Customer) error {
			c.Fake.SetOutcome(twiliotest.Outcome{To: Theirs, Digits: "12#"})
			return c.callWith(ctx, `<Gather action="`+URL+`"/>`)
		}},
		{"call: Record", twiliotest.WebhookCall, voice + " RecordingUrl RecordingSid RecordingDuration", func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Record action="`+URL+`"/>`)
		}},
		{"call: Dial", twiliotest.WebhookCall, voice + " DialCallSid DialCallStatus DialCallDuration DialBridged", func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Dial action="`+URL+`">+16518675310</Dial>`)
		}},
		{"call: a Number's url", twiliotest.WebhookCall, voice + " ParentCallSid", func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Dial><Number url="`+URL+`">+16518675310</Number></Dial>`)
		}},
		{"call: Enqueue's waitUrl", twiliotest.WebhookCall, voice + " QueueSid QueuePosition QueueTime AvgQueueTime CurrentQueueSize MaxQueueSize", func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Enqueue waitUrl="`+URL+`">support</Enqueue>`)
		}},
		{"call: Redirect", twiliotest.WebhookCall, voice, func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Redirect>`+URL+`</Redirect>`)
		}},
		{"call status: the call", twiliotest.WebhookCallStatus, ended, func(ctx context.Context, c Customer) error {
			return c.call(ctx, twilio.CallCreateParams{URL: other, StatusCallback: URL})
		}},
		{"call status: the call's beginning", twiliotest.WebhookCallStatus, began, func(ctx context.Context, c Customer) error {
			return c.call(ctx, twilio.CallCreateParams{URL: other, StatusCallback: URL, StatusCallbackEvent: []twilio.CallEvent{"initiated"}})
		}},
		{"call status: the application", twiliotest.WebhookCallStatus, ended + " ApplicationSid", func(ctx context.Context, c Customer) error {
			app, err := c.application(ctx, twilio.ApplicationCreateParams{VoiceURL: other, StatusCallback: URL})
			if err != nil {
				return err
			}
			return c.call(ctx, twilio.CallCreateParams{ApplicationSID: app})
		}},
		{"call status: the number", twiliotest.WebhookCallStatus, received, func(ctx context.Context, c Customer) error {
			return c.ring(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{VoiceURL: new(other), StatusCallback: new(URL)}))
		}},
		{"call status: a Number of a Dial", twiliotest.WebhookCallStatus, ended + " ParentCallSid", func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Dial><Number statusCallback="`+URL+`">+16518675310</Number></Dial>`)
		}},
		{"call status: the participant", twiliotest.WebhookCallStatus, ended, func(ctx context.Context, c Customer) error {
			return c.participant(ctx, twilio.ParticipantCreateParams{StatusCallback: URL})
		}},
		{"machine: the call", twiliotest.WebhookMachine, "CallSid AccountSid AnsweredBy MachineDetectionDuration", func(ctx context.Context, c Customer) error {
			return c.call(ctx, twilio.CallCreateParams{URL: other, MachineDetection: "Enable", AsyncAMD: "true", AsyncAMDStatusCallback: URL})
		}},
		{"recording: the call", twiliotest.WebhookRecording, recording, func(ctx context.Context, c Customer) error {
			return c.call(ctx, twilio.CallCreateParams{URL: other, Record: true, RecordingStatusCallback: URL})
		}},
		{"recording: of a call in progress", twiliotest.WebhookRecording, recording, func(ctx context.Context, c Customer) error {
			call, err := c.Client.Calls.Create(ctx, twilio.CallCreateParams{From: Ours, To: Theirs, URL: other})
			if err != nil {
				return err
			}
			c.Fake.Advance(10 * time.Second)
			_, err = c.Client.Calls.Recordings.Create(ctx, call.SID, twilio.CallRecordingCreateParams{RecordingStatusCallback: URL})
			return err
		}},
		{"recording: Record", twiliotest.WebhookRecording, recording, func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Record action="`+other+`2" recordingStatusCallback="`+URL+`"/>`)
		}},
		{"recording: Dial", twiliotest.WebhookRecording, recording, func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Dial record="record-from-answer" recordingStatusCallback="`+URL+`">+16518675310</Dial>`)
		}},
		{
			"recording: Conference", twiliotest.WebhookRecording, strings.Replace(recording, "CallSid", "CallSid ConferenceSid", 1),
			func(ctx context.Context, c Customer) error {
				return c.callWith(ctx, `<Dial><Conference record="record-from-start" recordingStatusCallback="`+URL+`">Room</Conference></Dial>`)
			},
		},
		{
			"recording: the participant's conference", twiliotest.WebhookRecording, strings.Replace(recording, "CallSid", "ConferenceSid", 1),
			func(ctx context.Context, c Customer) error {
				return c.participant(ctx, twilio.ParticipantCreateParams{ConferenceRecord: "true", ConferenceRecordingStatusCallback: URL})
			},
		},
		{"recording: the participant", twiliotest.WebhookRecording, recording, func(ctx context.Context, c Customer) error {
			return c.participant(ctx, twilio.ParticipantCreateParams{Record: true, RecordingStatusCallback: URL})
		}},
		{
			"transcription: Record", twiliotest.WebhookTranscription,
			voice + " TranscriptionSid TranscriptionText TranscriptionStatus TranscriptionUrl RecordingSid RecordingUrl",
			func(ctx context.Context, c Customer) error {
				return c.callWith(ctx, `<Record action="`+other+`2" transcribeCallback="`+URL+`"/>`)
			},
		},
		{"conference: Conference", twiliotest.WebhookConference, conference, func(ctx context.Context, c Customer) error {
			return c.callWith(ctx, `<Dial><Conference statusCallback="`+URL+`" statusCallbackEvent="start">Room</Conference></Dial>`)
		}},
		{"conference: the first participant", twiliotest.WebhookConference, conference, func(ctx context.Context, c Customer) error {
			return c.participant(ctx, twilio.ParticipantCreateParams{ConferenceStatusCallback: URL})
		}},
		{
			"conference: a participant joins", twiliotest.WebhookConference,
			conference + " CallSid ParticipantLabel Muted Hold Coaching StartConferenceOnEnter EndConferenceOnExit",
			func(ctx context.Context, c Customer) error {
				return c.participant(ctx, twilio.ParticipantCreateParams{
					Label: "Ann", ConferenceStatusCallback: URL, ConferenceStatusCallbackEvent: []twilio.ConferenceEvent{"join"},
				})
			},
		},
		{
			"usage trigger", twiliotest.WebhookUsageTrigger,
			"AccountSid UsageTriggerSid DateFired Recurring UsageCategory TriggerBy TriggerValue CurrentValue UsageRecordUri IdempotencyToken",
			func(ctx context.Context, c Customer) error {
				_, err := c.Client.Usage.Triggers.Create(ctx, twilio.UsageTriggerCreateParams{
					CallbackURL: URL, TriggerValue: "1", UsageCategory: "sms", TriggerBy: "count", Recurring: "daily",
				})
				if err != nil {
					return err
				}
				return c.send(ctx, twilio.MessageCreateParams{From: Ours})
			},
		},
		{"caller ID", twiliotest.WebhookCallerID, voice + " VerificationStatus OutgoingCallerIdSid", func(ctx context.Context, c Customer) error {
			_, err := c.Client.OutgoingCallerIDs.Validate(ctx, twilio.ValidationRequestParams{PhoneNumber: Theirs, StatusCallback: URL})
			return err
		}},
		{"debugger: the subaccount", twiliotest.WebhookDebugger, debugger, func(ctx context.Context, c Customer) error {
			c.Fake.SetDebugger(c.SID, URL)
			return c.receive(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(broken)}))
		}},
		{"debugger: the main account", twiliotest.WebhookDebugger, debugger, func(ctx context.Context, c Customer) error {
			c.Fake.SetDebugger(c.Fake.AccountSID, URL)
			return c.receive(c.number(ctx, twilio.IncomingPhoneNumberUpdateParams{SMSURL: new(broken)}))
		}},
	}
}

func (c Customer) number(ctx context.Context, params twilio.IncomingPhoneNumberUpdateParams) error {
	_, err := c.Client.IncomingPhoneNumbers.Update(ctx, c.NumberSID, params)
	return err
}

func (c Customer) application(ctx context.Context, params twilio.ApplicationCreateParams) (sid string, err error) {
	app, err := c.Client.Applications.Create(ctx, params)
	if err != nil {
		return "", err
	}
	return app.SID, nil
}

func (c Customer) service(ctx context.Context, params twilio.MessagingServiceUpdateParams) (sid string, err error) {
	sid = c.Fake.AddMessagingService(c.SID, Ours)
	own := c.Client.WithCredentials(c.Fake.Credentials(c.SID))
	_, err = own.MessagingServices.Update(ctx, sid, params)
	return sid, err
}

// receive lets a message arrive, unless there was an error before.
func (c Customer) receive(err error) error {
	if err == nil {
		c.Fake.ReceiveMessage(twiliotest.InboundMessage{From: Theirs, To: Ours, Body: "Ahoy there!"})
	}
	return err
}

// ring lets a call arrive, unless there was an error before.
func (c Customer) ring(err error) error {
	if err == nil {
		c.Fake.ReceiveCall(twiliotest.InboundCall{From: Theirs, To: Ours})
	}
	return err
}

func (c Customer) send(ctx context.Context, params twilio.MessageCreateParams) error {
	params.To, params.Body = Theirs, "Ahoy"
	_, err := c.Client.Messages.Create(ctx, params)
	return err
}

func (c Customer) call(ctx context.Context, params twilio.CallCreateParams) error {
	params.From, params.To = Ours, Theirs
	_, err := c.Client.Calls.Create(ctx, params)
	return err
}

// callWith makes a call with the verbs.
func (c Customer) callWith(ctx context.Context, verbs string) error {
	c.TwiML.Text = "<Pause/>" // of what the verbs lead to
	return c.call(ctx, twilio.CallCreateParams{TwiML: "<Response>" + verbs + "</Response>"})
}

func (c Customer) participant(ctx context.Context, params twilio.ParticipantCreateParams) error {
	params.From, params.To = Ours, Theirs
	_, err := c.Client.Conferences.Participants.Create(ctx, "Room", params)
	return err
}
