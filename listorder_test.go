package twilio_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// shelf answers lists of calls and messages as Twilio may: in the order of
// creation or in that of the date that is filtered by, and by filters that look
// at the time of day or don't.
type shelf struct {
	byDate, bySecond bool
	unsorted         bool // in the order of items
	items            []shelved
	latency          time.Duration

	sort     sync.Once
	mu       sync.Mutex
	requests int
	now      int // requests under way
	most     int
	queries  []url.Values
}

type shelved struct {
	sid           string
	created, date time.Time
	more          string // further members
}

func (s *shelf) client(t *testing.T) *twilio.Client { return newClient(t, s, twilio.WithMaxRetries(0)) }

// sent is how many requests came so far.
func (s *shelf) sent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// begin counts a request, and returns what ends it.
func (s *shelf) begin(query url.Values) func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries = append(s.queries, query)
	s.requests++
	s.now++
	s.most = max(s.most, s.now)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.now--
	}
}

func (s *shelf) RoundTrip(r *http.Request) (*http.Response, error) {
	query := r.URL.Query()
	defer s.begin(query)()
	if s.latency > 0 {
		select {
		case <-time.After(s.latency):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	list, param, member := "calls", "StartTime", "start_time"
	if strings.Contains(r.URL.Path, "Messages") {
		list, param, member = "messages", "DateSent", "date_sent"
	}
	s.sort.Do(s.sortItems)
	from, to := s.bound(query.Get(param+">")), s.bound(query.Get(param+"<"))
	var match []shelved
	for _, item := range s.items {
		if !item.date.Before(from) && (to.IsZero() || item.date.Before(to)) {
			match = append(match, item)
		}
	}
	size, _ := strconv.Atoi(query.Get("PageSize"))
	begin, _ := strconv.Atoi(strings.TrimPrefix(query.Get("PageToken"), "PA"))
	end := min(begin+size, len(match))
	var bodies []string
	for _, item := range match[min(begin, end):end] {
		bodies = append(bodies, fmt.Sprintf(`{"sid":%q,"date_created":%q,%q:%q%s}`,
			item.sid, item.created.Format(time.RFC1123Z), member, item.date.Format(time.RFC1123Z), item.more))
	}
	next := "null"
	if end < len(match) {
		query.Set("PageToken", "PA"+strconv.Itoa(end))
		next = strconv.Quote(r.URL.Path + "?" + query.Encode())
	}
	return &http.Response{StatusCode: http.StatusOK, Request: r, Body: io.NopCloser(strings.NewReader(
		fmt.Sprintf(`{%q:[%s],"next_page_uri":%s}`, list, strings.Join(bodies, ","), next)))}, nil
}

func (s *shelf) sortItems() {
	switch {
	case s.unsorted:
	case s.byDate:
		slices.SortStableFunc(s.items, func(a, b shelved) int { return b.date.Compare(a.date) })
	default:
		slices.SortStableFunc(s.items, func(a, b shelved) int { return b.created.Compare(a.created) })
	}
}

// bound reads an end of a range.
func (s *shelf) bound(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, _ = time.Parse(time.DateOnly, text)
	}
	if !s.bySecond {
		at = at.Truncate(24 * time.Hour)
	}
	return at
}

// busyDay has 2,400 items of billedDay, and some of the days around it. Each
// was created some seconds before its date.
func busyDay() []shelved {
	dice := rand.New(rand.NewPCG(7, 7))
	var items []shelved
	for i := range 2600 {
		date := billedDay.Add(time.Duration(i-100) * 36 * time.Second)
		items = append(items, shelved{sid: "CA" + strconv.Itoa(i), date: date, created: date.Add(-time.Duration(dice.IntN(90)) * time.Second)})
	}
	return items
}

// TestAnHourOfADay is exact in every order and with every filter, and costs no
// more of the day's 120 pages than it must.
func TestAnHourOfADay(t *testing.T) {
	t.Parallel()
	callSIDs := func(ctx context.Context, c *twilio.Client, from, to time.Time) (sids []string, err error) {
		for call, err := range c.Calls.All(ctx, twilio.CallListParams{StartTimeAfter: from, StartTimeBefore: to, PageSize: 20}, twilio.WithLookahead(0)) {
			if err != nil {
				return nil, err
			}
			sids = append(sids, call.SID)
		}
		return sids, nil
	}
	messageSIDs := func(ctx context.Context, c *twilio.Client, from, to time.Time) (sids []string, err error) {
		for message, err := range c.Messages.All(ctx, twilio.MessageListParams{DateSentAfter: from, DateSentBefore: to, PageSize: 20}, twilio.WithLookahead(0)) {
			if err != nil {
				return nil, err
			}
			sids = append(sids, message.SID)
		}
		return sids, nil
	}
	for _, tt := range []struct {
		name             string
		list             func(context.Context, *twilio.Client, time.Time, time.Time) ([]string, error)
		byDate, bySecond bool
		hour             int
		late             time.Duration // how long an item in the hour waited since its creation
		requests         int           // at most
	}{
		{"calls by start, filtered by days", callSIDs, true, false, 22, 0, 13},
		{"calls by start, filtered by days, in the morning", callSIDs, true, false, 2, 0, 113},
		{"calls by start, filtered by seconds", callSIDs, true, true, 2, 0, 8},
		{"calls by creation, filtered by days", callSIDs, false, false, 22, 0, 18},
		{"calls by creation, filtered by seconds", callSIDs, false, true, 2, 0, 8},
		{"a call that waited fifty minutes, by start", callSIDs, true, false, 22, 50 * time.Minute, 13},
		{"a call that waited fifty minutes, by creation", callSIDs, false, false, 22, 50 * time.Minute, 23},
		{"messages by date, filtered by days", messageSIDs, true, false, 22, 0, 13},
		{"messages by date, filtered by seconds", messageSIDs, true, true, 2, 0, 8},
		{"a message scheduled days before, by date", messageSIDs, true, false, 22, 72 * time.Hour, 13},
		{"a message scheduled days before, by creation", messageSIDs, false, false, 22, 72 * time.Hour, 123},
		{"a message scheduled days before, by creation, filtered by seconds", messageSIDs, false, true, 22, 72 * time.Hour, 8},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			from := billedDay.Add(time.Duration(tt.hour) * time.Hour)
			to := from.Add(time.Hour)
			s := &shelf{byDate: tt.byDate, bySecond: tt.bySecond, items: busyDay()}
			if tt.late > 0 {
				s.items = append(s.items, shelved{sid: "late", date: from, created: from.Add(-tt.late)})
			}
			got, err := tt.list(t.Context(), s.client(t), from, to)
			var want []string
			for _, item := range s.items {
				if !item.date.Before(from) && item.date.Before(to) {
					want = append(want, item.sid)
				}
			}
			slices.Sort(want)
			if slices.Sort(got); err != nil || !slices.Equal(got, want) {
				t.Errorf("%d items, %v; want %d", len(got), err, len(want))
			}
			if s.requests > tt.requests {
				t.Errorf("%d requests, want at most %d", s.requests, tt.requests)
			}
		})
	}
}

