package twilio_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

var confirmed = twilio.EraseParams{Confirm: true}

// sentBy are the requests of a method that the fake has received.
func sentBy(srv *twiliotest.Server, method string) (paths []string) {
	for _, r := range srv.Requests() {
		if r.Method == method {
			paths = append(paths, r.Path)
		}
	}
	return paths
}

// existing are the SIDs of the recordings and messages that there are.
func existing(t *testing.T, client *twilio.Client) (sids []string) {
	t.Helper()
	for _, r := range collect(t, client.Recordings.All(t.Context(), twilio.RecordingListParams{})) {
		sids = append(sids, r.SID)
	}
	for _, m := range collect(t, client.Messages.All(t.Context(), twilio.MessageListParams{})) {
		sids = append(sids, m.SID)
	}
	return sids
}

func sidsLeft(report *twilio.EraseReport) (sids []string) {
	for _, failure := range report.Remaining {
		sids = append(sids, failure.SID)
	}
	return sids
}

// Without Confirm an erasure says what it would find, and deletes nothing.
func TestEraseWithoutConfirm(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	done := srv.AddRecording(srv.AccountSID, twilio.Recording{}).SID
	running := srv.AddRecording(srv.AccountSID, twilio.Recording{Status: twilio.RecordingStatusProcessing}).SID
	sent := srv.AddMessage(srv.AccountSID, twilio.Message{NumMedia: 1}).SID
	queued := srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusQueued}).SID
	client := srv.Client()

	report, err := client.Recordings.Erase(t.Context(), twilio.RecordingListParams{}, twilio.EraseParams{})
	if err != nil || !slices.Equal(report.Found, []string{running, done}) || len(report.Erased) > 0 || !slices.Equal(sidsLeft(report), []string{running}) {
		t.Errorf("got %+v, %v", report, err)
	}
	report, err = client.Messages.Erase(t.Context(), twilio.MessageListParams{}, twilio.EraseParams{})
	if err != nil || !slices.Equal(report.Found, []string{queued, sent}) || len(report.Erased) > 0 || !slices.Equal(sidsLeft(report), []string{queued}) {
		t.Errorf("got %+v, %v", report, err)
	}
	if deleted := sentBy(srv, http.MethodDelete); len(deleted) > 0 {
		t.Errorf("deleted %v", deleted)
	}
}

// An erasure deletes what matches, to the second, with what belongs to it, and
// nothing else.
func TestEraseDeletesWhatMatches(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer(twiliotest.WithStart(twiliotest.DefaultStart))
	client, before := srv.Client(), twiliotest.DefaultStart
	call := srv.AddCall(srv.AccountSID, twilio.Call{}).SID
	add := func(call string, at time.Time) string {
		sid := srv.AddRecording(srv.AccountSID, twilio.Recording{CallSID: call, DateCreated: at}).SID
		srv.AddTranscription(srv.AccountSID, twilio.Transcription{RecordingSID: sid})
		srv.AddAddOnResult(srv.AccountSID, twilio.AddOnResult{ReferenceSID: sid})
		return sid
	}
	old := add(call, before.Add(-time.Second))
	others := add("", before.Add(-time.Hour))
	young := add(call, before)
	report, err := client.Recordings.Erase(t.Context(), twilio.RecordingListParams{CallSID: call, DateCreatedBefore: before}, confirmed)
	if err != nil || !slices.Equal(report.Erased, []string{old}) || len(report.Remaining) > 0 {
		t.Errorf("got %+v, %v", report, err)
	}
	if got := existing(t, client); !slices.Equal(got, []string{young, others}) {
		t.Errorf("there are %v, want %v", got, []string{young, others})
	}
	if texts := collect(t, client.Transcriptions.All(t.Context(), twilio.TranscriptionListParams{})); len(texts) != 2 {
		t.Errorf("%d transcriptions are left", len(texts))
	}
	// What can only be found through the recording is deleted before it is.
	var kinds []string
	for _, path := range sentBy(srv, http.MethodDelete) {
		_, rest, _ := strings.Cut(path, old)
		kind, _, _ := strings.Cut(strings.Trim(rest, "/"), "/")
		kinds = append(kinds, kind)
	}
	if !slices.Equal(kinds, []string{"Transcriptions", "AddOnResults", ".json"}) {
		t.Errorf("deleted %q", kinds)
	}

	srv.AddMessage(srv.AccountSID, twilio.Message{To: "+16518675310", NumMedia: 2})
	kept := srv.AddMessage(srv.AccountSID, twilio.Message{To: "+16518675311", NumMedia: 2}).SID
	deleted := len(sentBy(srv, http.MethodDelete))
	report, err = client.Messages.Erase(t.Context(), twilio.MessageListParams{To: "+16518675310"}, confirmed)
	if err != nil || len(report.Erased) != 1 || len(sentBy(srv, http.MethodDelete)) != deleted+3 {
		t.Errorf("got %+v, %v", report, err)
	}
	if files, err := client.Messages.Media.List(t.Context(), kept, twilio.MediaListParams{}); err != nil || len(files.Items) != 2 {
		t.Errorf("the media of another message: %v, %v", files, err)
	}
}

