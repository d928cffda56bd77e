package twilio_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/operations"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// downloads are the methods that write a file, by name.
func downloads() map[string]func(ctx context.Context, c *twilio.Client, w io.Writer, opts ...twilio.RequestOption) (*twilio.MediaInfo, error) {
	return map[string]func(ctx context.Context, c *twilio.Client, w io.Writer, opts ...twilio.RequestOption) (*twilio.MediaInfo, error){
		"Recordings.Media": func(ctx context.Context, c *twilio.Client, w io.Writer, opts ...twilio.RequestOption) (*twilio.MediaInfo, error) {
			return c.Recordings.Media(ctx, "RE1", twilio.RecordingMediaParams{}, w, opts...)
		},
		"Messages.Media.Download": func(ctx context.Context, c *twilio.Client, w io.Writer, opts ...twilio.RequestOption) (*twilio.MediaInfo, error) {
			return c.Messages.Media.Download(ctx, "MM1", "ME1", w, opts...)
		},
		"Recordings.AddOnResults.Payloads.Download": func(ctx context.Context, c *twilio.Client, w io.Writer, opts ...twilio.RequestOption) (*twilio.MediaInfo, error) {
			return c.Recordings.AddOnResults.Payloads.Download(ctx, "RE1", "XR1", "XH1", w, opts...)
		},
	}
}

func TestEveryDownloadIsTested(t *testing.T) {
	t.Parallel()
	all := downloads()
	for _, op := range operations.Downloads {
		if all[op.Method] == nil {
			t.Errorf("downloads doesn't have %s", op.Method)
		}
	}
}

// TestDownloadsOfMedia puts each download in a network on which something goes
// wrong.
func TestDownloadsOfMedia(t *testing.T) {
	t.Parallel()
	redirect := func(to string) step { return respond(307, `{"redirect_to":"x"}`, "Location", to) }
	stored := func(r *http.Request) (*http.Response, error) {
		if r.Header.Get("Authorization") != "" || r.URL.Host != "storage.example" {
			return nil, errors.New("the credentials go to the storage")
		}
		return respond(200, "sound", "Content-Type", "audio/mpeg")(r)
	}
	for name, test := range map[string]struct {
		steps    []step
		written  string
		text     string // of the error
		isTarget error
	}{
		"redirect to https":         {[]step{redirect("https://storage.example/x"), stored}, "sound", "", nil},
		"at first unavailable":      {[]step{respond(503, ""), connReset, respond(200, "sound", "Content-Type", "audio/mpeg")}, "sound", "", nil},
		"cut off":                   {[]step{cutOff(200, "sou")}, "sou", "ended after 3 bytes", io.ErrUnexpectedEOF},
		"redirect to http":          {[]step{redirect("http://storage.example/x")}, "", "away from https", nil},
		"redirect with credentials": {[]step{redirect("https://user:pass@storage.example/x")}, "", "credentials in its URL", nil},
		"not there":                 {[]step{respondError(404, 20404)}, "", "20404", twilio.ErrNotFound},
	} {
		for method, download := range downloads() {
			t.Run(method+"/"+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var out bytes.Buffer
					var seen int64
					opts := []twilio.RequestOption{twilio.WithProgress(func(written, _ int64) { seen = written })}
					if strings.HasPrefix(name, "redirect") {
						opts = append(opts, twilio.WithRequestRetries(0))
					}
					info, err := download(t.Context(), newClient(t, newScript(t, test.steps...)), &out, opts...)
					if out.String() != test.written || seen != int64(len(test.written)) {
						t.Errorf("wrote %q, and %d bytes by the progress", out.String(), seen)
					}
					if test.text == "" {
						if err != nil || *info != (twilio.MediaInfo{ContentType: "audio/mpeg", Bytes: 5}) {
							t.Errorf("got %+v, %v", info, err)
						}
						return
					}
					if err == nil || info != nil || !strings.Contains(err.Error(), test.text) || test.isTarget != nil && !errors.Is(err, test.isTarget) {
						t.Errorf("got %+v, %v", info, err)
					}
				})
			})
		}
	}
}

