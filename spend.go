package twilio

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A Spend is what a list of calls or messages cost.
//
// An item is counted once, however often Twilio lists it: a list that changes
// while it is read repeats items. To recognize them, a sum remembers the SIDs
// of at least the last 65,536 items, and of more if [WithParallelism] reads
// more at once. It can't detect an item that is repeated further apart, nor one
// that Twilio left out. To bill calls and messages to the cent, sum up days
// that are over, and compare the sum with [UsageService.Reconcile].
//
// The records of a closed account can be read for 30 days; then Twilio deletes
// them with the account, if automatic deletion is on. Bill it before then.
type Spend struct {
	// Items is how many calls or messages there were.
	Items int
	// Unpriced is how many of them have no price yet but can still get one.
	// Their charges are missing from Totals: sum up again later.
	//
	// A call that is busy, failed, no-answer or canceled never gets a price,
	// and neither does a message that is failed or canceled, or undelivered
	// over a channel such as WhatsApp; they aren't counted here. Twilio prices
	// calls that are completed, and messages that are sent, delivered,
	// partially_delivered, undelivered (SMS and MMS), read or received. Items
	// in an earlier state, or in one that this package doesn't know, count too.
	// If Twilio does charge for a failed message, its price is in Totals.
	//
	// See
	// https://www.twilio.com/docs/voice/api/call-resource#call-status-values
	// and
	// https://www.twilio.com/docs/messaging/api/message-resource#message-status-values.
	Unpriced int
	// Duration is the length of all the calls together.
	Duration time.Duration
	// Segments is how many segments all the messages had together.
	Segments int
	// Totals has the exact sum in each currency, by its ISO 4217 code in
	// capital letters. Charges are positive here, where Twilio's prices are
	// negative. A price without a currency counts in that of all the others;
	// only if they have none or several is its sum under the empty code.
	Totals map[string]decimal.Decimal
}

func (s *Spend) add(b billable) {
	s.Items++
	if b.isPending() {
		s.Unpriced++
	}
	if b.price.Valid {
		if s.Totals == nil {
			s.Totals = map[string]decimal.Decimal{}
		}
		s.Totals[b.currency] = s.Totals[b.currency].Sub(b.price.Decimal)
	}
}

// A billable is a call or a message as a bill sees it.
type billable struct {
	sid        string
	price      decimal.NullDecimal
	currency   string // in capital letters; empty if Twilio doesn't say
	chargeable bool   // in a state that has a price sooner or later
	channel    channel
}

func (b billable) isPending() bool { return b.chargeable && !b.price.Valid }

// What a sum reads of calls and messages: decoding the rest would take most of
// its time.
type (
	billedCall struct {
		SID         string              `json:"sid"`
		From        string              `json:"from"`
		To          string              `json:"to"`
		Direction   CallDirection       `json:"direction"`
		Status      CallStatus          `json:"status"`
		StartTime   time.Time           `json:"start_time"`
		EndTime     time.Time           `json:"end_time"`
		DateCreated time.Time           `json:"date_created"`
		Duration    int                 `json:"duration"`
		Price       decimal.NullDecimal `json:"price"`
		PriceUnit   string              `json:"price_unit"`
	}
	billedMessage struct {
		SID         string              `json:"sid"`
		From        string              `json:"from"`
		To          string              `json:"to"`
		Direction   MessageDirection    `json:"direction"`
		Status      MessageStatus       `json:"status"`
		DateSent    time.Time           `json:"date_sent"`
		DateCreated time.Time           `json:"date_created"`
		NumMedia    int                 `json:"num_media"`
		NumSegments int                 `json:"num_segments"`
		Price       decimal.NullDecimal `json:"price"`
		PriceUnit   string              `json:"price_unit"`
	}
)

func (c *billedCall) dates() []time.Time { return []time.Time{c.StartTime, c.EndTime} }

func (c *billedCall) created() time.Time { return c.DateCreated }

func (c *billedCall) longestWait() time.Duration { return (*Call)(nil).longestWait() }

func (m *billedMessage) dates() []time.Time { return []time.Time{m.DateSent} }

func (m *billedMessage) created() time.Time { return m.DateCreated }

func (m *billedMessage) longestWait() time.Duration { return (*Message)(nil).longestWait() }

func (c *billedCall) billable() billable {
	free := c.Status == CallStatusBusy || c.Status == CallStatusFailed || c.Status == CallStatusNoAnswer || c.Status == CallStatusCanceled
	return billable{sid: c.SID, price: c.Price, currency: currencyCode(c.PriceUnit), chargeable: !free, channel: c.channel()}
}

func (m *billedMessage) billable() billable {
	channel := m.channel()
	free := m.Status == MessageStatusFailed || m.Status == MessageStatusCanceled ||
		m.Status == MessageStatusUndelivered && channel.name != channelSMS && channel.name != channelMMS
	return billable{sid: m.SID, price: m.Price, currency: currencyCode(m.PriceUnit), chargeable: !free, channel: channel}
}

// currencyCode returns the one form of a currency that sums use.
func currencyCode(unit string) string { return strings.ToUpper(strings.TrimSpace(unit)) }

