package twiliotest

import (
	"cmp"
	"time"
)

var callRecordingRoutes = []route{
	{"GET", "/Calls/{CallSid}/Recordings", listCallRecordings, 200},
	{"POST", "/Calls/{CallSid}/Recordings", createCallRecording, 201},
	{"GET", "/Calls/{CallSid}/Recordings/{Sid}", fetchCallRecording, 200},
	{"POST", "/Calls/{CallSid}/Recordings/{Sid}", updateRecording(currentOfCall, (*recording).ofCall), 200},
	{"DELETE", "/Calls/{CallSid}/Recordings/{Sid}", deleteRecording(recordingOfCall), 204},
}

// recordCall starts the recording of a call.
func (s *state) recordCall(c *call, r *recording, now time.Time) {
	r.CallSID = nullString(c.SID)
	s.addRecording(c.account, r, now)
}

func recordingOfCall(rq *request) (*recording, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	return recordingAmong(rq, c.recordings)
}

func currentOfCall(rq *request) (*recording, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	return recordingOrCurrent(rq, c.recordings)
}

func listCallRecordings(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	return recordingsBelow(rq, c.recordings, (*recording).ofCall)
}

func fetchCallRecording(rq *request) (any, *problem) {
	r, prob := recordingOfCall(rq)
	if prob != nil {
		return nil, prob
	}
	return r.ofCall(), nil
}

// createCallRecording records a call in progress. A second recording has no
// effect: the response is the one that goes on.
func createCallRecording(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	r := newRecording(p)
	switch {
	case p.prob != nil:
		return nil, p.prob
	case c.Status != "in-progress":
		return nil, failf(21220, "The call is %s, which is not a state to record it in", c.Status)
	}
	if current := running(c.recordings); current != nil && current.Source == r.Source {
		return current.ofCall(), nil
	}
	rq.recordCall(c, r, rq.now)
	return r.ofCall(), nil
}

// recordIfAsked has a new call recorded once it is answered.
func (c *call) recordIfAsked(p *params) {
	if record := p.bool("Record"); record != nil && *record {
		c.recorded = newRecording(p)
		c.recorded.Source = "OutboundAPI"
	}
}

// newRecording returns a recording as the parameters want it.
func newRecording(p *params) *recording {
	r := &recording{
		Source: "StartCallRecordingAPI",
		report: p.subscription("RecordingStatusCallback"),
		track:  p.oneOf("RecordingTrack", 20001, "inbound", "outbound", "both"),
	}
	p.oneOf("Trim", 20001, "trim-silence", "do-not-trim")
	if cmp.Or(p.oneOf("RecordingChannels", 20001, "mono", "dual"), "mono") == "dual" {
		r.Channels = 2
	}
	return r
}
