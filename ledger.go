package twilio

import (
	"cmp"
	"context"
	"encoding/json"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// A channel is a kind of calls or messages that Twilio bills in usage
// categories of its own.
type channel struct {
	kind      string // kindCalls or kindMessages
	name      string // of those below, or the prefix of an address, such as messenger
	direction string // inbound, outbound, or empty where a category doesn't say
}

const (
	kindCalls    = "calls"
	kindMessages = "messages"

	channelVoice    = "voice" // over the phone network
	channelSIP      = "sip"
	channelClient   = "client"
	channelTrunking = "trunking"
	channelSMS      = "sms"
	channelMMS      = "mms"
	channelWhatsApp = "whatsapp"
	channelRCS      = "rcs"
	channelOther    = "channels" // all that have no category of their own

	inbound  = "inbound"
	outbound = "outbound"
)

func (c *billedCall) channel() channel {
	ch := channel{kindCalls, channelVoice, outbound}
	far := c.To
	if c.Direction == CallDirectionInbound || c.Direction == CallDirectionTrunkingOriginating {
		ch.direction, far = inbound, c.From
	}
	switch {
	case strings.HasPrefix(string(c.Direction), channelTrunking):
		ch.name = channelTrunking
	case strings.HasPrefix(far, "sip:"), strings.HasPrefix(far, "sips:"):
		ch.name = channelSIP
	case strings.HasPrefix(far, "client:"):
		ch.name = channelClient
	}
	return ch
}

func (m *billedMessage) channel() channel {
	ch := channel{kindMessages, channelSMS, outbound}
	if m.Direction == MessageDirectionInbound {
		ch.direction = inbound
	}
	prefix, _, ok := strings.Cut(m.From, ":")
	if !ok {
		prefix, _, ok = strings.Cut(m.To, ":")
	}
	switch {
	case ok:
		ch.name = strings.ToLower(prefix)
	case m.NumMedia > 0 || strings.HasPrefix(m.SID, "MM"):
		ch.name = channelMMS
	}
	return ch
}

// channel returns what a category counts, if it counts calls or messages.
func (c UsageCategory) channel() (ch channel, ok bool) {
	words := strings.Split(string(c), "-")
	for _, direction := range []string{inbound, outbound} {
		if slices.Contains(words, direction) {
			ch.direction = direction
		}
	}
	ch.kind = kindMessages
	switch {
	case words[0] == "calls":
		ch.kind, ch.name = kindCalls, channelVoice
		for _, name := range []string{channelSIP, channelClient} {
			if slices.Contains(words, name) {
				ch.name = name
			}
		}
	case len(words) > 1 && words[0] == "trunking" && words[1] == "origination":
		ch = channel{kindCalls, channelTrunking, inbound}
	case len(words) > 1 && words[0] == "trunking" && words[1] == "termination":
		ch = channel{kindCalls, channelTrunking, outbound}
	case words[0] == channelSMS, words[0] == channelMMS:
		ch.name = words[0]
	case slices.Contains(words, channelRCS):
		ch.name = channelRCS
	case words[0] == channelOther && len(words) > 1 && words[1] != "messaging":
		ch.name = words[1]
	case words[0] == channelOther:
		ch.name = channelOther
	default:
		return channel{}, false
	}
	return ch, true
}

// category returns the category of a channel's items while Twilio has no record
// of them.
func (ch channel) category() UsageCategory {
	switch ch.name {
	case channelVoice, channelSIP, channelClient:
		return UsageCategoryCalls
	case channelTrunking:
		if ch.direction == inbound {
			return "trunking-origination"
		}
		return "trunking-termination"
	case channelSMS:
		return UsageCategorySMS
	case channelMMS:
		return UsageCategoryMMS
	case channelWhatsApp:
		return UsageCategoryWhatsApp
	case channelRCS:
		return UsageCategoryRCS
	default:
		return UsageCategoryChannels
	}
}

// A ledger has an account's calls and messages of some days, and Twilio's usage
// records of the same days.
type ledger struct {
	accountSID  string
	first, last time.Time // days, at midnight UTC
	asOf        time.Time
	items       tallies
	charges     map[inCurrency[UsageCategory]]*charge
}

type inCurrency[T any] struct {
	of       T
	currency string
}

// A tally is a sum of items.
type tally struct {
	items, unpriced int
	sum             decimal.Decimal
}

// tallies are the sums of items, by channel and currency.
type tallies map[inCurrency[channel]]*tally

// A savedTally is an element of tallies as JSON.
type savedTally struct {
	Kind      string          `json:"kind"`
	Channel   string          `json:"channel"`
	Direction string          `json:"direction"`
	Currency  string          `json:"currency"`
	Items     int             `json:"items"`
	Unpriced  int             `json:"unpriced"`
	Sum       decimal.Decimal `json:"sum"`
}

// MarshalJSON returns a list, because encoding/json doesn't support such keys.
func (ts tallies) MarshalJSON() ([]byte, error) {
	saved := make([]savedTally, 0, len(ts))
	for key, t := range ts {
		saved = append(saved, savedTally{key.of.kind, key.of.name, key.of.direction, key.currency, t.items, t.unpriced, t.sum})
	}
	return json.Marshal(saved)
}

// UnmarshalJSON restores what MarshalJSON returned.
func (ts *tallies) UnmarshalJSON(text []byte) error {
	var saved []savedTally
	if err := json.Unmarshal(text, &saved); err != nil {
		return err
	}
	*ts = tallies{}
	for _, t := range saved {
		(*ts)[inCurrency[channel]{channel{t.Kind, t.Channel, t.Direction}, t.Currency}] = &tally{t.Items, t.Unpriced, t.Sum}
	}
	return nil
}

// A charge is what the usage records say about a category.
type charge struct {
	record UsageRecord
	price  decimal.Decimal
	own    decimal.Decimal // without the categories in it
	parent UsageCategory   // the category that it is in; empty for none
}

// ledger reads a ledger of whole days.
func (s *UsageService) ledger(ctx context.Context, operation string, start, end time.Time, opts []RequestOption) (*ledger, error) {
	records := orEmpty(s).Records.endpoint()
	if err := records.ready(); err != nil {
		return nil, withOperation(operation, err)
	}
	client := records.client
	l := &ledger{
		accountSID: client.accountSID,
		first:      start.UTC().Truncate(oneDay), last: end.UTC().Truncate(oneDay),
		items:   tallies{},
		charges: map[inCurrency[UsageCategory]]*charge{},
	}
	if err := l.check(start, end); err != nil {
		config := newRequestConfig(opts)
		config.clearMeta()
		return nil, withOperation(operation, err)
	}
	days := [2]time.Time{l.first, l.last.AddDate(0, 0, 1)}
	run, err := newSummation(operation, records, days, opts, &l.items)
	if err != nil {
		return nil, err
	}
	err = sumUp(ctx, run, client.Calls.calls, CallListParams{StartTimeAfter: days[0], StartTimeBefore: days[1]}, (*billedCall).billable,
		func(_ *billedCall, b billable) { l.addItem(b) })
	if err == nil {
		err = sumUp(ctx, run, client.Messages.messages, MessageListParams{DateSentAfter: days[0], DateSentBefore: days[1]}, (*billedMessage).billable,
			func(_ *billedMessage, b billable) { l.addItem(b) })
	}
	if err == nil {
		// Usage records are few, and their range of dates can't be divided.
		opts = append(slices.Clip(opts), func(c *requestConfig) { c.parallelism, c.checkpoints = 0, nil })
		err = l.addRecords(s.Records.All(ctx, UsageRecordListParams{StartDate: l.first, EndDate: l.last}, opts...))
	}
	if err != nil {
		return nil, err
	}
	l.classify()
	return l, nil
}

func (l *ledger) check(start, end time.Time) error {
	switch {
	case start.IsZero():
		return &ParamError{Field: "StartDate", Reason: "is empty; set the first day"}
	case end.IsZero():
		return &ParamError{Field: "EndDate", Reason: "is empty; set the last day"}
	case l.last.Before(l.first):
		return &ParamError{Field: "EndDate", Reason: "is before StartDate; set a later day"}
	default:
		return nil
	}
}

func (l *ledger) addItem(b billable) {
	t := entry(l.items, inCurrency[channel]{b.channel, b.currency})
	t.items++
	if b.isPending() {
		t.unpriced++
	}
	if b.price.Valid {
		t.sum = t.sum.Sub(b.price.Decimal)
	}
}

// entry returns the value of a key, which it adds if there is none.
func entry[K comparable, V any](m map[K]*V, key K) *V {
	v := m[key]
	if v == nil {
		v = new(V)
		m[key] = v
	}
	return v
}

// addRecords adds usage records. One that is listed twice counts once: a
// category has one record for the same days.
func (l *ledger) addRecords(records iter.Seq2[*UsageRecord, error]) error {
	type identity struct {
		category   UsageCategory
		start, end time.Time
		currency   string
	}
	seen := map[identity]bool{}
	for record, err := range records {
		if err != nil {
			return err
		}
		currency := currencyCode(record.PriceUnit)
		id := identity{record.Category, record.StartDate, record.EndDate, currency}
		if seen[id] {
			continue
		}
		seen[id] = true
		l.charge(inCurrency[UsageCategory]{record.Category, currency}, *record, record.Price.Decimal)
		if !record.AsOf.IsZero() && (l.asOf.IsZero() || record.AsOf.Before(l.asOf)) {
			l.asOf = record.AsOf
		}
	}
	return nil
}

func (l *ledger) charge(key inCurrency[UsageCategory], record UsageRecord, price decimal.Decimal) {
	c := entry(l.charges, key)
	count, usage := c.record.Count, c.record.Usage
	c.record = record
	c.record.Count += count
	if usage.Valid {
		c.record.Usage = decimal.NewNullDecimal(record.Usage.Decimal.Add(usage.Decimal))
	}
	c.price = c.price.Add(price) // zero where the record has none
}

// classify finds out which currency, category and channel everything belongs
// to.
func (l *ledger) classify() {
	l.settleCurrencies()
	for key, c := range l.charges {
		c.parent = l.parentOf(key)
	}
	l.settleCarrierFees()
	for _, c := range l.charges {
		c.own = c.price
	}
	for key, c := range l.charges {
		if parent := l.charges[inCurrency[UsageCategory]{c.parent, key.currency}]; parent != nil {
			parent.own = parent.own.Sub(c.price)
		}
	}
	for key, t := range l.items {
		if at := l.resolve(key.of); at != key.of {
			delete(l.items, key)
			l.merge(inCurrency[channel]{at, key.currency}, t)
		}
	}
}

func (l *ledger) merge(key inCurrency[channel], t *tally) {
	to := entry(l.items, key)
	to.items, to.unpriced, to.sum = to.items+t.items, to.unpriced+t.unpriced, to.sum.Add(t.sum)
}

// settleCurrencies sets a missing currency to the account's, which is that of
// the usage records or, if they have none, of the items.
func (l *ledger) settleCurrencies() {
	official, itemised := map[string]bool{}, map[string]bool{}
	for key, c := range l.charges {
		if key.currency != "" && !c.price.IsZero() {
			official[key.currency] = true
		}
	}
	for key := range l.items {
		if key.currency != "" {
			itemised[key.currency] = true
		}
	}
	if len(official) == 0 {
		official = itemised
	}
	if len(official) != 1 {
		return
	}
	for currency := range official {
		for key, t := range l.items {
			if key.currency == "" {
				delete(l.items, key)
				l.merge(inCurrency[channel]{key.of, currency}, t)
			}
		}
		for key, c := range l.charges {
			if key.currency == "" {
				delete(l.charges, key)
				l.charge(inCurrency[UsageCategory]{key.of, currency}, c.record, c.price)
			}
		}
	}
}

// parentOf returns the category that includes another one. Twilio doesn't
// publish that, but the names tell: calls-inbound-local is in calls-inbound,
// which is in calls. RCS is the exception. In doubt a category counts as
// included: nothing may be billed twice, and what is left out is still in the
// total.
func (l *ledger) parentOf(key inCurrency[UsageCategory]) UsageCategory {
	has := func(name UsageCategory) bool { return l.charges[inCurrency[UsageCategory]{name, key.currency}] != nil }
	name := string(key.of)
	for i := strings.LastIndexByte(name, '-'); i > 0; i = strings.LastIndexByte(name[:i], '-') {
		if has(UsageCategory(name[:i])) {
			return UsageCategory(name[:i])
		}
	}
	if ch, _ := key.of.channel(); ch.name == channelRCS {
		for _, parent := range []UsageCategory{UsageCategoryRCS, "rcs-messages"} {
			if key.of == parent {
				continue
			}
			if key.of != "rcs-messages" && has(parent) {
				return parent
			}
		}
	}
	return ""
}

// settleCarrierFees takes carrier fees out of the category that their name
// suggests if its price is too low to include them.
func (l *ledger) settleCarrierFees() {
	within := map[inCurrency[UsageCategory]]decimal.Decimal{}
	for key, c := range l.charges {
		parent := inCurrency[UsageCategory]{c.parent, key.currency}
		within[parent] = within[parent].Add(c.price)
	}
	for key, c := range l.charges {
		parent := inCurrency[UsageCategory]{c.parent, key.currency}
		name := strings.ReplaceAll(string(key.of), "-", "")
		if c.parent != "" && strings.HasSuffix(name, "carrierfees") && within[parent].GreaterThan(l.charges[parent].price) {
			c.parent = ""
		}
	}
}

// resolve returns the channel in which an item is charged: its own, or a wider
// one if only that has charges.
func (l *ledger) resolve(ch channel) channel {
	choice := []channel{ch}
	narrow := func(name string) bool {
		return l.isCharged(channel{ch.kind, name, inbound}) || l.isCharged(channel{ch.kind, name, outbound})
	}
	wide := func(name string) {
		if choice = append(choice, channel{ch.kind, name, ch.direction}); !narrow(name) {
			choice = append(choice, channel{ch.kind, name, ""})
		}
	}
	wide(ch.name)
	switch ch.name {
	case channelSIP, channelClient, channelTrunking:
		wide(channelVoice)
	case channelVoice, channelSMS, channelMMS:
	default:
		wide(channelOther)
	}
	if i := slices.IndexFunc(choice, l.isCharged); i >= 0 {
		return choice[i]
	}
	return ch
}

func (l *ledger) isCharged(ch channel) bool {
	for key, c := range l.charges {
		if of, ok := key.of.channel(); ok && of == ch && !c.own.IsZero() {
			return true
		}
	}
	return false
}

// official returns the charges of each channel by the usage records.
func (l *ledger) official() map[inCurrency[channel]]decimal.Decimal {
	sums := map[inCurrency[channel]]decimal.Decimal{}
	for key, c := range l.charges {
		if ch, ok := key.of.channel(); ok && !c.own.IsZero() {
			at := inCurrency[channel]{ch, key.currency}
			sums[at] = sums[at].Add(c.own)
		}
	}
	return sums
}

// root returns the outermost category that includes another one.
func (l *ledger) root(key inCurrency[UsageCategory]) inCurrency[UsageCategory] {
	for {
		c := l.charges[key]
		if c == nil || c.parent == "" {
			return key
		}
		key.of = c.parent
	}
}

// rootOf returns the outermost category with a channel's items.
func (l *ledger) rootOf(key inCurrency[channel]) inCurrency[UsageCategory] {
	for _, at := range slices.SortedStableFunc(maps.Keys(l.charges), compareCategories) {
		if ch, ok := at.of.channel(); ok && ch == key.of && at.currency == key.currency {
			return l.root(at)
		}
	}
	return l.root(inCurrency[UsageCategory]{key.of.category(), key.currency})
}

func compareCategories(a, b inCurrency[UsageCategory]) int {
	return cmp.Or(cmp.Compare(a.of, b.of), cmp.Compare(a.currency, b.currency))
}