// settleCurrency adds the sum without a currency to the only other one.
func settleCurrency(totals map[string]decimal.Decimal) {
	blank, ok := totals[""]
	if !ok || len(totals) > 2 || len(totals) == 1 && !blank.IsZero() {
		return
	}
	delete(totals, "")
	for currency, sum := range totals {
		totals[currency] = sum.Add(blank)
	}
}

// Spend adds up what the calls that match cost, separately for each currency.
// With an error it returns no sum, because a part of a bill looks like a bill.
//
// Twilio's page on subaccounts speaks of "the product of price and duration".
// By the definition of the field, Price is the charge for the whole call
// already, and multiplying it would bill a call of ten minutes six hundredfold:
// so Spend adds up prices.
//
// A sum needs no order: with [WithParallelism] the pages of a long range are
// processed as they arrive, and an error then has no cursor to continue at; that
// of a [*DecodeError] is the page of the call. A Limit selects the calls that
// [CallService.All] returns with it. [WithCheckpoints] makes a long sum
// resumable.
//
// The official figure, with charges that aren't on the call itself, is that of
// [UsageService]: [UsageService.Bill] has it by category, and
// [UsageService.Reconcile] compares the two.
//
// See https://www.twilio.com/docs/voice/api/call-resource.
func (s *CallService) Spend(ctx context.Context, params CallListParams, opts ...RequestOption) (*Spend, error) {
	const operation = "calls.spend"
	sum := &Spend{}
	run, err := newSummation(operation, s.endpoint(), params, opts, sum)
	if err != nil {
		return nil, err
	}
	return sum.settled(sumUp(ctx, run, s.endpoint(), params, (*billedCall).billable, func(call *billedCall, b billable) {
		sum.Duration += time.Duration(call.Duration) * time.Second
		sum.add(b)
	}))
}

// Spend adds up what the messages that match cost, separately for each
// currency. Price is the charge for the whole message, all its segments
// included. Everything else is as for [CallService.Spend].
//
// See https://www.twilio.com/docs/messaging/api/message-resource.
func (s *MessageService) Spend(ctx context.Context, params MessageListParams, opts ...RequestOption) (*Spend, error) {
	const operation = "messages.spend"
	sum := &Spend{}
	run, err := newSummation(operation, s.endpoint(), params, opts, sum)
	if err != nil {
		return nil, err
	}
	return sum.settled(sumUp(ctx, run, s.endpoint(), params, (*billedMessage).billable, func(message *billedMessage, b billable) {
		sum.Segments += message.NumSegments
		sum.add(b)
	}))
}

// settled returns the finished sum, or only an error.
func (s *Spend) settled(err error) (*Spend, error) {
	if err != nil {
		return nil, err
	}
	settleCurrency(s.Totals)
	return s, nil
}

// inAnyOrder lets a list that is read in parallel return items as they arrive.
func inAnyOrder(opts []RequestOption) []RequestOption {
	return append(slices.Clip(opts), func(c *requestConfig) { c.anyOrder = true })
}

// minWindow is how many SIDs a sum remembers at least.
const minWindow = 1 << 16

// seen remembers recent SIDs, in two generations: once the newer one is full,
// the older one is forgotten. It keeps digests, which are small and don't keep
// the pages that the SIDs came on in memory.
type seen struct {
	window       int
	newer, older map[sidDigest]struct{}

	isTracked bool
	last      []byte // digests of the last items, if they are tracked
}

type sidDigest [16]byte

func newSeen(opts []RequestOption) *seen {
	// An item may be repeated on the next page of its day, and a page of each
	// other day in progress may come in between.
	window := max(minWindow, 2*maxPageSize*newRequestConfig(opts).parallelism)
	return &seen{window: window, newer: map[sidDigest]struct{}{}}
}

// isNew reports whether a SID is new. Items without one can't be recognized.
func (s *seen) isNew(sid string) bool {
	if sid == "" {
		return true
	}
	sum := sha256.Sum256([]byte(sid))
	digest := sidDigest(sum[:16])
	_, newer := s.newer[digest]
	_, older := s.older[digest]
	if newer || older {
		return false
	}
	if len(s.newer) == s.window {
		s.newer, s.older = map[sidDigest]struct{}{}, s.newer
	}
	s.newer[digest] = struct{}{}
	if s.isTracked {
		s.last = append(s.last, digest[:]...)
	}
	return true
}

// track restores the items that recent returned in an earlier run, and records
// the last items from now on.
func (s *seen) track(recent []byte) {
	s.isTracked, s.last = true, recent
	for digest := range slices.Chunk(recent, len(sidDigest{})) {
		if len(digest) == len(sidDigest{}) {
			s.newer[sidDigest(digest)] = struct{}{}
		}
	}
}

// recent returns the digests of the last items, as many as a full page has: a
// list that changes repeats items of one page on the next.
func (s *seen) recent() []byte {
	const size = maxPageSize * len(sidDigest{})
	s.last = s.last[max(0, len(s.last)-size):]
	return s.last
}
