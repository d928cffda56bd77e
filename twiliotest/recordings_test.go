package twiliotest_test

import (
	"encoding/binary"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// fetchFile gets a file without credentials.
func (a *api) fetchFile(path string) (*http.Response, string) {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, a.srv.URL+"/2010-04-01"+path, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	response, err := a.client.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return response, string(body)
}

// inProgress adds a call that goes on for 15 seconds.
func (a *api) inProgress() string {
	a.t.Helper()
	return a.srv.AddCall(a.srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress}).SID
}

// A recording is made while its call goes on, then processed, and has a file only
// when it is completed.
func TestRecordingLivesAsLongAsItsCall(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := a.inProgress()
	recordings := a.main("/Calls/" + call + "/Recordings")
	created := a.post(recordings+".json", "RecordingChannels", "dual", "RecordingTrack", "inbound").ok()
	wants(t, created, "status", "in-progress", "duration", nil, "price", nil, "channels", 2.0, "track", "inbound", "source", "StartCallRecordingAPI", "call_sid", call)
	recording := str(created, "sid")
	if again := a.post(recordings + ".json").ok(); str(again, "sid") != recording {
		t.Errorf("a second recording has an effect: %v", again)
	}
	file := a.main("/Recordings/" + recording)
	item := file + ".json"
	a.srv.Advance(15 * second)
	wants(t, a.get(item).ok(), "status", "processing", "duration", nil)
	if response, _ := a.fetchFile(file + ".wav"); response.StatusCode != http.StatusNotFound {
		t.Errorf("an unfinished recording has a file: %d", response.StatusCode)
	}
	a.delete(item).fails(409, 20009)
	a.srv.Advance(2 * second)
	wants(t, a.get(item).ok(), "status", "completed", "duration", "15", "price", "-0.00250", "price_unit", "USD")
	wants(t, a.usage(a.main("/Usage/Records.json"))["recordings"], "count", "1", "price", "0.00250")

	response, wav := a.fetchFile(file + ".wav")
	channels, rate := binary.LittleEndian.Uint16([]byte(wav[22:])), binary.LittleEndian.Uint32([]byte(wav[24:]))
	if response.Header.Get("Content-Type") != "audio/x-wav" || wav[:4] != "RIFF" || channels != 2 || len(wav) != 44+5*int(rate)*2 {
		t.Errorf("%s, %d channels, %d bytes", response.Header.Get("Content-Type"), channels, len(wav))
	}
	if _, mono := a.fetchFile(file + ".wav?RequestedChannels=1"); len(mono) != 44+5*int(rate) {
		t.Errorf("%d bytes in one channel", len(mono))
	}
	response, mp3 := a.fetchFile(file + ".mp3")
	if response.Header.Get("Content-Type") != "audio/mpeg" || !strings.HasPrefix(mp3, "\xff\xfb\x90") || len(mp3)%417 != 0 {
		t.Errorf("%s of %d bytes", response.Header.Get("Content-Type"), len(mp3))
	}
	a.post(recordings+".json").fails(400, 21220)
	a.post(a.main("/Calls/"+sid("CA", 2)+"/Recordings.json")).fails(404, 20404)
}

// What was said in a pause isn't in the recording, unless as silence.
func TestRecordingIsPaused(t *testing.T) {
	t.Parallel()
	for behavior, want := range map[string]string{"skip": "10", "silence": "15", "": "15"} {
		a := newAPI(t)
		recordings := a.main("/Calls/" + a.inProgress() + "/Recordings")
		sid := str(a.post(recordings+".json").ok(), "sid")
		current := recordings + "/Twilio.CURRENT.json"
		a.srv.Advance(5 * second)
		wants(t, a.post(current, "Status", "paused", "PauseBehavior", behavior).ok(), "status", "paused", "sid", sid)
		a.srv.Advance(5 * second)
		wants(t, a.post(current, "Status", "in-progress").ok(), "status", "in-progress")
		a.srv.Advance(time.Minute)
		wants(t, a.get(recordings+"/"+sid+".json").ok(), "status", "completed", "duration", want)
		a.post(current, "Status", "stopped").fails(404, 20404)
		a.post(recordings+"/"+sid+".json", "Status", "stopped").fails(400, 21220)
		a.post(recordings+"/"+sid+".json").fails(400, 20001)
	}
}

// A call that is to be recorded is, from the answer on.
func TestCallIsRecorded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call := str(a.post(a.main("/Calls.json"), append([]string{"Record", "true"}, aCall...)...).ok(), "sid")
	list := a.main("/Calls/" + call + "/Recordings.json")
	if got := a.get(list).items(); len(got) > 0 {
		t.Errorf("recorded before the answer: %v", got)
	}
	a.srv.Advance(time.Minute)
	wants(t, a.get(list).items()[0], "source", "OutboundAPI", "duration", "15", "status", "completed")
}

