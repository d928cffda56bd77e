package twiliotest

import (
	"cmp"
	"context"
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
	running time.Time // of the event that runs; zero between events

	outbox        []*delivery // webhooks that are due
	traffic       traffic
	deliverer     deliverer
	deliveries    deliveryLog
	webhookFaults webhookFaults
	webhookIDs    *rand.ChaCha8
	callVerbs     map[string]callVerb
	messageVerbs  map[string]messageVerb
	background    background
	changes       changes

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
	outcomes        map[string]Outcome    // by recipient
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
		outcomes:    make(map[string]Outcome),
		conferences: make(map[conferenceName]*conference),
		sipDomains:  make(map[string]*sipDomain),
	}
	s.main = &account{
		record:       record{SID: cmp.Or(c.accountSID, s.sid("AC"))},
		FriendlyName: "Main account",
		token:        cmp.Or(c.authToken, s.authToken()),
	}
	s.addAccount(s.main)
	s.changes.count = 1 // whoever has seen nothing has missed something
	s.traffic.returned.L = &s.mu
	s.traffic.busy = make(map[string]bool)
	s.traffic.underWay = make(map[uint64]context.CancelFunc)
	s.webhookIDs = newSource("webhooks" + c.seed)
	s.webhookFaults.random = rand.New(newSource("faults" + c.seed))
	s.deliverer = newDeliverer(c)
	s.callVerbs, s.messageVerbs = newCallVerbs(), newMessageVerbs()
	s.deliveries.size = c.requestLog
	return s
}

func newSource(seed string) *rand.ChaCha8 {
	var b [32]byte
	copy(b[:], seed)
	return rand.NewChaCha8(b)
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

// authToken returns a new AuthToken.
func (s *state) authToken() string { return s.randomText("0123456789abcdef") }

// secret returns a new key secret.
func (s *state) secret() string { return s.randomText(lettersAndDigits) }

// randomText returns 32 of the characters.
func (s *state) randomText(characters string) string {
	var b [32]byte
	for i := range b {
		b[i] = characters[s.random.Uint64()%uint64(len(characters))]
	}
	return string(b[:])
}
