package twiliotest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A line is a fake whose webhooks lead to a receiver, and an account's client.
type line struct {
	*testing.T
	*receiver
	srv    *twiliotest.Server
	sub    string
	client *twilio.Client
}

// newLine returns a fake with a subaccount whose phone number has the VoiceUrl
// /voice and the status callback /ended.
func newLine(t *testing.T, opts ...twiliotest.Option) *line {
	t.Helper()
	h := new(receiver)
	srv := twiliotest.NewUnstartedServer(append([]twiliotest.Option{twiliotest.WithWebhooks(h), twiliotest.WithStart(twiliotest.DefaultStart)}, opts...)...)
	sub := srv.AddSubaccount(twilio.Account{FriendlyName: "Submarine"})
	srv.AddPhoneNumber(sub.SID, twilio.IncomingPhoneNumber{
		PhoneNumber: ours, VoiceURL: "https://example.com/voice", StatusCallback: "https://example.com/ended",
	})
	return &line{t, h, srv, sub.SID, srv.Client().Subaccount(sub.SID)}
}

// call makes a call with the TwiML of /voice and all its progress on /progress.
func (l *line) call(twiml string, more ...func(*twilio.CallCreateParams)) *twilio.Call {
	l.Helper()
	if twiml != "" {
		l.on("/voice", twiml)
	}
	params := twilio.CallCreateParams{
		From: ours, To: theirs, URL: "https://example.com/voice", StatusCallback: "https://example.com/progress",
		StatusCallbackEvent: []twilio.CallEvent{"initiated", "ringing", "answered", "completed"},
	}
	for _, change := range more {
		change(&params)
	}
	c, err := l.client.Calls.Create(l.Context(), params)
	if err != nil {
		l.Fatal(err)
	}
	return c
}

func (l *line) get(sid string) *twilio.Call {
	l.Helper()
	c, err := l.client.Calls.Get(l.Context(), sid)
	if err != nil {
		l.Fatal(err)
	}
	return c
}

// children are the calls that a call made, oldest first.
func (l *line) children(sid string) []*twilio.Call {
	l.Helper()
	var calls []*twilio.Call
	for c, err := range l.client.Calls.All(l.Context(), twilio.CallListParams{ParentCallSID: sid}) {
		if err != nil {
			l.Fatal(err)
		}
		calls = append([]*twilio.Call{c}, calls...)
	}
	return calls
}

// codes are the error codes of the account's notifications, oldest first.
func (l *line) codes() []int {
	l.Helper()
	var codes []int
	for n, err := range l.client.Notifications.All(l.Context(), twilio.NotificationListParams{}) {
		if err != nil {
			l.Fatal(err)
		}
		codes = append([]int{n.ErrorCode}, codes...)
	}
	return codes
}

func (l *line) wants(what string, got, want any) {
	l.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		l.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestCallProgressIsReported(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	c := l.call(`<Response><Say>Hello there, sailor</Say><Pause length="3"/><Hangup/><Say>never</Say></Response>`)
	l.srv.Advance(time.Minute)
	l.wants("events", l.values("/progress", "CallStatus"), "[initiated ringing in-progress completed]")
	l.wants("sequence", l.values("/progress", "SequenceNumber"), "[0 1 2 3]")
	l.wants("duration", l.values("/progress", "CallDuration"), "[   5]")
	l.wants("minutes", l.values("/progress", "Duration"), "[   1]")
	l.wants("asked", l.values("/voice", "CallStatus"), "[in-progress]")
	done := l.get(c.SID)
	l.wants("call", fmt.Sprint(done.Status, done.Duration), "completed5")
	l.wants("codes", l.codes(), "[]")
}

func TestCallsEndAsTheOutcomeSays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		outcome    twiliotest.Outcome
		progress   string
		seconds    int
		took, code string
	}{
		{twiliotest.Outcome{CallStatus: "busy"}, "[initiated ringing busy]", 5, "0", "486"},
		{twiliotest.Outcome{CallStatus: "no-answer"}, "[initiated ringing no-answer]", 61, "0", ""},
		{twiliotest.Outcome{CallStatus: "failed"}, "[failed]", 1, "0", ""},
		{twiliotest.Outcome{HangUpAfter: 7 * time.Second}, "[initiated ringing in-progress completed]", 12, "7", "200"},
	} {
		l := newLine(t)
		test.outcome.To = theirs
		l.srv.SetOutcome(test.outcome)
		c := l.call(`<Response><Pause length="60"/></Response>`)
		l.srv.Advance(2 * time.Minute)
		l.wants("progress", l.values("/progress", "CallStatus"), test.progress)
		last := len(l.values("/progress", "CallStatus")) - 1
		l.wants("duration", l.values("/progress", "CallDuration")[last], test.took)
		l.wants("response", l.values("/progress", "SipResponseCode")[last], test.code)
		done := l.get(c.SID)
		l.wants("end", done.EndTime.Sub(twiliotest.DefaultStart), time.Duration(test.seconds)*time.Second)
	}
}