// Deleted recordings have no file; what else there is of them is known for 40
// days, to those who ask for it.
func TestRecordingIsDeletedSoftly(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	sid := a.srv.AddRecording(a.srv.AccountSID, twilio.Recording{Duration: 1}).SID
	file, list := a.main("/Recordings/"+sid), a.main("/Recordings.json")
	a.delete(file + ".json").ok()
	a.delete(file+".json").fails(404, 20404)
	a.get(file+".json").fails(404, 20404)
	a.get(file+"/Transcriptions.json").fails(404, 20404)
	wants(t, a.get(file+".json", "IncludeSoftDeleted", "true").ok(), "status", "deleted")
	if response, _ := a.fetchFile(file + ".mp3"); response.StatusCode != http.StatusNotFound {
		t.Errorf("the file is still there: %d", response.StatusCode)
	}
	if hidden, all := a.get(list).items(), a.get(list, "IncludeSoftDeleted", "true").items(); len(hidden) != 0 || len(all) != 1 {
		t.Errorf("listed %v and %v", hidden, all)
	}
	a.srv.Advance(40 * 24 * time.Hour)
	a.get(file+".json", "IncludeSoftDeleted", "true").fails(404, 20404)
}

func TestRecordingFilters(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	call, room := a.inProgress(), a.room("room")
	conference := str(room.get("").ok(), "sid")
	for i, r := range []twilio.Recording{
		{CallSID: call}, {ConferenceSID: conference}, {DateCreated: twiliotest.DefaultStart.AddDate(0, 0, -1)},
	} {
		r.SID = sid("RE", i+1)
		a.srv.AddRecordings(a.srv.AccountSID, r)
	}
	for _, test := range []struct{ path, key, value, want string }{
		{"/Recordings.json", "CallSid", call, "RE1"},
		{"/Recordings.json", "ConferenceSid", conference, "RE2"},
		{"/Recordings.json", "DateCreated<", "2026-01-15", "RE3"},
		{"/Recordings.json", "DateCreated>", "2026-01-15", "RE2 RE1"},
		{"/Calls/" + call + "/Recordings.json", "DateCreated", "2026-01-15", "RE1"},
		{"/Calls/" + call + "/Recordings.json", "DateCreated", "2026-01-14", ""},
		{"/Conferences/" + conference + "/Recordings.json", "DateCreated>", "2026-01-15", "RE2"},
	} {
		if got := short(a.get(a.main(test.path), test.key, test.value).items()); got != test.want {
			t.Errorf("%s?%s=%s: %s, want %s", test.path, test.key, test.value, got, test.want)
		}
	}
	a.get(a.main("/Recordings.json"), "CallSid", "nonsense").fails(400, 20001)
	a.get(a.main("/Calls/"+call+"/Recordings/"+sid("RE", 2)+".json")).fails(404, 20404)
}

func TestConferenceIsRecorded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	room := a.room("room")
	conference := str(room.get("").ok(), "sid")
	recording := a.srv.AddRecording(a.srv.AccountSID, twilio.Recording{ConferenceSID: conference, Status: twilio.RecordingStatusInProgress}).SID
	item := a.main("/Conferences/" + conference + "/Recordings/" + recording + ".json")
	a.srv.Advance(3 * second)
	a.post(a.main("/Conferences/"+conference+".json"), "Status", "completed").ok()
	wants(t, a.get(item).ok(), "status", "processing")
	a.srv.Advance(2 * second)
	wants(t, a.get(item).ok(), "status", "completed", "duration", "3", "conference_sid", conference)
}

// A conference that is to be recorded is, once it has begun, in one channel and
// once for all who want it. A recording that is stopped isn't started again.
func TestParticipantHasTheConferenceRecorded(t *testing.T) {
	t.Parallel()
	for _, wish := range []string{"true", "record-from-start"} {
		a := newAPI(t)
		room := a.room("room", "ConferenceRecord", wish, "StartConferenceOnEnter", "false", "RecordingChannels", "dual")
		a.srv.Advance(5 * second)
		if got := room.get("/Recordings").items(); len(got) > 0 {
			t.Errorf("recorded before the conference has begun: %v", got)
		}
		for range 2 {
			room.dial("ConferenceRecord", wish)
			a.srv.Advance(5 * second)
		}
		recordings := room.get("/Recordings").items()
		if len(recordings) != 1 {
			t.Fatalf("%d recordings, want 1", len(recordings))
		}
		wants(t, recordings[0], "source", "Conference", "status", "in-progress", "channels", 1.0, "call_sid", nil, "conference_sid", room.sid)
		a.post(room.path("/Recordings/Twilio.CURRENT"), "Status", "stopped").ok()
		room.dial()
		a.srv.Advance(5 * second)
		if got := room.get("/Recordings").items(); len(got) != 1 {
			t.Errorf("%d recordings after one was stopped, want 1", len(got))
		}
		wants(t, room.get("/Recordings").items()[0], "status", "completed", "duration", "5")
	}
}