// What isn't finished remains, and nothing of it is touched.
func TestEraseLeavesWhatIsUnfinished(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	recording := srv.AddRecording(srv.AccountSID, twilio.Recording{Status: twilio.RecordingStatusProcessing}).SID
	srv.AddTranscription(srv.AccountSID, twilio.Transcription{RecordingSID: recording})
	message := srv.AddMessage(srv.AccountSID, twilio.Message{Status: twilio.MessageStatusQueued, NumMedia: 1}).SID
	for range 2 { // nothing has become of it, until it is finished
		report, err := client.Recordings.Erase(t.Context(), twilio.RecordingListParams{}, confirmed)
		wantRemaining(t, report, err, recording)
		report, err = client.Messages.Erase(t.Context(), twilio.MessageListParams{}, confirmed)
		wantRemaining(t, report, err, message)
	}
	if deleted := sentBy(srv, http.MethodDelete); len(deleted) > 0 {
		t.Errorf("deleted %v", deleted)
	}
	srv.Advance(time.Minute)
	if _, err := client.Recordings.Erase(t.Context(), twilio.RecordingListParams{}, confirmed); err != nil {
		t.Error(err)
	}
	if _, err := client.Messages.Erase(t.Context(), twilio.MessageListParams{}, confirmed); err != nil {
		t.Error(err)
	}
	if got := existing(t, client); len(got) > 0 {
		t.Errorf("there are still %v", got)
	}
}

// wantRemaining checks that one item remains and that the report and the error say
// why.
func wantRemaining(t *testing.T, report *twilio.EraseReport, err error, sid string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), sid) || len(report.Erased) > 0 || len(report.Remaining) != 1 || report.Remaining[0].SID != sid {
		t.Fatalf("got %+v, %v", report, err)
	}
	if _, ok := errors.AsType[*twilio.ParamError](report.Remaining[0].Err); !ok {
		t.Errorf("remains for %v", report.Remaining[0].Err)
	}
}

// One that Twilio refuses doesn't stop the others, an outage does, and another
// call goes on.
func TestEraseGoesOn(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	sub := w.client.Subaccount(acme)
	w.srv.AddRecordings(acme, make([]twilio.Recording, 30)...)
	stubborn := w.srv.AddRecording(acme, twilio.Recording{}).SID
	w.srv.Inject(twiliotest.Fault{Method: "DELETE", Path: stubborn, Times: 1, Status: 409, Code: 20009})
	report, err := sub.Recordings.Erase(t.Context(), twilio.RecordingListParams{Limit: 11}, confirmed)
	if e, ok := errors.AsType[*twilio.Error](err); !ok || e.Code != 20009 || len(report.Erased) != 10 || !slices.Equal(sidsLeft(report), []string{stubborn}) {
		t.Fatalf("got %+v, %v", report, err)
	}
	w.srv.Inject(twiliotest.Fault{Method: "DELETE", Times: 5, Status: 503})
	report, err = sub.Recordings.Erase(t.Context(), twilio.RecordingListParams{}, twilio.EraseParams{Confirm: true, Concurrency: 1})
	if err == nil || !strings.Contains(err.Error(), "16 recordings not tried") || len(report.Remaining) != 21 || report.Remaining[20].Err == nil {
		t.Errorf("%d remain, %v", len(report.Remaining), err)
	}
	report, err = sub.Recordings.Erase(t.Context(), twilio.RecordingListParams{}, confirmed)
	if err != nil || len(report.Erased) != 21 || len(existing(t, sub)) > 0 {
		t.Errorf("got %+v, %v", report, err)
	}
}