func TestGatherAsksItsActionWhatComesNext(t *testing.T) {
	t.Parallel()
	l := newLine(t, twiliotest.WithCallDuration(time.Hour))
	l.on("/voice", `<Response><Gather numDigits="2" action="/menu" timeout="4"><Say>Press</Say></Gather><Say>Nothing</Say><Redirect>/voice2</Redirect></Response>`)
	l.on("/voice2", `<Response><Gather action="/menu" actionOnEmptyResult="true" input="speech dtmf"/></Response>`)
	l.on("/menu", `<Response><Hangup/></Response>`)
	// The keys that are pressed at once.
	first := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours, Digits: "123"})
	l.wants("first", first.Status, "completed")
	l.wants("digits", l.values("/menu", "Digits"), "[12]")
	// Keys that come while it listens, the last one in time.
	second := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.wants("second", second.Status, "in-progress")
	l.srv.Advance(4 * time.Second)
	l.srv.Press(second.SID, "7")
	l.srv.Advance(3 * time.Second)
	l.wants("too few", len(l.values("/menu", "Digits")), 1)
	l.srv.Press(second.SID, "#")
	l.wants("digits", l.values("/menu", "Digits"), "[12 7]")
	l.wants("key", l.values("/menu", "FinishedOnKey"), "[ #]")
	// Nobody presses anything: one prompt of a second, 4 seconds, one more prompt.
	third := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.Advance(5 * time.Second)
	l.wants("redirected", len(l.values("/voice2", "CallSid")), 0)
	l.srv.Advance(time.Second)
	l.wants("redirected", l.values("/voice2", "CallSid"), []string{third.SID})
	l.srv.Speak(third.SID, "operator")
	l.wants("speech", l.values("/menu", "SpeechResult"), "[  operator]")
	l.wants("third", l.get(third.SID).Status, "completed")
	l.wants("ended", l.values("/ended", "CallSid"), []string{first.SID, second.SID, third.SID})
	l.wants("durations", l.values("/ended", "CallDuration"), "[0 7 6]")
}

