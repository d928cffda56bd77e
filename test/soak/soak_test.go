package soak

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

var requests = flag.Int("soak", 8000, "how many requests TestSoak makes; a million takes some minutes")

// What a create told its caller.
const (
	notSent = byte(iota)
	toldDone
	toldUnknown // it may or may not be there
	toldFailed  // it isn't there
	deleted     // it was done, and then undone
)

var toldText = [...]string{"nothing", "done", "unknown", "failed", "done, and then deleted"}

const workerCount = 16

// A soak is what the workers of TestSoak share.
type soak struct {
	client *twilio.Client
	subs   []string
	told   []byte     // by number of the request; each belongs to one worker
	found  []byte     // how many addresses of a request the server had
	owned  [][]string // the numbers of each subaccount, which nobody buys or releases
}

// A worker sends requests, one after the other.
type worker struct {
	number string   // a phone number that nobody else changes
	name   string   // what its FriendlyName was set to last
	made   []string // addresses to delete, oldest first
	which  []int    // and the requests that made them
}

// TestSoak sends many requests through one client, for several subaccounts at
// once, with a few percent of faults and callers who give up. It compares what
// each caller was told with what the server has in the end: what succeeded is
// there exactly once, what failed isn't, and what has an unknown outcome is
// there at most once. Memory, connections and goroutines don't grow.
func TestSoak(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	const rounds = 8
	srv := twiliotest.NewServer(twiliotest.WithRequestLog(0))
	defer srv.Close()
	s := &soak{told: make([]byte, *requests+1), found: make([]byte, *requests+1)}
	workers := make([]*worker, workerCount)
	for i := range 4 {
		s.subs = append(s.subs, srv.AddSubaccount(twilio.Account{FriendlyName: fmt.Sprint("sub ", i)}).SID)
		s.owned = append(s.owned, nil)
	}
	for w := range workers {
		i := w % len(s.subs)
		number := srv.AddPhoneNumber(s.subs[i], twilio.IncomingPhoneNumber{PhoneNumber: fmt.Sprintf("+141555501%02d", w), FriendlyName: "0"}).SID
		workers[w] = &worker{number: number, name: "0"}
		s.owned[i] = append(s.owned[i], number)
	}
	faults := []twiliotest.Fault{
		{Times: -1, Rate: 0.01, Status: 429, Code: 20429},
		{Times: -1, Rate: 0.01, Status: 503, Body: "<html>Sorry</html>"},
		{Times: -1, Rate: 0.005, Status: 500, Code: 20500, After: true},
		{Times: -1, Rate: 0.005, Reset: twiliotest.ResetBefore},
		{Times: -1, Rate: 0.005, Reset: twiliotest.ResetAfter},
		{Times: -1, Rate: 0.005, Truncate: 30},
		{Times: -1, Rate: 0.005, Delay: 5 * time.Millisecond},
	}
	before := runtime.NumGoroutine()
	pool := &http.Transport{MaxIdleConnsPerHost: workerCount}
	transport := &countingTransport{base: pool, sent: map[string]int{}}
	pool.DialContext = transport.dial
	s.client = srv.Client(twilio.WithHTTPClient(&http.Client{Transport: transport}), twilio.WithMaxRetries(8), twilio.WithRetryWait(0, time.Millisecond))

	var next atomic.Int64
	run := func(until int) {
		var wait sync.WaitGroup
		for _, w := range workers {
			wait.Go(func() {
				for !t.Failed() {
					n := int(next.Add(1))
					if n > until {
						return
					}
					if err := s.request(t.Context(), w, n); err != nil {
						t.Errorf("request %d: %v", n, err)
					}
				}
			})
		}
		wait.Wait()
		next.Store(int64(until))
	}
	heaps := make([]uint64, rounds)
	start := time.Now()
	for round := range rounds {
		srv.Inject(faults...)
		run(*requests * (round + 1) / rounds)
		srv.ClearFaults()
		s.sweep(t, srv)
		heaps[round] = heapInUse()
		// Dials and handlers whose callers have given up may take a moment.
		if !eventually(func() bool { return transport.open.Load() <= workerCount }) {
			t.Errorf("%d connections for %d workers", transport.open.Load(), workerCount)
		}
		// A connection has two goroutines on its side and one on the server's.
		if !eventually(func() bool { return runtime.NumGoroutine() <= before+4*workerCount }) {
			t.Errorf("%d goroutines after round %d, %d before", runtime.NumGoroutine(), round, before)
		}
	}
	took := time.Since(start)
	s.client.CloseIdleConnections()
	pool.CloseIdleConnections()
	if !eventually(func() bool { return transport.open.Load() == 0 }) {
		t.Errorf("%d connections are left", transport.open.Load())
	}
	if !eventually(func() bool { return runtime.NumGoroutine() <= before }) {
		t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
	}
	if t.Failed() {
		return
	}

	s.compare(t, srv, workers)
	// The first rounds warm up.
	if early := max(heaps[0], heaps[1]); slices.Max(heaps[2:]) > early+2<<20 {
		t.Errorf("the heap grew: %d", heaps)
	}
	for i := range heaps {
		heaps[i] >>= 10
	}
	t.Logf("%d requests in %v, %d sent; heap in KiB after each round: %d", *requests, took.Round(time.Millisecond),
		transport.sent["GET"]+transport.sent["POST"]+transport.sent["DELETE"], heaps)
}

