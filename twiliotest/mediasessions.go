package twiliotest

// A mediaKind is a way to pass on the audio of a call. The three that there are
// differ in their paths, their SIDs and their parameters.
type mediaKind struct {
	path, prefix string
	callback     string // the parameter for the URL of the status callback
	needsURL     bool
}

var (
	siprecSessions         = mediaKind{"/Siprec", "SR", "StatusCallback", false}
	streams                = mediaKind{"/Streams", "MZ", "StatusCallback", true}
	realtimeTranscriptions = mediaKind{"/Transcriptions", "GT", "StatusCallbackUrl", false}
)

// routes are those of one kind. The last segment is a SID or a name.
func (k mediaKind) routes() []route {
	return []route{
		{"POST", "/Calls/{CallSid}" + k.path, k.start, 200},
		{"POST", "/Calls/{CallSid}" + k.path + "/{Sid}", k.stop, 200},
	}
}

// A mediaSession passes on the audio of a call, until it is stopped.
type mediaSession struct {
	record
	kind    mediaKind
	name    string
	stopped bool
	call    *call
}

func (m *mediaSession) wire() any {
	status := "in-progress"
	if m.stopped {
		status = "stopped"
	}
	return &struct {
		AccountSID  string     `json:"account_sid"`
		CallSID     string     `json:"call_sid"`
		DateUpdated timestamp  `json:"date_updated"`
		Name        nullString `json:"name"`
		SID         string     `json:"sid"`
		Status      string     `json:"status"`
		URI         string     `json:"uri"`
	}{
		m.call.AccountSID, m.call.SID, m.Updated, nullString(m.name), m.SID, status,
		m.call.path() + m.kind.path + "/" + m.SID + ".json",
	}
}

func (k mediaKind) start(rq *request) (any, *problem) {
	c, prob := rq.callInProgress()
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	if k.needsURL {
		p.required("Url", 20001)
	}
	p.oneOf("Track", 20001, "inbound_track", "outbound_track", "both_tracks")
	p.webhook(k.callback, "StatusCallbackMethod")
	for _, name := range []string{"PartialResults", "ProfanityFilter", "EnableAutomaticPunctuation", "EnableProviderData"} {
		p.bool(name)
	}
	if p.prob != nil {
		return nil, p.prob
	}
	m := &mediaSession{kind: k, name: p.Get("Name"), call: c}
	rq.initRecord(&m.record, k.prefix)
	c.own().media.add(m)
	return m.wire(), nil
}

// stop stops a session by its SID, or the newest one with a name. Stopping it
// again changes nothing.
func (k mediaKind) stop(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	key := rq.vars["Sid"]
	found, _ := c.below().media.itemsAfter(nil, 1, func(m *mediaSession) bool {
		return m.kind == k && (m.SID == key || m.name == key)
	})
	if len(found) == 0 {
		return nil, rq.notFound()
	}
	p := rq.params()
	if p.oneOf("Status", 20001, "stopped") == "" {
		p.reject(failf(20001, "Status must be stopped"))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	m := found[0]
	if !m.stopped {
		m.stopped, m.Updated = true, at(rq.now)
	}
	return m.wire(), nil
}