func TestDialCallsOthers(t *testing.T) {
	t.Parallel()
	const agent, other = "+16518675310", "+16518675311"
	l := newLine(t)
	l.on("/voice", `<Response><Dial action="/dialed" record="record-from-answer-dual" recordingStatusCallback="/recorded">
		<Number url="/whisper" statusCallback="/leg" statusCallbackEvent="initiated answered completed">`+agent+`</Number><Number>`+other+`</Number></Dial></Response>`)
	l.on("/whisper", `<Response><Pause length="2"/></Response>`)
	l.on("/dialed", `<Response><Say>Bye</Say></Response>`)
	l.srv.SetOutcome(twiliotest.Outcome{To: agent, HangUpAfter: 20 * time.Second})
	l.srv.SetOutcome(twiliotest.Outcome{To: other, CallStatus: "no-answer"})
	c := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.Advance(time.Minute)
	legs := l.children(c.SID)
	if len(legs) != 2 {
		t.Fatalf("%d legs", len(legs))
	}
	l.wants("legs", []any{legs[0].Status, legs[0].Duration, legs[0].Direction, legs[0].From, legs[1].Status}, "[completed 20 outbound-dial "+theirs+" canceled]")
	l.wants("whisper", l.values("/whisper", "CallSid"), []string{legs[0].SID})
	l.wants("leg", l.values("/leg", "CallStatus"), "[initiated in-progress completed]")
	l.wants("parent", l.values("/leg", "ParentCallSid"), []string{c.SID, c.SID, c.SID})
	l.wants("action", l.values("/dialed", "DialCallStatus"), "[completed]")
	l.wants("duration", l.values("/dialed", "DialCallDuration"), "[20]")
	l.wants("which", l.values("/dialed", "DialCallSid"), []string{legs[0].SID})
	l.wants("recording", l.values("/dialed", "RecordingDuration"), "[18]")
	l.wants("recorded", l.values("/recorded", "RecordingDuration"), "[18]")
	l.wants("of", l.values("/recorded", "CallSid"), []string{c.SID})
	l.wants("call", l.get(c.SID).Duration, 26)
}

// When the caller hangs up, the leg ends and the action is told.
func TestDialEndsWithItsCall(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.on("/voice", `<Response><Dial action="/dialed">+16518675310</Dial></Response>`)
	l.srv.SetOutcome(twiliotest.Outcome{To: theirs, HangUpAfter: 10 * time.Second})
	l.srv.SetOutcome(twiliotest.Outcome{To: "+16518675310", HangUpAfter: time.Hour})
	c := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.Advance(9 * time.Second)
	l.srv.HangUp(c.SID)
	l.wants("leg", fmt.Sprint(l.children(c.SID)[0].Status, l.children(c.SID)[0].Duration), "completed4")
	l.wants("action", l.values("/dialed", "DialCallStatus"), "[completed]")
	l.wants("status", l.values("/dialed", "CallStatus"), "[completed]")

	for outcome, want := range map[twilio.CallStatus]string{"busy": "[busy]", "no-answer": "[no-answer]", "failed": "[failed]"} {
		l := newLine(t)
		l.on("/voice", `<Response><Dial action="/dialed" timeout="20"><Client>joey</Client></Dial></Response>`)
		l.on("/dialed", `<Response><Hangup/></Response>`)
		l.srv.SetOutcome(twiliotest.Outcome{To: "client:joey", CallStatus: outcome})
		c := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
		l.srv.Advance(time.Minute)
		l.wants("action", l.values("/dialed", "DialCallStatus"), want)
		l.wants("parent", l.get(c.SID).Status, "completed")
	}
}

// A call that can't enter its conference goes on, the debugger says why, and no
// conference is left that nobody is in.
func TestDialConferenceThatCannotBeEntered(t *testing.T) {
	t.Parallel()
	for code, twiml := range map[string]string{
		"16023": `<Conference participantLabel="a/b">Other</Conference>`,
		"16025": `<Conference participantLabel="host">Room</Conference>`,
		"16020": `<Conference>Room</Conference>`,
	} {
		l := newLine(t)
		l.on("/dialed", `<Response><Hangup/></Response>`)
		l.call(`<Response><Dial><Conference participantLabel="host" maxParticipants="2">Room</Conference></Dial></Response>`)
		l.srv.Advance(6 * time.Second)
		if code == "16020" {
			l.call(`<Response><Dial>` + twiml + `</Dial></Response>`)
			l.srv.Advance(6 * time.Second)
		}
		late := l.call(`<Response><Dial action="/dialed">` + twiml + `</Dial></Response>`)
		l.srv.Advance(6 * time.Second)
		l.wants(code, l.values("/dialed", "DialCallStatus"), []string{"failed"})
		l.wants(code, string(l.get(late.SID).Status), "completed")
		logged, err := l.client.Notifications.List(t.Context(), twilio.NotificationListParams{})
		if err != nil {
			t.Fatal(err)
		}
		if len(logged.Items) != 1 || fmt.Sprint(logged.Items[0].ErrorCode) != code || strings.HasPrefix(logged.Items[0].MessageText, "Msg=&") {
			t.Errorf("%s: the log has %+v", code, logged.Items)
		}
		rooms, err := l.client.Conferences.List(t.Context(), twilio.ConferenceListParams{})
		if err != nil || len(rooms.Items) != 1 || rooms.Items[0].FriendlyName != "Room" {
			t.Errorf("%s: the conferences are %+v, %v", code, rooms, err)
		}
	}
}