// A context that ends leaves the rest, and the report knows which.
func TestEraseEndsWithTheContext(t *testing.T) {
	t.Parallel()
	w := newCustomer(t, noRetries)
	w.srv.AddMessages(acme, make([]twilio.Message, 20)...)
	ctx, cancel := context.WithCancel(t.Context())
	w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
		res, err := send()
		if r.Method == http.MethodDelete {
			cancel()
		}
		return res, err
	}
	report, err := w.client.Subaccount(acme).Messages.Erase(ctx, twilio.MessageListParams{}, twilio.EraseParams{Confirm: true, Concurrency: 1})
	if !errors.Is(err, context.Canceled) || len(report.Erased) > 1 || len(report.Erased)+len(report.Remaining) != 20 {
		t.Errorf("%d erased, %d remain: %v", len(report.Erased), len(report.Remaining), err)
	}
	for _, failure := range report.Remaining {
		if !errors.Is(failure.Err, context.Canceled) {
			t.Errorf("%s remains for %v", failure.SID, failure.Err)
		}
	}
}

// Where the list is read only once, a context that ends before anything is
// deleted is an error as well.
func TestEraseWithLimitEndsWithTheContext(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	srv.AddMessages(srv.AccountSID, make([]twilio.Message, 3)...)
	ctx, cancel := context.WithCancel(t.Context())
	limiter := limiterFunc(func(ctx context.Context) error {
		if info, _ := twilio.RequestFromContext(ctx); info.Operation == "messages.delete" {
			cancel()
		}
		return nil
	})
	client := newClient(t, srv.Transport(), twilio.WithRateLimiter(limiter)).WithCredentials(twilio.AuthToken(srv.AccountSID, srv.AuthToken))
	report, err := client.Messages.Erase(ctx, twilio.MessageListParams{Limit: 3}, confirmed)
	if !errors.Is(err, context.Canceled) || len(report.Erased) > 0 || len(report.Remaining) != 3 {
		t.Fatalf("got %+v, %v", report, err)
	}
	for _, failure := range report.Remaining {
		if !errors.Is(failure.Err, context.Canceled) {
			t.Errorf("%s remains for %v", failure.SID, failure.Err)
		}
	}
}

// A list that shifts while it is read has an item twice; the report has it once.
func TestEraseReportsAnItemOnce(t *testing.T) {
	t.Parallel()
	const page = `{"messages":[{"sid":"SM1","status":"queued"},{"sid":"SM1","status":"queued"}]}`
	report, err := newClient(t, newScript(t, respond(200, page))).Messages.Erase(t.Context(), twilio.MessageListParams{}, twilio.EraseParams{})
	if err != nil || !slices.Equal(report.Found, []string{"SM1"}) || len(report.Remaining) != 1 {
		t.Errorf("got %+v, %v", report, err)
	}
}

// As many are erased at once as the caller says, and 8 otherwise.
func TestEraseConcurrency(t *testing.T) {
	t.Parallel()
	for concurrency, want := range map[int]int{0: 8, 3: 3} {
		synctest.Test(t, func(t *testing.T) {
			w := newCustomer(t, noRetries)
			w.srv.AddMessages(acme, make([]twilio.Message, 20)...)
			var mu sync.Mutex
			running, most := 0, 0
			w.transport.intercept = func(_ int, r *http.Request, send func() (*http.Response, error)) (*http.Response, error) {
				if r.Method == http.MethodDelete {
					mu.Lock()
					running++
					most = max(most, running)
					mu.Unlock()
					<-time.After(time.Second)
					mu.Lock()
					running--
					mu.Unlock()
				}
				return send()
			}
			_, err := w.client.Subaccount(acme).Messages.Erase(t.Context(), twilio.MessageListParams{}, twilio.EraseParams{Confirm: true, Concurrency: concurrency})
			if err != nil || most != want {
				t.Errorf("%d at once, want %d; %v", most, want, err)
			}
		})
	}
}

