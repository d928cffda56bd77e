package twiliotest

import (
	"cmp"
	"net/http"
)

var addOnResultRoutes = []route{
	{"GET", "/Recordings/{ReferenceSid}/AddOnResults", listAddOnResults, 200},
	{"GET", "/Recordings/{ReferenceSid}/AddOnResults/{Sid}", fetchAddOnResult, 200},
	{"DELETE", "/Recordings/{ReferenceSid}/AddOnResults/{Sid}", deleteAddOnResult, 204},
	{"GET", "/Recordings/{ReferenceSid}/AddOnResults/{AddOnResultSid}/Payloads", listPayloads, 200},
	{"GET", "/Recordings/{ReferenceSid}/AddOnResults/{AddOnResultSid}/Payloads/{Sid}", fetchPayload, 200},
	{"DELETE", "/Recordings/{ReferenceSid}/AddOnResults/{AddOnResultSid}/Payloads/{Sid}", deletePayload, 204},
	{"GET", "/Recordings/{ReferenceSid}/AddOnResults/{AddOnResultSid}/Payloads/{Sid}/Data", redirectToPayload, http.StatusTemporaryRedirect},
}

// The storage of payloads, to which Twilio redirects, is the same path without
// .json.
var payloadFileRoutes = []route{
	{"GET", "/Recordings/{ReferenceSid}/AddOnResults/{AddOnResultSid}/Payloads/{Sid}/Data", fetchPayloadFile, 200},
}

// An addOnResult is what an add-on made of a recording.
type addOnResult struct {
	record
	AccountSID       string    `json:"account_sid"`
	AddOnSID         string    `json:"add_on_sid"`
	ConfigurationSID string    `json:"add_on_configuration_sid"`
	Completed        timestamp `json:"date_completed"`
	ReferenceSID     string    `json:"reference_sid"`
	Status           string    `json:"status"`

	payloads collection[*payload]
}

func (r *addOnResult) path() string {
	return root + "/Accounts/" + r.AccountSID + "/Recordings/" + r.ReferenceSID + "/AddOnResults/" + r.SID
}

func (r *addOnResult) wire() any {
	return &struct {
		*addOnResult
		SubresourceURIs subresources `json:"subresource_uris"`
	}{r, subresources{r.path(), []subresource{{"payloads", "/Payloads.json"}}}}
}

// A payload is a part of an add-on's result.
type payload struct {
	record
	ContentType string `json:"content_type"`
	Label       string `json:"label"`

	result *addOnResult
	data   []byte
}

func (p *payload) wire() any {
	return &struct {
		*payload
		AccountSID       string       `json:"account_sid"`
		AddOnSID         string       `json:"add_on_sid"`
		ConfigurationSID string       `json:"add_on_configuration_sid"`
		ReferenceSID     string       `json:"reference_sid"`
		ResultSID        string       `json:"add_on_result_sid"`
		SubresourceURIs  subresources `json:"subresource_uris"`
	}{
		p, p.result.AccountSID, p.result.AddOnSID, p.result.ConfigurationSID, p.result.ReferenceSID, p.result.SID,
		subresources{p.result.path() + "/Payloads/" + p.SID, []subresource{{"data", "/Data.json"}}},
	}
}

func (s *state) addAddOnResult(a *account, r *addOnResult) {
	s.initRecord(&r.record, "XR")
	r.AccountSID = a.SID
	r.AddOnSID = cmp.Or(r.AddOnSID, s.sid("XB"))
	r.ConfigurationSID = cmp.Or(r.ConfigurationSID, s.sid("XE"))
	r.Status = cmp.Or(r.Status, "completed")
	if r.Status == "completed" {
		r.Completed = cmp.Or(r.Completed, r.Created)
	}
	addTo(a, r)
}

func (s *state) addPayload(r *addOnResult, p *payload) {
	s.initRecord(&p.record, "XH")
	p.ContentType = cmp.Or(p.ContentType, "application/json")
	p.result = r
	r.payloads.add(p)
}

// lookupAddOnResult finds the result that a placeholder names, of the recording in
// the path.
func lookupAddOnResult(rq *request, placeholder string) (*addOnResult, *problem) {
	recording, prob := recordingNamed(rq, "ReferenceSid")
	if prob != nil {
		return nil, prob
	}
	r, prob := lookupBy[*addOnResult](rq, placeholder)
	if prob == nil && r.ReferenceSID != recording.SID {
		prob = rq.notFound()
	}
	return r, prob
}

func lookupPayload(rq *request) (*payload, *problem) {
	r, prob := lookupAddOnResult(rq, "AddOnResultSid")
	if prob != nil {
		return nil, prob
	}
	p, ok := r.payloads.get(rq.vars["Sid"])
	if !ok {
		return nil, rq.notFound()
	}
	return p, nil
}

func listAddOnResults(rq *request) (any, *problem) {
	recording, prob := recordingNamed(rq, "ReferenceSid")
	if prob != nil {
		return nil, prob
	}
	return list(rq, "add_on_results", func(r *addOnResult) bool { return r.ReferenceSID == recording.SID })
}

func fetchAddOnResult(rq *request) (any, *problem) {
	r, prob := lookupAddOnResult(rq, "Sid")
	if prob != nil {
		return nil, prob
	}
	return r.wire(), nil
}

func deleteAddOnResult(rq *request) (any, *problem) {
	r, prob := lookupAddOnResult(rq, "Sid")
	if prob != nil {
		return nil, prob
	}
	resourcesOf[*addOnResult](rq.account).remove(r)
	return nil, nil
}

func listPayloads(rq *request) (any, *problem) {
	r, prob := lookupAddOnResult(rq, "AddOnResultSid")
	if prob != nil {
		return nil, prob
	}
	return page(rq, "payloads", &r.payloads, all[*payload], (*payload).wire)
}

func fetchPayload(rq *request) (any, *problem) {
	p, prob := lookupPayload(rq)
	if prob != nil {
		return nil, prob
	}
	return p.wire(), nil
}

func deletePayload(rq *request) (any, *problem) {
	p, prob := lookupPayload(rq)
	if prob != nil {
		return nil, prob
	}
	p.result.payloads.remove(p)
	return nil, nil
}

func redirectToPayload(rq *request) (any, *problem) {
	if _, prob := lookupPayload(rq); prob != nil {
		return nil, prob
	}
	return redirect{root + rq.path}, nil
}

func fetchPayloadFile(rq *request) (any, *problem) {
	p, prob := lookupPayload(rq)
	if prob != nil {
		return nil, prob
	}
	return file{p.ContentType, p.data}, nil
}