func TestDialConference(t *testing.T) {
	t.Parallel()
	l := newLine(t, twiliotest.WithCallDuration(time.Hour))
	l.handle("/voice", func(w http.ResponseWriter, r *http.Request) {
		end := r.FormValue("From") == theirs
		_, _ = fmt.Fprintf(w, `<Response><Dial action="/dialed"><Conference statusCallback="/conference" statusCallbackEvent="start end join leave mute hold" startConferenceOnEnter="%v"
			endConferenceOnExit="%v" waitUrl="/wait" participantLabel="p%v" record="record-from-start" recordingStatusCallback="/recorded">Room</Conference></Dial></Response>`, end, end, end)
	})
	l.on("/dialed", `<Response><Pause length="2"/></Response>`)
	waiting := l.srv.ReceiveCall(twiliotest.InboundCall{From: "+16518675310", To: ours})
	host := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.wants("wait", l.values("/wait", "CallSid"), []string{waiting.SID})
	page, err := l.client.Conferences.List(t.Context(), twilio.ConferenceListParams{Status: "in-progress"})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("conferences: %v, %v", page, err)
	}
	cf := page.Items[0].SID
	for _, params := range []twilio.ParticipantUpdateParams{{Muted: new(true)}, {Muted: new(false)}, {Hold: new(true), HoldURL: new("https://example.com/hold")}} {
		if _, err := l.client.Conferences.Participants.Update(t.Context(), cf, waiting.SID, params); err != nil {
			t.Fatal(err)
		}
	}
	l.srv.Advance(10 * time.Second)
	l.srv.HangUp(host.SID)
	l.srv.Advance(10 * time.Second)
	l.wants("events", l.values("/conference", "StatusCallbackEvent"), "[participant-join participant-join conference-start "+
		"participant-mute participant-unmute participant-hold participant-leave participant-leave conference-end]")
	l.wants("sequence", l.values("/conference", "SequenceNumber"), "[1 2 3 4 5 6 7 8 9]")
	l.wants("labels", l.values("/conference", "ParticipantLabel"), "[pfalse ptrue  pfalse pfalse pfalse ptrue pfalse ]")
	l.wants("reasons", l.values("/conference", "ReasonParticipantLeft"), "[      participant_hung_up moderator_ended_conference ]")
	l.wants("end", l.values("/conference", "ReasonConferenceEnded")[8], "participant-with-end-conference-on-exit-left")
	l.wants("end", l.values("/conference", "CallSidEndingConference")[8], host.SID)
	l.wants("hold", len(l.values("/hold", "CallSid")), 1)
	l.wants("recorded", l.values("/recorded", "ConferenceSid"), []string{cf})
	l.wants("after", l.values("/dialed", "CallSid"), []string{waiting.SID})
	l.wants("both", fmt.Sprint(l.get(host.SID).Duration, l.get(waiting.SID).Duration), "10 12")
}

