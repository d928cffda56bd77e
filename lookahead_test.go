package twilio_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// pagesOfTwo answers with pages of two calls, each after a second; the page
// numbered broken answers with 404.
type pagesOfTwo struct {
	pages, broken int
	requests      atomic.Int32
}

func (p *pagesOfTwo) RoundTrip(r *http.Request) (*http.Response, error) {
	p.requests.Add(1)
	select {
	case <-time.After(time.Second):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	n, _ := strconv.Atoi(r.URL.Query().Get("Page"))
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Twilio-Request-Id": {fmt.Sprint("RQ", n)}}, Request: r}
	next := "null"
	if n+1 < p.pages {
		next = fmt.Sprintf(`"/2010-04-01/Accounts/ACmain/Calls.json?Page=%d"`, n+1)
	}
	body := fmt.Sprintf(`{"calls":[{"sid":"CA%da"},{"sid":"CA%db"}],"next_page_uri":%s}`, n, n, next)
	if p.broken > 0 && n == p.broken {
		res.StatusCode, body = http.StatusNotFound, `{"code":20404}`
	}
	res.Body = io.NopCloser(strings.NewReader(body))
	return res, nil
}

func (p *pagesOfTwo) client(t *testing.T) *twilio.Client {
	t.Helper()
	c, err := twilio.NewClient(twilio.AuthToken("ACmain", "token"), twilio.WithHTTPClient(&http.Client{Transport: p}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLookahead(t *testing.T) {
	t.Parallel()
	// stop is the item at which the caller stops; requests are counted there,
	// once everything else has come to rest.
	for _, tt := range []struct {
		name     string
		limit    int
		opts     []twilio.RequestOption
		stop     string
		requests int32
	}{
		{name: "nothing is fetched for a caller who stops inside the first page", stop: "CA0b", requests: 1},
		{name: "the third page is fetched while the second is worked on", stop: "CA1a", requests: 3},
		{name: "one page ahead, not more", stop: "CA2b", requests: 4},
		{name: "three pages ahead", opts: []twilio.RequestOption{twilio.WithLookahead(3)}, stop: "CA1a", requests: 5},
		{name: "none ahead", opts: []twilio.RequestOption{twilio.WithLookahead(0)}, stop: "CA1a", requests: 2},
		{name: "never past the limit", limit: 4, stop: "CA1b", requests: 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &pagesOfTwo{pages: 9}
				seen := false
				for call, err := range server.client(t).Calls.All(t.Context(), twilio.CallListParams{Limit: tt.limit}, tt.opts...) {
					if err != nil {
						t.Fatal(err)
					}
					if seen = call.SID == tt.stop; seen {
						time.Sleep(time.Minute) //nolint:forbidigo // virtual time: whatever is fetched ahead has come by then
						break
					}
				}
				if got := server.requests.Load(); !seen || got != tt.requests {
					t.Errorf("reached %s: %t; %d requests, want %d", tt.stop, seen, got, tt.requests)
				}
				// A goroutine that was left would keep the bubble from ending.
			})
		})
	}
}

func TestLookaheadOverlaps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &pagesOfTwo{pages: 20}
		start := time.Now()
		items := 0
		for _, err := range server.client(t).Calls.All(t.Context(), twilio.CallListParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			items++
			time.Sleep(time.Second / 2) //nolint:forbidigo // virtual time: the caller's work
		}
		// The first two pages are waited for, the others come meanwhile.
		if took := time.Since(start); items != 40 || took != 22*time.Second {
			t.Errorf("%d items in %v, want 40 in 22s", items, took)
		}
	})
}

func TestLookaheadErrorAppearsInItsPlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &pagesOfTwo{pages: 9, broken: 3}
		var sids []string
		var failed error
		var meta twilio.ResponseMeta
		for call, err := range server.client(t).Calls.All(t.Context(), twilio.CallListParams{}, twilio.WithResponseInto(&meta)) {
			if err != nil {
				failed = err
				continue
			}
			sids = append(sids, call.SID)
			synctest.Wait()
			if want := "RQ" + call.SID[2:3]; meta.RequestID != want {
				t.Errorf("at %s the meta is of %s, want %s", call.SID, meta.RequestID, want)
			}
		}
		if len(sids) != 6 || !errors.Is(failed, twilio.ErrNotFound) {
			t.Errorf("got %v, then %v; want three pages, then not found", sids, failed)
		}
		e, _ := errors.AsType[*twilio.Error](failed)
		server.broken = 0
		page, err := server.client(t).Calls.Resume(t.Context(), e.Cursor)
		if err != nil || page.Items[0].SID != "CA3a" {
			t.Errorf("resumed at %v, %v; want the page that failed", page, err)
		}
	})
}

func TestLookaheadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		server := &pagesOfTwo{pages: 9}
		var failed error
		for call, err := range server.client(t).Calls.All(ctx, twilio.CallListParams{}) {
			if err != nil {
				failed = err
			} else if call.SID == "CA2a" {
				cancel()
			}
		}
		if _, ok := errors.AsType[*twilio.TransportError](failed); !ok || !errors.Is(failed, context.Canceled) {
			t.Errorf("got %v, want a TransportError of a canceled context", failed)
		}
	})
}
