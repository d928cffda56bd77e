package twiliotest

import (
	"cmp"
	"time"
)

// A transcription is in-progress for some time, then completed with a price.
const (
	transcribingTime   = 5 * time.Second
	transcriptionPrice = "-0.05000" // per minute or part of one
)

var transcriptionRoutes = []route{
	{"GET", "/Transcriptions", listTranscriptions, 200},
	{"GET", "/Transcriptions/{Sid}", fetch[*transcription], 200},
	{"DELETE", "/Transcriptions/{Sid}", remove[*transcription], 204},
	{"GET", "/Recordings/{RecordingSid}/Transcriptions", listRecordingTranscriptions, 200},
	{"GET", "/Recordings/{RecordingSid}/Transcriptions/{Sid}", ofRecording(fetch[*transcription]), 200},
	{"DELETE", "/Recordings/{RecordingSid}/Transcriptions/{Sid}", ofRecording(remove[*transcription]), 204},
}

// A transcription is the text of a recording.
type transcription struct {
	record
	AccountSID   string     `json:"account_sid"`
	APIVersion   string     `json:"api_version"`
	Duration     intString  `json:"duration"`
	Price        money      `json:"price"`
	PriceUnit    nullString `json:"price_unit"`
	RecordingSID string     `json:"recording_sid"`
	Status       string     `json:"status"`
	Text         nullString `json:"transcription_text"`
	Type         string     `json:"type"`
}

func (t *transcription) wire() any {
	return &struct {
		*transcription
		URI string `json:"uri"`
	}{t, root + "/Accounts/" + t.AccountSID + "/Transcriptions/" + t.SID + ".json"}
}

func (s *state) addTranscription(a *account, t *transcription) {
	s.initRecord(&t.record, "TR")
	t.AccountSID, t.APIVersion, t.Type = a.SID, apiVersion, "fast"
	t.Status = cmp.Or(t.Status, "in-progress")
	addTo(a, t)
	if t.Status != "in-progress" {
		return
	}
	text := cmp.Or(t.Text, "Ahoy!")
	t.Text = ""
	s.after(s.now(), transcribingTime, func(now time.Time) {
		t.Status, t.Text, t.Updated = "completed", text, at(now)
		minutes := max(1, (int64(t.Duration)+59)/60)
		t.Price, t.PriceUnit = usd(transcriptionPrice), "USD"
		t.Price.Decimal = t.Price.Decimal.Mul(decimalOf(minutes))
		s.bill(a, t.Created.Time, "transcriptions", amounts{1, decimalOf(minutes), charge(t.Price, t.PriceUnit)})
	})
}

func listTranscriptions(rq *request) (any, *problem) {
	return list(rq, "transcriptions", all[*transcription])
}

func listRecordingTranscriptions(rq *request) (any, *problem) {
	r, prob := recordingNamed(rq, "RecordingSid")
	if prob != nil {
		return nil, prob
	}
	return list(rq, "transcriptions", func(t *transcription) bool { return t.RecordingSID == r.SID })
}

// ofRecording lets a handler see transcriptions of the recording in the path only.
func ofRecording(handle handler) handler {
	return func(rq *request) (any, *problem) {
		t, prob := lookup[*transcription](rq)
		if prob != nil {
			return nil, prob
		}
		if r, prob := recordingNamed(rq, "RecordingSid"); prob != nil || t.RecordingSID != r.SID {
			return nil, rq.notFound()
		}
		return handle(rq)
	}
}
