package twiliotest

import (
	"cmp"
	"path"
	"slices"
	"strings"
	"time"
)

// The life of a recording: it is in-progress or paused while its call or
// conference goes on, then processing, and completed with a price.
const (
	processingTime = 2 * time.Second
	// keptDeleted is for how long a deleted recording is known.
	keptDeleted = 40 * 24 * time.Hour

	recordingPrice = "-0.00250" // per minute or part of one
)

var recordingRoutes = []route{
	{"GET", "/Recordings", listRecordings, 200},
	{"GET", "/Recordings/{Sid}", fetchRecording, 200},
	{"DELETE", "/Recordings/{Sid}", deleteRecording(recordingOfAccount), 204},
}

// With .wav or .mp3 the path is that of the file. Like Twilio's, unless an account
// wants otherwise, it is public.
var recordingFileRoutes = []route{
	{"GET", "/Recordings/{Sid}", fetchRecordingFile, 200},
}

// A recording is the sound of a call or a conference.
type recording struct {
	record
	AccountSID    string            `json:"account_sid"`
	APIVersion    string            `json:"api_version"`
	CallSID       nullString        `json:"call_sid"`
	Channels      int               `json:"channels"`
	ConferenceSID nullString        `json:"conference_sid"`
	Duration      intString         `json:"duration"`
	Encryption    map[string]string `json:"encryption_details"`
	ErrorCode     *int              `json:"error_code"`
	Price         money             `json:"price"`
	PriceUnit     nullString        `json:"price_unit"`
	Source        string            `json:"source"`
	StartTime     timestamp         `json:"start_time"`
	Status        string            `json:"status"`

	account *account
	report  subscription // that is told of its status
	track   string
	since   time.Time     // when the part that is being recorded began
	heard   time.Duration // in the parts before
	skips   bool          // the pause that goes on is left out
}

func (r *recording) path() string { return root + "/Accounts/" + r.AccountSID + "/Recordings/" + r.SID }

