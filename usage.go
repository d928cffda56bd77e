package twilio

// UsageService groups what an account used and the triggers that watch it.
type UsageService struct {
	// Records has what was used, and its price.
	Records *UsageRecordService
	// Triggers has the webhooks that are called when usage reaches a value.
	Triggers *UsageTriggerService
}
