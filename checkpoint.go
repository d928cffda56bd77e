package twilio

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
)

// WithCheckpoints makes a sum over many pages resumable: Spend of calls and
// messages, [UsageService.Reconcile] and [UsageService.Bill]. After each page,
// save is called in the caller's goroutine with the state of the sum: a JSON
// document of up to 25 kB for each list. To resume after that page, in any
// process on any machine, pass the state as from, with the same params; nil
// begins a new sum. The state after the last page has the whole sum; resuming
// from it reads no call or message.
//
// The result is the same as without an interruption: the state also has digests
// of the last 1,000 items, so that items that the list repeats count once.
//
// An error from save ends the sum and is returned wrapped. The state of another
// sum is refused with a [*ParamError], and so is [WithParallelism]: pages are
// read in order, the next one while save runs.
//
// The state contains the list's filters, phone numbers included, but no
// credentials.
func WithCheckpoints(from json.RawMessage, save func(ctx context.Context, state json.RawMessage) error) RequestOption {
	return func(c *requestConfig) {
		if c.checkpoints = (&checkpoints{from, save}); save == nil {
			c.refuse("WithCheckpoints", "has no function to save a state; pass one")
		}
	}
}

// checkpoints are the arguments of WithCheckpoints.
type checkpoints struct {
	from json.RawMessage
	save func(context.Context, json.RawMessage) error
}

// A summation is a sum over lists that may be resumed.
type summation struct {
	*checkpoints // nil if the caller wants none

	operation string
	opts      []RequestOption // for the lists
	saved     savedSum
}

// A savedSum is the state of a summation.
type savedSum struct {
	Of    string                `json:"of"`  // which sum it is
	Sum   any                   `json:"sum"` // a pointer to what has been added up
	Lists map[string]*savedList `json:"lists"`
}

// A savedList says how much of a list is in a sum.
type savedList struct {
	Cursor string `json:"cursor,omitempty"` // where it continues
	Done   bool   `json:"done,omitempty"`
	Recent []byte `json:"recent,omitempty"` // digests of its last items
}

// newSummation begins or resumes a sum. params say what is added up, and sum
// points to the result, which encoding/json must be able to restore.
func newSummation(operation string, e endpoint, params any, opts []RequestOption, sum any) (*summation, error) {
	if err := e.ready(); err != nil {
		return nil, withOperation(operation, err)
	}
	config := newRequestConfig(opts)
	s := &summation{checkpoints: config.checkpoints, operation: operation}
	if s.checkpoints == nil {
		s.opts = inAnyOrder(opts)
		return s, nil
	}
	s.opts = append(slices.Clip(opts), func(c *requestConfig) { c.checkpoints = nil })
	if err := s.begin(config, e.client.accountSID, params, sum); err != nil {
		config.clearMeta()
		return nil, withOperation(operation, err)
	}
	return s, nil
}

func (s *summation) begin(config requestConfig, account string, params, sum any) error {
	if config.err != nil {
		return config.err
	}
	if config.parallelism > 0 {
		return &ParamError{Field: "WithParallelism", Reason: "is set beside WithCheckpoints, which reads pages in order; use one of them"}
	}
	of, err := json.Marshal(params)
	if err != nil {
		return &ParamError{Field: "params", Reason: "have a time after the year 9999; set an earlier one"}
	}
	hash := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %s", s.operation, account, of, config.form.Encode()))
	s.saved = savedSum{Of: hex.EncodeToString(hash[:16]), Sum: sum, Lists: map[string]*savedList{}}
	if len(s.from) == 0 {
		return nil
	}
	from := savedSum{Sum: sum, Lists: map[string]*savedList{}}
	switch err := json.Unmarshal(s.from, &from); {
	case err != nil, from.Sum == nil, from.Lists == nil:
		return &ParamError{Field: "WithCheckpoints", Reason: "has a state that can't be read; pass it as it was saved"}
	case from.Of != s.saved.Of:
		return &ParamError{Field: "WithCheckpoints", Reason: "has the state of another sum; use the params, the account and the options that it was saved with"}
	}
	s.saved = from
	return nil
}

// saveAt saves the state after a page.
func (s *summation) saveAt(ctx context.Context, list *savedList, next string, seen *seen) error {
	list.Cursor, list.Done, list.Recent = next, next == "", seen.recent()
	state, err := json.Marshal(s.saved)
	if err == nil {
		err = s.save(ctx, state)
	}
	if err != nil {
		return callbackError(s.operation, "save", err)
	}
	return nil
}

// sumUp passes each item of a list to add, once, and those of a sum that is
// resumed only where it stopped. Any error ends it, even one that comes with an
// item.
func sumUp[T any](ctx context.Context, s *summation, e endpoint, params listParams, bill func(*T) billable, add func(*T, billable)) error {
	seen := newSeen(s.opts)
	items := all[*T](ctx, e, params, s.opts)
	if s.checkpoints != nil {
		list := entry(s.saved.Lists, e.name)
		if list.Done {
			return nil
		}
		seen.track(list.Recent)
		opts := append(slices.Clip(s.opts), func(c *requestConfig) {
			c.afterPage = func(next string) error { return s.saveAt(ctx, list, next, seen) }
		})
		items = all[*T](ctx, e, params, opts)
		if list.Cursor != "" {
			items = resumeAll[*T](ctx, e, list.Cursor, opts)
		}
	}
	for item, err := range items {
		if err != nil {
			return err
		}
		if b := bill(item); seen.isNew(b.sid) {
			add(item, b)
		}
	}
	return nil
}