func (r *recording) wire() any {
	return &struct {
		*recording
		MediaURL        string       `json:"media_url"`
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{r, "https://api.twilio.com" + r.path(), subresources{r.path(), recordingSubresources}, r.path() + ".json"}
}

var recordingSubresources = []subresource{
	{"add_on_results", "/AddOnResults.json"}, {"transcriptions", "/Transcriptions.json"},
}

// ofCall is the recording as its call has it.
func (r *recording) ofCall() any {
	return &struct {
		*recording
		Track string `json:"track"`
		URI   string `json:"uri"`
	}{r, r.track, root + "/Accounts/" + r.AccountSID + "/Calls/" + string(r.CallSID) + "/Recordings/" + r.SID + ".json"}
}

// ofConference is the recording as its conference has it.
func (r *recording) ofConference() any {
	return &struct {
		*recording
		URI string `json:"uri"`
	}{r, root + "/Accounts/" + r.AccountSID + "/Conferences/" + string(r.ConferenceSID) + "/Recordings/" + r.SID + ".json"}
}

// running reports whether the recording can be paused and stopped.
func (r *recording) running() bool { return r.Status == "in-progress" || r.Status == "paused" }

// finished reports whether nothing more happens to the recording by itself.
func (r *recording) finished() bool {
	return !r.running() && r.Status != "stopped" && r.Status != "processing"
}

func (s *state) addRecording(a *account, r *recording, now time.Time) {
	r.Created = cmp.Or(r.Created, at(now))
	s.initRecord(&r.record, "RE")
	r.AccountSID, r.APIVersion, r.account = a.SID, apiVersion, a
	r.Channels = max(1, r.Channels)
	r.Source = cmp.Or(r.Source, "StartCallRecordingAPI")
	r.Status = cmp.Or(r.Status, "in-progress")
	r.StartTime = cmp.Or(r.StartTime, r.Created)
	r.track = cmp.Or(r.track, "both")
	r.since = now
	if !r.finished() {
		r.Duration = unsetInt
	}
	addTo(a, r)
	if c, ok := resourcesOf[*conference](a).get(string(r.ConferenceSID)); ok {
		c.recordings = append(c.recordings, r)
	} else if c, ok := resourcesOf[*call](a).get(string(r.CallSID)); ok {
		c.recordings = append(c.recordings, r)
	}
	switch r.Status {
	case "in-progress":
		s.reportRecording(r)
	case "stopped", "processing":
		s.processRecording(r, now)
	case "deleted":
		s.forgetRecording(r, now)
	}
}

// pauseRecording pauses a recording, continues it, or changes how it is paused.
func (s *state) pauseRecording(r *recording, status string, skip bool, now time.Time) {
	if !r.skips {
		r.heard += now.Sub(r.since)
	}
	r.since, r.skips = now, skip && status == "paused"
	r.Status, r.Updated = status, at(now)
}

// stopRecording ends a recording, which is processed then.
func (s *state) stopRecording(r *recording, now time.Time) {
	if r.running() {
		s.pauseRecording(r, "processing", false, now)
		s.processRecording(r, now)
	}
}

func (s *state) processRecording(r *recording, now time.Time) {
	r.Status = "processing"
	s.after(now, processingTime, func(now time.Time) {
		r.Status, r.Updated = "completed", at(now)
		r.Duration = intString(r.heard / time.Second)
		minutes := max(1, (int64(r.Duration)+59)/60)
		r.Price, r.PriceUnit = usd(recordingPrice), "USD"
		r.Price.Decimal = r.Price.Decimal.Mul(decimalOf(minutes))
		s.bill(r.account, r.StartTime.Time, "recordings", amounts{1, decimalOf(minutes), charge(r.Price, r.PriceUnit)})
		s.reportRecording(r)
	})
}

// forgetRecording removes what is left of a deleted recording when its time is up.
func (s *state) forgetRecording(r *recording, now time.Time) {
	s.after(now, keptDeleted, func(time.Time) { resourcesOf[*recording](r.account).remove(r) })
}

// running returns the first of the recordings that is under way, or nil.
func running(recordings []*recording) *recording {
	i := slices.IndexFunc(recordings, (*recording).running)
	if i < 0 {
		return nil
	}
	return recordings[i]
}

// stopRecordings ends the recordings of a call or a conference that is over.
func (s *state) stopRecordings(recordings []*recording, now time.Time) {
	for _, r := range recordings {
		s.stopRecording(r, now)
	}
}

func listRecordings(rq *request) (any, *problem) {
	p := rq.filters()
	call, conference := p.sid("CallSid", "CA", 20001), p.sid("ConferenceSid", "CF", 20001)
	deleted := p.bool("IncludeSoftDeleted")
	created := p.dateFilter("DateCreated", rq.secondGrain)
	if p.prob != nil {
		return nil, p.prob
	}
	return list(rq, "recordings", func(r *recording) bool {
		return (call == "" || string(r.CallSID) == call) && (conference == "" || string(r.ConferenceSID) == conference) &&
			(r.Status != "deleted" || deleted != nil && *deleted) && created.holds(r.Created.Time)
	})
}

// recordingsBelow is a page of the recordings of a call or a conference.
func recordingsBelow(rq *request, recordings []*recording, view func(*recording) any) (any, *problem) {
	p := rq.filters()
	created := p.dateFilter("DateCreated", rq.secondGrain)
	if p.prob != nil {
		return nil, p.prob
	}
	of := new(collection[*recording])
	for _, r := range recordings {
		of.add(r)
	}
	return page(rq, "recordings", of, func(r *recording) bool {
		return r.Status != "deleted" && created.holds(r.Created.Time)
	}, view)
}

func fetchRecording(rq *request) (any, *problem) {
	r, prob := lookup[*recording](rq)
	p := rq.filters()
	deleted := p.bool("IncludeSoftDeleted")
	switch {
	case prob != nil:
		return nil, prob
	case p.prob != nil:
		return nil, p.prob
	case r.Status == "deleted" && (deleted == nil || !*deleted):
		return nil, rq.notFound()
	}
	return r.wire(), nil
}

// recordingOfAccount finds the recording that the path names, unless it is
// deleted.
func recordingOfAccount(rq *request) (*recording, *problem) { return recordingNamed(rq, "Sid") }

func recordingNamed(rq *request, placeholder string) (*recording, *problem) {
	r, prob := lookupBy[*recording](rq, placeholder)
	if prob == nil && r.Status == "deleted" {
		prob = rq.notFound()
	}
	return r, prob
}

// deleteRecording removes a recording's file and keeps the rest for some time.
func deleteRecording(find func(*request) (*recording, *problem)) handler {
	return func(rq *request) (any, *problem) {
		r, prob := find(rq)
		switch {
		case prob != nil:
			return nil, prob
		case !r.finished():
			return nil, fail(20009)
		}
		r.Status, r.Updated = "deleted", at(rq.now)
		rq.forgetRecording(r, rq.now)
		return nil, nil
	}
}

// fetchRecordingFile returns the sound. Until a recording is completed there is
// none.
func fetchRecordingFile(rq *request) (any, *problem) {
	extension := path.Ext(rq.vars["Sid"])
	r, ok := resourcesOf[*recording](rq.account).get(strings.TrimSuffix(rq.vars["Sid"], extension))
	if !ok || r.Status != "completed" {
		return nil, rq.notFound()
	}
	p := rq.filters()
	channels := p.int("RequestedChannels", r.Channels)
	switch {
	case p.prob != nil:
		return nil, p.prob
	case channels < 1 || channels > 2:
		return nil, failf(20001, "RequestedChannels must be 1 or 2")
	case channels > r.Channels:
		return nil, fail(16113)
	case extension != ".mp3":
		return file{"audio/x-wav", wave(int(r.Duration), channels)}, nil
	case r.Encryption != nil:
		return nil, fail(16109)
	}
	return file{"audio/mpeg", mp3(int(r.Duration), channels)}, nil
}

// updateRecording pauses, continues and stops a recording.
func updateRecording(find func(*request) (*recording, *problem), view func(*recording) any) handler {
	return func(rq *request) (any, *problem) {
		r, prob := find(rq)
		if prob != nil {
			return nil, prob
		}
		p := rq.params()
		status := cmp.Or(p.oneOf("Status", 20001, "paused", "in-progress", "stopped"), p.required("Status", 20001))
		behavior := p.oneOf("PauseBehavior", 20001, "skip", "silence")
		switch {
		case p.prob != nil:
			return nil, p.prob
		case !r.running():
			return nil, failf(21220, "The recording is %s, which is not a state for this change", r.Status)
		case status == "stopped":
			rq.stopRecording(r, rq.now)
		default:
			rq.pauseRecording(r, status, behavior == "skip", rq.now)
		}
		return view(r), nil
	}
}

// recordingAmong finds the recording that the path names among those of a call or
// a conference.
func recordingAmong(rq *request, recordings []*recording) (*recording, *problem) {
	r, prob := recordingOfAccount(rq)
	if prob == nil && !slices.Contains(recordings, r) {
		prob = rq.notFound()
	}
	return r, prob
}

// recordingOrCurrent is recordingAmong, where the path may also name the one that
// is under way.
func recordingOrCurrent(rq *request, recordings []*recording) (*recording, *problem) {
	if rq.vars["Sid"] != "Twilio.CURRENT" {
		return recordingAmong(rq, recordings)
	}
	if r := running(recordings); r != nil {
		return r, nil
	}
	return nil, rq.notFound()
}