// request sends the request that its number stands for. What can be retried has
// to succeed.
func (s *soak) request(ctx context.Context, w *worker, n int) error {
	i := n / 20 % len(s.subs)
	sub := s.client.Subaccount(s.subs[i])
	home := slices.IndexFunc(s.owned, func(numbers []string) bool { return slices.Contains(numbers, w.number) })
	own := s.client.Subaccount(s.subs[home])
	switch n % 20 {
	case 0, 10: // create, sometimes with a short deadline
		if n%100 == 0 {
			hurried, cancel := context.WithTimeout(ctx, 300*time.Microsecond)
			defer cancel()
			ctx = hurried
		}
		address, err := sub.Addresses.Create(ctx, twilio.AddressCreateParams{CustomerName: strconv.Itoa(n), Street: strings.Repeat("Long Street ", 3),
			City: "Hamburg", Region: "HH", PostalCode: "20095", ISOCountry: "DE"})
		switch {
		case err == nil:
			s.told[n] = toldDone
			w.made, w.which = append(w.made, address.SID), append(w.which, n)
			if address.CustomerName != strconv.Itoa(n) || address.AccountSID != s.subs[i] {
				return errors.New("the response is another request's")
			}
		case errors.Is(err, twilio.ErrOutcomeUnknown):
			s.told[n] = toldUnknown
		default:
			s.told[n] = toldFailed
		}
	case 1, 11: // delete the oldest address
		if len(w.made) == 0 {
			return nil
		}
		sid, made := w.made[0], w.which[0]
		w.made, w.which = slices.Delete(w.made, 0, 1), slices.Delete(w.which, 0, 1)
		s.told[made] = deleted
		return s.client.Subaccount(s.subs[made/20%len(s.subs)]).Addresses.Delete(ctx, sid)
	case 2: // update
		w.name = strconv.Itoa(n)
		number, err := own.IncomingPhoneNumbers.Update(ctx, w.number, twilio.IncomingPhoneNumberUpdateParams{FriendlyName: &w.name})
		if err == nil && (number.SID != w.number || number.FriendlyName != w.name) {
			err = errors.New("the response is another number's, or an older one")
		}
		return err
	case 3: // list, in pages
		var found []string
		for number, err := range sub.IncomingPhoneNumbers.All(ctx, twilio.IncomingPhoneNumberListParams{PageSize: 2}) {
			if err != nil {
				return err
			}
			found = append(found, number.SID)
		}
		slices.Sort(found)
		if want := slices.Sorted(slices.Values(s.owned[i])); !slices.Equal(found, want) {
			return fmt.Errorf("listed %v, want %v", found, want)
		}
	case 4: // give up
		hurried, cancel := context.WithTimeout(ctx, 300*time.Microsecond)
		defer cancel()
		_, err := own.IncomingPhoneNumbers.Get(hurried, w.number)
		// Without time for another attempt a fault comes back as it is: the
		// deadline, a connection that broke, an outage or a rate limit.
		if _, ok := errors.AsType[*twilio.TransportError](err); err == nil || ok {
			return nil
		}
		if e, ok := errors.AsType[*twilio.Error](err); !ok || e.StatusCode < 500 && !errors.Is(e, twilio.ErrRateLimited) {
			return err
		}
	default: // read
		number, err := own.IncomingPhoneNumbers.Get(ctx, w.number)
		if err == nil && (number.SID != w.number || number.AccountSID != s.subs[home] || number.FriendlyName != w.name) {
			err = errors.New("the response is another number's, or an older one")
		}
		return err
	}
	return nil
}