// A 404 for what is still there is no erasure, and neither is an item whose date
// can't be read, which may be outside of the range.
func TestEraseIsSureOfIt(t *testing.T) {
	t.Parallel()
	srv := twiliotest.NewUnstartedServer()
	sid := srv.AddMessage(srv.AccountSID, twilio.Message{}).SID
	srv.Inject(twiliotest.Fault{Method: "DELETE", Times: 1, Status: 404, Code: 20404})
	report, err := srv.Client().Messages.Erase(t.Context(), twilio.MessageListParams{}, confirmed)
	if !errors.Is(err, twilio.ErrNotFound) || len(report.Erased) > 0 || !slices.Equal(sidsLeft(report), []string{sid}) {
		t.Errorf("got %+v, %v", report, err)
	}

	const page = `{"messages":[{"sid":"SM1","status":"sent","date_sent":"soon"},` +
		`{"sid":"SM2","status":"sent","date_sent":"Thu, 30 Jul 2015 20:00:00 +0000","price":"much"}]}`
	s := newScript(t, respond(200, page), respond(204, ""), respond(200, page))
	report, err = newClient(t, s).Messages.Erase(t.Context(), twilio.MessageListParams{DateSentBefore: time.Now()}, confirmed)
	if _, ok := errors.AsType[*twilio.DecodeError](err); !ok || !slices.Equal(report.Erased, []string{"SM2"}) {
		t.Errorf("got %+v, %v", report, err)
	}
	if path := s.sent[1].Path; !strings.HasSuffix(path, "/SM2.json") {
		t.Errorf("deleted %s", path)
	}
}

func TestEraseArguments(t *testing.T) {
	t.Parallel()
	client := newClient(t, newScript(t))
	_, err := client.Recordings.Erase(t.Context(), twilio.RecordingListParams{IncludeSoftDeleted: true}, confirmed)
	wantParamError(t, "IncludeSoftDeleted", err)
	_, err = client.Messages.Erase(t.Context(), twilio.MessageListParams{}, twilio.EraseParams{Concurrency: -1})
	wantParamError(t, "Concurrency", err)
	_, err = client.Messages.Erase(t.Context(), twilio.MessageListParams{Limit: -1}, confirmed)
	wantParamError(t, "Limit", err)
	_, err = new(twilio.Client).Messages.Erase(t.Context(), twilio.MessageListParams{}, confirmed)
	wantParamError(t, "Client", err)
	_, err = new(twilio.Client).Recordings.Erase(t.Context(), twilio.RecordingListParams{}, confirmed)
	wantParamError(t, "Client", err)
}

// WithForm is a filter, and no parameter of the deletions.
func TestEraseOptions(t *testing.T) {
	t.Parallel()
	var meta twilio.ResponseMeta
	s := newScript(t, respond(200, `{"messages":[{"sid":"SM1","status":"sent"}]}`), respond(204, ""), respond(200, `{"messages":[]}`))
	_, err := newClient(t, s).Messages.Erase(t.Context(), twilio.MessageListParams{}, confirmed,
		twilio.WithForm(map[string][]string{"X": {"1"}}), twilio.WithHeader("X-Case", "7"), twilio.WithLookahead(0), twilio.WithResponseInto(&meta))
	if err != nil {
		t.Fatal(err)
	}
	for i, query := range []string{"PageSize=1000&X=1", "", "PageSize=1000&X=1"} {
		if s.sent[i].RawQuery != query || s.sent[i].Header.Get("X-Case") != "7" {
			t.Errorf("sent %+v", s.sent[i])
		}
	}
}
