package twiliotest

var conferenceRecordingRoutes = []route{
	{"GET", "/Conferences/{ConferenceSid}/Recordings", listConferenceRecordings, 200},
	{"GET", "/Conferences/{ConferenceSid}/Recordings/{Sid}", fetchConferenceRecording, 200},
	{"POST", "/Conferences/{ConferenceSid}/Recordings/{Sid}", updateRecording(currentOfConference, (*recording).ofConference), 200},
	{"DELETE", "/Conferences/{ConferenceSid}/Recordings/{Sid}", deleteRecording(recordingOfConference), 204},
}

func recordingOfConference(rq *request) (*recording, *problem) {
	c, prob := lookupBy[*conference](rq, "ConferenceSid")
	if prob != nil {
		return nil, prob
	}
	return recordingAmong(rq, c.recordings)
}

func currentOfConference(rq *request) (*recording, *problem) {
	c, prob := lookupBy[*conference](rq, "ConferenceSid")
	if prob != nil {
		return nil, prob
	}
	return recordingOrCurrent(rq, c.recordings)
}

func listConferenceRecordings(rq *request) (any, *problem) {
	c, prob := lookupBy[*conference](rq, "ConferenceSid")
	if prob != nil {
		return nil, prob
	}
	return recordingsBelow(rq, c.recordings, (*recording).ofConference)
}

func fetchConferenceRecording(rq *request) (any, *problem) {
	r, prob := recordingOfConference(rq)
	if prob != nil {
		return nil, prob
	}
	return r.ofConference(), nil
}