func TestQueue(t *testing.T) {
	t.Parallel()
	l := newLine(t, twiliotest.WithCallDuration(time.Hour))
	l.on("/voice", `<Response><Enqueue waitUrl="/wait" action="/left">support</Enqueue></Response>`)
	l.on("/wait", `<Response><Play>https://example.com/music.mp3</Play></Response>`)
	l.on("/left", `<Response><Hangup/></Response>`)
	caller := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.Advance(30 * time.Second)
	l.wants("waits", l.values("/wait", "QueueTime"), "[0 10 20 30]")
	queues, err := l.client.Queues.List(t.Context(), twilio.QueueListParams{})
	if err != nil || len(queues.Items) != 1 || queues.Items[0].CurrentSize != 1 {
		t.Fatalf("queues: %+v, %v", queues, err)
	}
	l.on("/agent", `<Response><Dial action="/served"><Queue url="/connecting">support</Queue></Dial></Response>`)
	l.on("/connecting", `<Response><Say>You are connected now</Say></Response>`)
	l.on("/served", `<Response><Hangup/></Response>`)
	l.srv.SetOutcome(twiliotest.Outcome{To: "+16518675310", HangUpAfter: 20 * time.Second})
	agent := l.call("", func(p *twilio.CallCreateParams) { p.To, p.URL = "+16518675310", "https://example.com/agent" })
	l.srv.Advance(time.Minute)
	l.wants("connecting", l.values("/connecting", "DequeingCallSid"), []string{agent.SID})
	l.wants("left", l.values("/left", "QueueResult"), "[bridged]")
	l.wants("served", l.values("/served", "DialCallSid"), []string{caller.SID})
	l.wants("talked", l.values("/served", "DialCallDuration"), "[18]")
	l.wants("caller", l.get(caller.SID).Status, "completed")

	// Leave ends the wait, and so does hanging up.
	l.on("/wait", `<Response><Leave/></Response>`)
	l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.on("/wait", `<Response><Pause length="60"/></Response>`)
	gone := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.HangUp(gone.SID)
	l.wants("left", l.values("/left", "QueueResult"), "[bridged leave hangup]")
}

func TestRecordKeepsWhatIsSaid(t *testing.T) {
	t.Parallel()
	l := newLine(t, twiliotest.WithCallDuration(time.Hour))
	l.on("/voice", `<Response><Record action="/done" recordingStatusCallback="/recorded" recordingStatusCallbackEvent="in-progress completed" transcribe="true" transcribeCallback="/text"/></Response>`)
	l.on("/done", `<Response><Hangup/></Response>`)
	c := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.Advance(3 * time.Second)
	l.srv.Press(c.SID, "#")
	l.srv.Advance(time.Minute)
	l.wants("done", l.values("/done", "RecordingDuration"), "[3]")
	l.wants("digits", l.values("/done", "Digits"), "[#]")
	l.wants("recorded", l.values("/recorded", "RecordingStatus"), "[in-progress completed]")
	l.wants("duration", l.values("/recorded", "RecordingDuration"), "[ 3]")
	l.wants("text", l.values("/text", "TranscriptionStatus"), "[completed]")
	second := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.Advance(2 * time.Second)
	l.srv.HangUp(second.SID)
	l.wants("digits", l.values("/done", "Digits"), "[# hangup]")
}

func TestRejectedCallsAreNotAnswered(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.on("/voice", `<Response><Reject reason="busy"/></Response>`)
	c := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
	l.srv.Advance(time.Minute)
	done := l.get(c.SID)
	l.wants("rejected", fmt.Sprint(done.Status, done.Duration, done.Price.Valid), "busy0 false")
	l.wants("ended", l.values("/ended", "CallStatus"), "[busy]")
}

// A call that is sent elsewhere leaves what it was doing.
func TestCallsAreRedirectedByTheAPI(t *testing.T) {
	t.Parallel()
	l := newLine(t, twiliotest.WithCallDuration(time.Hour))
	c := l.call(`<Response><Dial action="/dialed">+16518675310</Dial></Response>`)
	l.srv.Advance(20 * time.Second)
	l.on("/next", `<Response><Pause length="5"/></Response>`)
	if _, err := l.client.Calls.Update(t.Context(), c.SID, twilio.CallUpdateParams{URL: new("https://example.com/next")}); err != nil {
		t.Fatal(err)
	}
	l.srv.Advance(time.Minute)
	l.wants("next", len(l.values("/next", "CallSid")), 1)
	l.wants("action", len(l.values("/dialed", "CallSid")), 0)
	l.wants("leg", l.children(c.SID)[0].Status, "completed")
	l.wants("call", l.get(c.SID).Duration, 20)
}

