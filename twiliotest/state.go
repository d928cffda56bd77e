package twiliotest

import (
	"cmp"
	"container/heap"
	"encoding/hex"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// state is everything that the fake knows. Nothing in it is about HTTP: a
// request comes in as a [request] and leaves as a value to encode or a
// [problem]. One lock guards it all; reads share it.
type state struct {
	config

	mu      sync.RWMutex
	days    int           // how far Advance has moved the clock …
	offset  time.Duration // … and less than a day more
	seq     uint64
	random  *rand.ChaCha8
	pending events

	encoder encoder

	ledger ledger          // of all accounts
	spent  decimal.Decimal // by all accounts, ever

	main            *account
	openSubaccounts int // not closed
	accounts        collection[*account]
	byName          map[string][]*account          // accounts by FriendlyName, by which fleets find customers
	keys            map[string]*key                // every API key of every account, for authentication
	conferences     map[conferenceName]*conference // that are not completed
	optOuts         map[optOut]bool
	sipDomains      map[string]*sipDomain // of all accounts, by name in lower case
	owned           map[string]*number    // every phone number that an account owns, by E.164 form
}

func newState(c config) *state {
	s := &state{
		config:      c,
		random:      newSource(c.seed),
		byName:      make(map[string][]*account),
		keys:        make(map[string]*key),
		owned:       make(map[string]*number),
		optOuts:     make(map[optOut]bool),
		conferences: make(map[conferenceName]*conference),
		sipDomains:  make(map[string]*sipDomain),
	}
	s.main = &account{
		record:       record{SID: cmp.Or(c.accountSID, s.sid("AC"))},
		FriendlyName: "Main account",
		token:        cmp.Or(c.authToken, s.secret()),
	}
	s.addAccount(s.main)
	return s
}

func newSource(seed string) *rand.ChaCha8 {
	var b [32]byte
	copy(b[:], seed)
	return rand.NewChaCha8(b)
}

// endOfTime is where the clock stops: dates on the wire have four digits for
// the year.
var endOfTime = time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)

// now returns the time on the fake's clock.
func (s *state) now() time.Time {
	now := s.clock().UTC().AddDate(0, 0, s.days).Add(s.offset)
	if now.After(endOfTime) {
		return endOfTime
	}
	return now
}

// advance moves the clock forward and runs what becomes due. A sum of durations
// would overflow after 292 years.
func (s *state) advance(d time.Duration) {
	const day = 24 * time.Hour
	d = max(0, d)
	s.offset += d % day
	s.days += int(d/day) + int(s.offset/day)
	s.offset %= day
	s.runDue()
}

// read locks the state for reading, or for writing if an event is due first.
func (s *state) read() (unlock func()) {
	s.mu.RLock()
	if len(s.pending) == 0 || s.pending[0].when.After(s.now()) {
		return s.mu.RUnlock
	}
	s.mu.RUnlock()
	return s.write()
}

// write locks the state for writing, once everything that was due has happened.
func (s *state) write() (unlock func()) {
	s.mu.Lock()
	s.runDue()
	return s.mu.Unlock
}

// runDue runs the events that the clock has passed, each at its own time.
func (s *state) runDue() {
	for now := s.now(); len(s.pending) > 0 && !s.pending[0].when.After(now); {
		next := heap.Pop(&s.pending).(event)
		next.run(next.when)
	}
}

// after schedules an event, d after now.
func (s *state) after(now time.Time, d time.Duration, run func(now time.Time)) {
	heap.Push(&s.pending, event{now.Add(d), s.next(), run})
}

func (s *state) next() uint64 {
	s.seq++
	return s.seq
}

// initRecord fills in what every new record has: a SID and dates, unless it was
// seeded with them, and its sequence number.
func (s *state) initRecord(r *record, prefix string) {
	r.SID = cmp.Or(r.SID, s.sid(prefix))
	if r.Created.IsZero() {
		r.Created = at(s.now())
	}
	if r.Updated.IsZero() {
		r.Updated = r.Created
	}
	r.seq = s.next()
}

func (s *state) sid(prefix string) string {
	var b [16]byte
	_, _ = s.random.Read(b[:]) // never fails
	return prefix + hex.EncodeToString(b[:])
}

// secret returns a new AuthToken or key secret: 32 letters and digits.
func (s *state) secret() string {
	var b [32]byte
	for i := range b {
		b[i] = lettersAndDigits[s.random.Uint64()%uint64(len(lettersAndDigits))]
	}
	return string(b[:])
}

// An event is something that happens by itself when the fake's clock gets
// there.
type event struct {
	when time.Time
	seq  uint64
	run  func(now time.Time)
}

// events is a heap (container/heap) of what is to happen, soonest first.
type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return cmp.Or(e[i].when.Compare(e[j].when), cmp.Compare(e[i].seq, e[j].seq)) < 0
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := len(*e) - 1
	next := (*e)[last]
	(*e)[last] = event{}
	*e = (*e)[:last]
	return next
}
