package twilio

import (
	"context"
	"strconv"
)

// VoiceSettings are an account's settings for calls.
//
// See https://www.twilio.com/docs/voice/api/settings-resource.
type VoiceSettings struct {
	// DialingPermissionsInheritance says that a subaccount may dial the
	// countries that its main account may, in place of those of its own list.
	DialingPermissionsInheritance bool `json:"dialing_permissions_inheritance"`
	// URL is where the settings are.
	URL string `json:"url"`
}

func (v *VoiceSettings) current() map[string]string {
	return map[string]string{"DialingPermissionsInheritance": strconv.FormatBool(v.DialingPermissionsInheritance)}
}

// VoiceSettingsUpdateParams are the parameters of
// [VoiceSettingsService.Update]. A nil field leaves its value unchanged.
type VoiceSettingsUpdateParams struct {
	// DialingPermissionsInheritance makes a subaccount follow its main
	// account's permissions to dial, or its own.
	DialingPermissionsInheritance *bool `url:"DialingPermissionsInheritance,omitempty"`
}

// A VoiceSettingsService reads and changes the settings of the account that
// authenticates. For a subaccount, use its own credentials, by
// [Client.WithCredentials].
//
// See https://www.twilio.com/docs/voice/api/settings-resource.
type VoiceSettingsService struct{ settings endpoint }

func (s *VoiceSettingsService) endpoint() endpoint { return orEmpty(s).settings }

var voiceSettings = &route{name: "voice_settings", path: "https://voice.twilio.com/v1/Settings"}

// Get reads the settings.
func (s *VoiceSettingsService) Get(ctx context.Context, opts ...RequestOption) (*VoiceSettings, error) {
	return send[*VoiceSettings](ctx, s.endpoint().get(opts))
}

// Update changes the settings. Twilio accepts the change with status 202, so
// that it may take effect a little later.
func (s *VoiceSettingsService) Update(ctx context.Context, params VoiceSettingsUpdateParams, opts ...RequestOption) (*VoiceSettings, error) {
	return send[*VoiceSettings](ctx, s.endpoint().update(params, opts))
}
