package twiliotest

var voiceSettingsRoutes = []route{
	{"GET", "/v1/Settings", fetchVoiceSettings, 200},
	{"POST", "/v1/Settings", updateVoiceSettings, 202},
}

func fetchVoiceSettings(rq *request) (any, *problem) {
	return &struct {
		Inheritance bool   `json:"dialing_permissions_inheritance"`
		URL         string `json:"url"`
	}{rq.account.dialingInheritance, rq.url(rq.path)}, nil
}

func updateVoiceSettings(rq *request) (any, *problem) {
	p := rq.params()
	setBool(p, "DialingPermissionsInheritance", &rq.account.dialingInheritance)
	if p.prob != nil {
		return nil, p.prob
	}
	return fetchVoiceSettings(rq)
}