// A list that is out of both orders isn't cut short.
func TestAListWithoutAnOrderIsReadToItsEnd(t *testing.T) {
	t.Parallel()
	items := busyDay()
	dice := rand.New(rand.NewPCG(1, 1))
	dice.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	from := billedDay.Add(22 * time.Hour)
	got, err := listSIDs(t, (&shelf{items: items, unsorted: true}).client(t), twilio.CallListParams{StartTimeAfter: from, StartTimeBefore: from.Add(time.Hour), PageSize: 100})
	if err != nil || len(got) != 100 {
		t.Errorf("%d calls, %v; want 100", len(got), err)
	}
}

// The pages before a range are left out on a list of pages as well, and a
// cursor goes on behind them.
func TestPagesBeforeARangeAreSkipped(t *testing.T) {
	t.Parallel()
	from := billedDay.Add(2 * time.Hour)
	params := twilio.CallListParams{StartTimeAfter: from, StartTimeBefore: from.Add(time.Hour), PageSize: 30}
	s := &shelf{byDate: true, bySecond: true, items: busyDay()}
	c := s.client(t)
	page, err := c.Calls.List(t.Context(), params)
	if err != nil || len(page.Items) != 0 {
		t.Fatalf("%v, %v; want a page that lies after the range", page, err)
	}
	page, err = page.Next(t.Context())
	if err != nil || len(page.Items) != 30 {
		t.Fatalf("%v, %v; want the first 30 of the range", page, err)
	}
	got := sidsOf(page.Items)
	page, err = c.Calls.Resume(t.Context(), page.Cursor())
	got = append(got, remainingSIDs(t, page, err)...)
	if len(got) != 100 {
		t.Errorf("%d calls, want 100", len(got))
	}
	slices.SortFunc(s.queries, func(a, b url.Values) int { return cmp.Compare(a.Get("StartTime<"), b.Get("StartTime<")) })
	if first, last := s.queries[0].Get("StartTime<"), s.queries[len(s.queries)-1].Get("StartTime<"); first != "2026-01-14T03:00:00Z" || last != "2026-01-15" {
		t.Errorf("asked for what lies before %s and %s", first, last)
	}
}
