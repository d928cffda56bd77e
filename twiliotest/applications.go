package twiliotest

import "unicode/utf8"

var applicationRoutes = []route{
	{"GET", "/Applications", listApplications, 200},
	{"POST", "/Applications", createApplication, 201},
	{"GET", "/Applications/{Sid}", fetch[*application], 200},
	{"POST", "/Applications/{Sid}", updateApplication, 200},
	{"DELETE", "/Applications/{Sid}", remove[*application], 204},
}

// maxApplications is how many applications an account may have.
const maxApplications = 1000

// An application is a set of URLs that calls and phone numbers refer to.
type application struct {
	record
	AccountSID                      string     `json:"account_sid"`
	APIVersion                      string     `json:"api_version"`
	FriendlyName                    nullString `json:"friendly_name"`
	MessageStatusCallback           nullString `json:"message_status_callback"`
	PublicApplicationConnectEnabled bool       `json:"public_application_connect_enabled"`
	SMSFallbackMethod               string     `json:"sms_fallback_method"`
	SMSFallbackURL                  nullString `json:"sms_fallback_url"`
	SMSMethod                       string     `json:"sms_method"`
	SMSURL                          nullString `json:"sms_url"`
	StatusCallback                  nullString `json:"status_callback"`
	StatusCallbackMethod            string     `json:"status_callback_method"`
	VoiceCallerIDLookup             bool       `json:"voice_caller_id_lookup"`
	VoiceFallbackMethod             string     `json:"voice_fallback_method"`
	VoiceFallbackURL                nullString `json:"voice_fallback_url"`
	VoiceMethod                     string     `json:"voice_method"`
	VoiceURL                        nullString `json:"voice_url"`
}

func (a *application) wire() any {
	return &struct {
		*application
		// The older name of message_status_callback.
		SMSStatusCallback nullString `json:"sms_status_callback"`
		URI               string     `json:"uri"`
	}{a, a.MessageStatusCallback, root + "/Accounts/" + a.AccountSID + "/Applications/" + a.SID + ".json"}
}

// apply sets the parameters that create and update share.
func (a *application) apply(p *params) {
	set(p, "FriendlyName", &a.FriendlyName)
	if utf8.RuneCountInString(string(a.FriendlyName)) > maxFriendlyName {
		p.reject(failf(20001, "FriendlyName must have at most %d characters", maxFriendlyName))
	}
	set(p, "ApiVersion", &a.APIVersion)
	setBool(p, "PublicApplicationConnectEnabled", &a.PublicApplicationConnectEnabled)
	setBool(p, "VoiceCallerIdLookup", &a.VoiceCallerIDLookup)
	for _, hook := range []struct {
		key    string
		url    *nullString
		method *string
	}{
		{"Voice", &a.VoiceURL, &a.VoiceMethod},
		{"VoiceFallback", &a.VoiceFallbackURL, &a.VoiceFallbackMethod},
		{"Sms", &a.SMSURL, &a.SMSMethod},
		{"SmsFallback", &a.SMSFallbackURL, &a.SMSFallbackMethod},
	} {
		setURL(p, hook.key+"Url", hook.url, 21402)
		setMethod(p, hook.key+"Method", hook.method, 21403)
	}
	p.fallback("VoiceFallbackUrl", string(a.VoiceURL), 21405)
	p.fallback("SmsFallbackUrl", string(a.SMSURL), 21406)
	setURL(p, "StatusCallback", &a.StatusCallback, 21402)
	setMethod(p, "StatusCallbackMethod", &a.StatusCallbackMethod, 21403)
	setURL(p, "SmsStatusCallback", &a.MessageStatusCallback, 21402)
	setURL(p, "MessageStatusCallback", &a.MessageStatusCallback, 21402)
}

func listApplications(rq *request) (any, *problem) {
	name := nullString(rq.filters().Get("FriendlyName"))
	return list(rq, "applications", func(a *application) bool {
		return name == "" || a.FriendlyName == name
	})
}

func createApplication(rq *request) (any, *problem) {
	p := rq.params()
	a := &application{
		AccountSID: rq.account.SID, APIVersion: apiVersion, StatusCallbackMethod: "POST",
		VoiceMethod: "POST", VoiceFallbackMethod: "POST", SMSMethod: "POST", SMSFallbackMethod: "POST",
	}
	a.apply(p)
	switch {
	case p.prob != nil:
		return nil, p.prob
	case rq.account.Status == closed:
		return nil, rq.inactive(rq.account)
	case resourcesOf[*application](rq.account).len() >= maxApplications:
		return nil, fail(21301)
	}
	rq.initRecord(&a.record, "AP")
	addTo(rq.account, a)
	return a.wire(), nil
}

func updateApplication(rq *request) (any, *problem) {
	a, prob := lookup[*application](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	next := *a
	next.apply(p)
	if p.prob != nil {
		return nil, p.prob
	}
	next.Updated = at(rq.now)
	*a = next
	return a.wire(), nil
}

// application returns a parameter that is empty or the SID of an application of
// the account.
func (p *params) application(key string, a *account, code int) string {
	sid := p.sid(key, "AP", code)
	if _, ok := resourcesOf[*application](a).get(sid); sid != "" && !ok {
		p.reject(failf(code, "%s is not an application of the account", key))
	}
	return sid
}