// zeros is a body of so many bytes.
type zeros struct{ left int64 }

func (z *zeros) Read(b []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(b)), z.left)
	z.left -= n
	return int(n), nil
}

// TestLargeDownloads: the size of a file makes no difference to memory, and the
// context ends one that never ends.
func TestLargeDownloads(t *testing.T) { //nolint:paralleltest // others would allocate in the meantime
	const size = 5 << 30
	for method, download := range downloads() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var out countingWriter
		info, err := download(t.Context(), newClient(t, newScript(t, respondBody(200, &zeros{size}))), &out)
		runtime.ReadMemStats(&after)
		if err != nil || info.Bytes != size || out != size {
			t.Errorf("%s: %d bytes, %v", method, out, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Errorf("%s took %d bytes of memory", method, took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		endless := func(r *http.Request) (*http.Response, error) {
			return respondBody(200, readerFunc(func(b []byte) (int, error) { return len(b), r.Context().Err() }))(r)
		}
		_, err = download(ctx, newClient(t, newScript(t, endless)), io.Discard, twilio.WithProgress(func(written, _ int64) {
			if written > size {
				cancel()
			}
		}))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", method, err)
		}
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// TestSilentDownloads: a file may take any time, but not stand still.
func TestSilentDownloads(t *testing.T) {
	t.Parallel()
	for method, download := range downloads() {
		synctest.Test(t, func(t *testing.T) {
			slow := func(r *http.Request) (*http.Response, error) {
				parts := 100
				return respondBody(200, readerFunc(func(b []byte) (int, error) {
					if parts--; parts < 0 {
						return 0, io.EOF
					}
					select {
					case <-time.After(20 * time.Second):
						return copy(b, "x"), nil
					case <-r.Context().Done():
						return 0, r.Context().Err()
					}
				}))(r)
			}
			info, err := download(t.Context(), newClient(t, newScript(t, slow)), io.Discard)
			if err != nil || info.Bytes != 100 {
				t.Errorf("%s, slow: %+v, %v", method, info, err)
			}
			_, err = download(t.Context(), newClient(t, newScript(t, hangingBody(200))), io.Discard, twilio.WithRequestRetries(0))
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s, silent: %v", method, err)
			}
		})
	}
}

func TestDownloadArguments(t *testing.T) {
	t.Parallel()
	client := newClient(t, newScript(t))
	for _, download := range downloads() {
		_, err := download(t.Context(), client, nil)
		wantParamError(t, "w", err)
		_, err = download(t.Context(), client, (*strings.Builder)(nil))
		wantParamError(t, "w", err)
		_, err = download(t.Context(), client, io.Discard, twilio.WithJSON(1))
		wantParamError(t, "WithJSON", err)
	}
	for field, params := range map[string]twilio.RecordingMediaParams{
		"Format": {Format: "json"}, "Channels": {Channels: 3}, "Wait": {Wait: -1},
	} {
		_, err := client.Recordings.Media(t.Context(), "RE1", params, io.Discard)
		wantParamError(t, field, err)
	}
	_, err := client.Recordings.Get(t.Context(), "RE1", twilio.RecordingGetParams{}, twilio.WithProgress(func(int64, int64) {}))
	wantParamError(t, "WithProgress", err)
}

// TestRecordingFormats: a recording is always asked for with an extension.
func TestRecordingFormats(t *testing.T) {
	t.Parallel()
	s := newScript(t, respond(200, ""), respond(200, ""), respond(200, ""))
	client := newClient(t, s)
	for _, params := range []twilio.RecordingMediaParams{{}, {Format: twilio.RecordingFormatWAV, Channels: 2}, {Format: twilio.RecordingFormatMP3, Channels: 1}} {
		if _, err := client.Recordings.Media(t.Context(), "RE1", params, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	const path = "/2010-04-01/Accounts/" + mainSID + "/Recordings/RE1"
	for i, want := range []string{path + ".wav?", path + ".wav?RequestedChannels=2", path + ".mp3?RequestedChannels=1"} {
		if got := s.sent[i].Path + "?" + s.sent[i].RawQuery; got != want || s.sent[i].Header.Get("Accept") != "*/*" {
			t.Errorf("sent %s, want %s; %v", got, want, s.sent[i].Header)
		}
	}
}

// TestRecordingMediaOptions: while it waits, its requests have the caller's
// options, but those of the download.
func TestRecordingMediaOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var meta twilio.ResponseMeta
		s := newScript(t, respondError(404, 20404), respond(200, `{"sid":"RE1","status":"processing"}`), respond(200, "sound"))
		_, err := newClient(t, s).Recordings.Media(t.Context(), "RE1", twilio.RecordingMediaParams{Wait: time.Minute}, io.Discard,
			twilio.WithHeader("X-Case", "7"), twilio.WithForm(url.Values{"X": {"1"}}), twilio.WithProgress(func(int64, int64) {}), twilio.WithResponseInto(&meta))
		if err != nil || meta.StatusCode != http.StatusOK {
			t.Fatal(err)
		}
		for i, query := range []string{"X=1", "", "X=1"} {
			if s.sent[i].RawQuery != query || s.sent[i].Header.Get("X-Case") != "7" {
				t.Errorf("sent %+v", s.sent[i])
			}
		}
	})
}

// TestRecordingMediaWaits: a recording that is being made is waited for, if asked
// to, and one that will never be there isn't.
func TestRecordingMediaWaits(t *testing.T) {
	t.Parallel()
	const made = 17 * time.Second // the call goes on for 15
	for name, test := range map[string]struct {
		status  twilio.RecordingStatus
		wait    time.Duration
		timeout time.Duration // of the context
		took    func(d time.Duration) bool
		err     error
	}{
		"made in time":         {"in-progress", time.Minute, 0, func(d time.Duration) bool { return made <= d && d < 2*made }, nil},
		"no wait":              {"in-progress", 0, 0, func(d time.Duration) bool { return d == 0 }, twilio.ErrNotFound},
		"too short a wait":     {"in-progress", 5 * time.Second, 0, func(d time.Duration) bool { return d == 5*time.Second }, twilio.ErrNotFound},
		"too short a context":  {"in-progress", time.Minute, 5 * time.Second, func(d time.Duration) bool { return d < 5*time.Second }, twilio.ErrNotFound},
		"nothing to hear":      {"absent", time.Minute, 0, func(d time.Duration) bool { return d == 0 }, twilio.ErrNotFound},
		"deleted":              {"deleted", time.Minute, 0, func(d time.Duration) bool { return d == 0 }, twilio.ErrNotFound},
		"canceled in the wait": {"in-progress", time.Minute, -8 * time.Second, func(d time.Duration) bool { return d == 8*time.Second }, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := twiliotest.NewUnstartedServer(twiliotest.WithClock(time.Now))
				call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
				recording := srv.AddRecording(srv.AccountSID, twilio.Recording{CallSID: call.SID, Status: test.status})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				switch {
				case test.timeout > 0:
					ctx, cancel = context.WithTimeout(ctx, test.timeout)
					defer cancel()
				case test.timeout < 0:
					time.AfterFunc(-test.timeout, cancel)
				}
				begin := time.Now()
				info, err := srv.Client().Recordings.Media(ctx, recording.SID, twilio.RecordingMediaParams{Wait: test.wait}, io.Discard)
				if took := time.Since(begin); !test.took(took) || !errors.Is(err, test.err) || (info == nil) != (test.err != nil) {
					t.Errorf("got %+v, %v after %v", info, err, took)
				}
			})
		})
	}
}