// sweep counts and deletes the addresses of creates with an unknown outcome, so
// that the server's memory doesn't grow either.
func (s *soak) sweep(t *testing.T, srv *twiliotest.Server) {
	t.Helper()
	client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	for i, sid := range s.subs {
		sub := client.Subaccount(sid)
		for address, err := range sub.Addresses.All(t.Context(), twilio.AddressListParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			n := must(strconv.Atoi(address.CustomerName))
			if n/20%len(s.subs) != i {
				t.Errorf("what request %d made is in subaccount %d", n, i)
			}
			if s.told[n] != toldUnknown {
				continue
			}
			s.found[n]++
			if err := sub.Addresses.Delete(t.Context(), address.SID); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// compare compares what callers were told with what the server has in the end.
func (s *soak) compare(t *testing.T, srv *twiliotest.Server, workers []*worker) {
	t.Helper()
	s.sweep(t, srv) // what took effect after its caller had given up
	client := srv.Client(twilio.WithHTTPClient(&http.Client{Transport: srv.Transport()}))
	for _, sid := range s.subs {
		for address, err := range client.Subaccount(sid).Addresses.All(t.Context(), twilio.AddressListParams{}) {
			if err != nil {
				t.Fatal(err)
			}
			s.found[must(strconv.Atoi(address.CustomerName))]++
		}
	}
	count := map[byte]int{}
	unknownButDone := 0
	for n, told := range s.told {
		count[told]++
		least, most := byte(0), byte(0)
		switch told {
		case toldDone:
			least, most = 1, 1
		case toldUnknown:
			most = 1
			unknownButDone += int(s.found[n])
		}
		if s.found[n] < least || s.found[n] > most {
			t.Errorf("request %d: there are %d of what it made, and its caller was told: %s", n, s.found[n], toldText[told])
		}
	}
	for _, w := range workers {
		home := slices.IndexFunc(s.owned, func(numbers []string) bool { return slices.Contains(numbers, w.number) })
		if number := must(client.Subaccount(s.subs[home]).IncomingPhoneNumbers.Get(t.Context(), w.number)); number.FriendlyName != w.name {
			t.Errorf("a number's name is %s, and was set to %s last", number.FriendlyName, w.name)
		}
	}
	if unknownButDone == 0 || unknownButDone == count[toldUnknown] || count[deleted] == 0 {
		t.Errorf("%d of %d unknown outcomes took effect, %d were deleted: nothing was shown", unknownButDone, count[toldUnknown], count[deleted])
	}
	t.Logf("creates: %d done and %d of them deleted, %d unknown of which %d took effect, %d failed",
		count[toldDone]+count[deleted], count[deleted], count[toldUnknown], unknownButDone, count[toldFailed])
}

// heapInUse is the memory in use after garbage collection.
func heapInUse() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A countingTransport counts requests and open connections.
type countingTransport struct {
	base *http.Transport
	open atomic.Int64
	mu   sync.Mutex
	sent map[string]int
}

func (w *countingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sent[r.Method]++
	w.mu.Unlock()
	return w.base.RoundTrip(r)
}

func (w *countingTransport) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	w.open.Add(1)
	return countedConn{conn, sync.OnceFunc(func() { w.open.Add(-1) })}, nil
}

type countedConn struct {
	net.Conn
	closed func()
}

func (c countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

// eventually waits for something that is about to happen.
func eventually(happened func() bool) bool {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range 2500 {
		if happened() {
			return true
		}
		<-tick.C
	}
	return happened()
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
