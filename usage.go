package twilio

// A UsageService has the usage of the account that the client acts on, and the
// triggers that watch it, and makes bills.
type UsageService struct {
	// Records has what was used, and its price.
	Records *UsageRecordService
	// Triggers has the webhooks that are called when usage reaches a value.
	Triggers *UsageTriggerService
}