// What a URL says after the call was sent elsewhere comes too late.
func TestLateInstructionsAreIgnored(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.handle("/voice", func(w http.ResponseWriter, r *http.Request) {
		_, err := l.client.Calls.Update(context.Background(), r.FormValue("CallSid"), twilio.CallUpdateParams{URL: new("https://example.com/next")})
		if err != nil {
			t.Error(err)
		}
		_, _ = io.WriteString(w, "<Response><Hangup/></Response>")
	})
	l.on("/next", `<Response><Pause length="5"/></Response>`)
	c := l.call("")
	l.srv.Advance(time.Minute)
	l.wants("next", len(l.values("/next", "CallSid")), 1)
	l.wants("call", l.get(c.SID).Duration, 5)
}

// A call that each request for TwiML sends to the same URL comes to an end, though
// no response is ever obeyed.
func TestCallsThatAreSentInACircleEnd(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	l.handle("/voice", func(_ http.ResponseWriter, r *http.Request) {
		_, err := l.client.Calls.Update(context.Background(), r.FormValue("CallSid"), twilio.CallUpdateParams{URL: new("https://example.com/voice")})
		if err != nil {
			t.Error(err)
		}
	})
	c := l.call("")
	l.srv.Advance(time.Minute)
	l.wants("requests", len(l.values("/voice", "CallSid")), 101)
	l.wants("call", l.get(c.SID).Status, "completed")
	l.wants("codes", l.codes(), "[11215]")
}

// Nobody stays on the line for longer than four hours, as Twilio's TimeLimit is by
// default, whatever the call is told.
func TestCallsEndAfterFourHours(t *testing.T) {
	t.Parallel()
	l := newLine(t)
	c := l.call(`<Response><Dial timeout="1"><Queue>empty</Queue></Dial><Pause length="10"/><Redirect>/voice</Redirect></Response>`)
	l.srv.Advance(10 * time.Hour)
	l.wants("duration", l.get(c.SID).Duration, 4*60*60)
}

func TestWhatIsWrongWithTwiMLIsLogged(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, contentType, body string
		status                  int
		codes                   string
		status2                 string // of the call at once
	}{
		{"unknown verb", "text/xml", `<Response><Speak>Hi</Speak><Pause length="9"/></Response>`, 200, "[12200]", "in-progress"},
		{"not XML", "text/xml", `<Response><Say>`, 200, "[12100]", "failed"},
		{"no Response", "text/xml", `<Say>Hi</Say>`, 200, "[12102]", "failed"},
		{"two documents", "text/xml", `<Response/><Response/>`, 200, "[12100]", "failed"},
		{"text behind it", "text/xml", `<Response/>x`, 200, "[12100]", "failed"},
		{"a verb without a number", "text/xml", `<Response><Dial>x</Dial></Response>`, 200, "[13223]", "completed"},
		{"empty", "text/xml", ``, 200, "[11770]", "failed"},
		{"JSON", "application/json", `{}`, 200, "[12300]", "failed"},
		{"too large", "text/xml", `<Response>` + strings.Repeat(" ", 64<<10) + `</Response>`, 200, "[11750]", "failed"},
		{"an error", "text/xml", `<Response/>`, 500, "[11200]", "failed"},
		{"text", "text/plain", `Hello`, 200, "[]", "in-progress"},
		{"sound", "audio/mpeg", `xxx`, 200, "[]", "in-progress"},
	} {
		l := newLine(t)
		l.handle("/voice", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.contentType)
			w.WriteHeader(test.status)
			_, _ = io.WriteString(w, test.body)
		})
		c := l.srv.ReceiveCall(twiliotest.InboundCall{From: theirs, To: ours})
		l.wants(test.name+": call", c.Status, test.status2)
		l.wants(test.name+": codes", l.codes(), test.codes)
		page, err := l.client.Calls.Notifications.List(t.Context(), c.SID, twilio.NotificationListParams{})
		if err != nil {
			t.Fatal(err)
		}
		l.wants(test.name+": the call's", len(page.Items), len(l.codes()))
	}
}
