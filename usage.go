package twilio

// UsageService groups the usage of an account and the triggers that watch it, and
// makes bills of it.
type UsageService struct {
	// Records has what was used, and its price.
	Records *UsageRecordService
	// Triggers has the webhooks that are called when usage reaches a value.
	Triggers *UsageTriggerService
}
