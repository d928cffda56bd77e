package twilio

import (
	"context"
	"time"
)

// A RealtimeTranscriptionStatus is the state of a transcription of a call. The
// set is open: a value that is not among the constants passes through.
type RealtimeTranscriptionStatus string

// The states of a transcription of a call. The second is final.
const (
	RealtimeTranscriptionStatusInProgress RealtimeTranscriptionStatus = "in-progress"
	RealtimeTranscriptionStatusStopped    RealtimeTranscriptionStatus = "stopped"
)

// A RealtimeTranscription turns what is said in a call into text, while the
// call continues. The text goes to the status callback.
//
// See https://www.twilio.com/docs/voice/api/realtime-transcription-resource.
type RealtimeTranscription struct {
	// SID identifies the transcription: GT and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the transcription belongs to.
	AccountSID string `json:"account_sid"`
	// CallSID is the call that is transcribed.
	CallSID string `json:"call_sid"`
	// Name is the name that the transcription was created with, if any.
	Name string `json:"name"`
	// Status is in-progress or stopped.
	Status RealtimeTranscriptionStatus `json:"status"`
	// DateUpdated is when the transcription was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the transcription's own path.
	URI string `json:"uri"`
}

// RealtimeTranscriptionCreateParams are the parameters of
// [RealtimeTranscriptionService.Create].
type RealtimeTranscriptionCreateParams struct {
	// Name is a name by which the transcription can be stopped, unique within
	// the call.
	Name string `url:"Name,omitempty"`
	// Track is what to transcribe; both_tracks by default.
	Track Track `url:"Track,omitempty"`
	// StatusCallbackURL is the URL that Twilio sends the text to.
	StatusCallbackURL string `url:"StatusCallbackUrl,omitempty"`
	// StatusCallbackMethod is how StatusCallbackURL is requested; POST by
	// default.
	StatusCallbackMethod HTTPMethod `url:"StatusCallbackMethod,omitempty"`
	// InboundTrackLabel is a name for the inbound track.
	InboundTrackLabel string `url:"InboundTrackLabel,omitempty"`
	// OutboundTrackLabel is a name for the outbound track.
	OutboundTrackLabel string `url:"OutboundTrackLabel,omitempty"`
	// PartialResults sends text before the speaker has finished.
	PartialResults bool `url:"PartialResults,omitempty"`
	// LanguageCode is the language in BCP 47 form; en-US by default.
	LanguageCode string `url:"LanguageCode,omitempty"`
	// TranscriptionEngine is the provider to use, such as google or deepgram.
	TranscriptionEngine string `url:"TranscriptionEngine,omitempty"`
	// ProfanityFilter is new(false) to leave profanities as they are. By
	// default all but their first letters are replaced with asterisks.
	ProfanityFilter *bool `url:"ProfanityFilter,omitempty"`
	// SpeechModel is the model of the provider, such as telephony.
	SpeechModel string `url:"SpeechModel,omitempty"`
	// Hints are words and phrases that are likely to be said, separated by
	// commas.
	Hints string `url:"Hints,omitempty"`
	// EnableAutomaticPunctuation is new(false) to have no punctuation added.
	EnableAutomaticPunctuation *bool `url:"EnableAutomaticPunctuation,omitempty"`
	// IntelligenceService is the SID or the unique name of the Intelligence
	// Service that is to keep the text.
	IntelligenceService string `url:"IntelligenceService,omitempty"`
	// ConversationConfiguration is the ID of a configuration of Conversations.
	ConversationConfiguration string `url:"ConversationConfiguration,omitempty"`
	// ConversationID is the conversation that the transcription is to belong
	// to.
	ConversationID string `url:"ConversationId,omitempty"`
	// ConfigurationID is the ID of a configuration that sets all of this at
	// once.
	ConfigurationID string `url:"ConfigurationId,omitempty"`
	// EnableProviderData sends the provider's own data, too.
	EnableProviderData bool `url:"EnableProviderData,omitempty"`
}

// RealtimeTranscriptionUpdateParams are the parameters of
// [RealtimeTranscriptionService.Update]. Status is required.
type RealtimeTranscriptionUpdateParams struct {
	// Status is stopped, the only one that can be set.
	Status *RealtimeTranscriptionStatus `url:"Status,omitempty"`
}

func (RealtimeTranscriptionUpdateParams) check(r *request) error {
	return required("Status", r.form.Get("Status"))
}

// A RealtimeTranscriptionService starts and stops transcriptions of calls in
// progress.
//
// See https://www.twilio.com/docs/voice/api/realtime-transcription-resource.
type RealtimeTranscriptionService struct{ transcriptions endpoint }

func (s *RealtimeTranscriptionService) endpoint() endpoint { return orEmpty(s).transcriptions }

var realtimeTranscriptions = &route{name: "calls.transcriptions", path: "/Calls/{callSID:CA}/Transcriptions/{sidOrName:*}"}

// Create starts a transcription of a call that is in progress. The client never
// retries it once it may have reached Twilio: after an error that matches
// [ErrOutcomeUnknown], a transcription that has a Name can be stopped by that
// name.
func (s *RealtimeTranscriptionService) Create(ctx context.Context, callSID string, params RealtimeTranscriptionCreateParams, opts ...RequestOption) (*RealtimeTranscription, error) {
	return send[*RealtimeTranscription](ctx, s.endpoint().create(params, opts, callSID))
}

// Update stops a transcription, which you identify by its SID or by its name.
func (s *RealtimeTranscriptionService) Update(ctx context.Context, callSID, sidOrName string, params RealtimeTranscriptionUpdateParams, opts ...RequestOption) (*RealtimeTranscription, error) {
	return send[*RealtimeTranscription](ctx, s.endpoint().update(params, opts, callSID, sidOrName))
}