func TestParticipantDoesNotHaveTheConferenceRecorded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	room := a.room("room", "ConferenceRecord", "do-not-record")
	room.dial("ConferenceRecord", "false")
	a.srv.Advance(5 * second)
	if got := room.get("/Recordings").items(); len(got) > 0 {
		t.Errorf("recorded: %v", got)
	}
	a.post(room.path("/Participants"), "From", "+14158141829", "To", "+16518675310", "ConferenceRecord", "maybe").fails(400, 20001)
}

// Record records the participant's call, not the conference.
func TestParticipantIsRecorded(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	room := a.room("room", "Record", "true", "RecordingChannels", "dual", "Label", "agent")
	a.srv.Advance(5 * second)
	call := str(room.get("/Participants/agent").ok(), "call_sid")
	wants(t, a.get(a.main("/Calls/" + call + "/Recordings.json")).items()[0], "source", "OutboundAPI", "channels", 2.0, "status", "in-progress", "conference_sid", nil)
	if got := room.get("/Recordings").items(); len(got) > 0 {
		t.Errorf("the conference is recorded: %v", got)
	}
	a.srv.Advance(17 * second)
	wants(t, a.get(a.main("/Calls/" + call + "/Recordings.json")).items()[0], "status", "completed", "duration", "15")
}

func TestRecordingFilesThatDoNotExist(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	mono := a.main("/Recordings/" + a.srv.AddRecording(a.srv.AccountSID, twilio.Recording{}).SID)
	encrypted := a.main("/Recordings/" + a.srv.AddRecording(a.srv.AccountSID, twilio.Recording{EncryptionDetails: map[string]string{"encryption_cek": "x"}}).SID)
	for path, want := range map[string]string{
		mono + ".wav?RequestedChannels=2": "16113", mono + ".wav?RequestedChannels=3": "20001", encrypted + ".mp3": "16109",
		a.main("/Recordings/" + sid("RE", 1) + ".wav"): "20404,\"message\":\"The requested resource /2010-04-01" + a.main("/Recordings/"+sid("RE", 1)+".wav was not found"),
	} {
		if response, body := a.fetchFile(path); response.StatusCode < 400 || !strings.Contains(body, want) {
			t.Errorf("%s: %d %s", path, response.StatusCode, body)
		}
	}
	if response, _ := a.fetchFile(encrypted + ".wav"); response.StatusCode != http.StatusOK {
		t.Errorf("an encrypted WAV: %d", response.StatusCode)
	}
}

func TestTranscriptions(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	account := a.srv.AccountSID
	recording := a.srv.AddRecording(account, twilio.Recording{}).SID
	other := a.srv.AddRecording(account, twilio.Recording{}).SID
	text := a.srv.AddTranscription(account, twilio.Transcription{RecordingSID: recording, Duration: 61, TranscriptionText: "Hello"}).SID
	item := a.main("/Recordings/" + recording + "/Transcriptions/" + text + ".json")
	wants(t, a.get(item).ok(), "status", "in-progress", "transcription_text", nil, "price", nil)
	a.srv.Advance(5 * second)
	wants(t, a.get(item).ok(), "status", "completed", "transcription_text", "Hello", "price", "-0.10000")
	a.get(a.main("/Recordings/"+other+"/Transcriptions/"+text+".json")).fails(404, 20404)
	a.delete(a.main("/Recordings/" + recording + ".json")).ok()
	a.get(a.main("/Transcriptions/" + text + ".json")).ok() // it stays
	a.delete(a.main("/Transcriptions/" + text + ".json")).ok()
	if left := a.get(a.main("/Transcriptions.json")).items(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// The data of a payload is elsewhere; its result takes it along.
func TestAddOnPayloads(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	account := a.srv.AccountSID
	recording := a.srv.AddRecording(account, twilio.Recording{}).SID
	result := a.srv.AddAddOnResult(account, twilio.AddOnResult{ReferenceSID: recording}).SID
	payload := a.srv.AddAddOnPayload(account, twilio.AddOnPayload{AddOnResultSID: result, ContentType: "text/plain"}, []byte("ahoy")).SID
	path := a.main("/Recordings/" + recording + "/AddOnResults/" + result)
	data := path + "/Payloads/" + payload + "/Data"
	response, body := a.fetchFile(data)
	if body != "ahoy" || response.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("%d %s of type %s", response.StatusCode, body, response.Header.Get("Content-Type"))
	}
	if response, _ := a.fetchFile(data + ".json"); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the way to the data needs no credentials: %d", response.StatusCode)
	}
	a.delete(path + ".json").ok()
	a.get(path+"/Payloads/"+payload+".json").fails(404, 20404)
	a.get(data+".json").fails(404, 20404)
}
