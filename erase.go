package twilio

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"
	"slices"
	"time"
)

// EraseParams are the parameters of [RecordingService.Erase] and
// [MessageService.Erase].
type EraseParams struct {
	// Confirm erases what is found. Without it nothing is deleted, and the
	// report says what an erasure would find.
	Confirm bool
	// Concurrency is how many recordings or messages are erased at once; 8 by
	// default.
	Concurrency int
}

// An EraseFailure is an item that couldn't be erased.
type EraseFailure struct {
	// SID is the recording or the message.
	SID string
	// Err says why it remains.
	Err error
}

// An EraseReport is what an erasure found and did, even if it failed.
type EraseReport struct {
	// Found has the SIDs of all items that matched.
	Found []string
	// Erased has the SIDs of those that are gone.
	Erased []string
	// Remaining are those that are still there, and why. Without Confirm they
	// are those that couldn't be erased yet.
	Remaining []EraseFailure
}

// Erase deletes all recordings that match the filter, each with its
// transcriptions and the results of its add-ons: the data of a customer or of a
// call, or what is older than you want to keep. Without Confirm it deletes
// nothing and reports what it would.
//
// It lists again until there are no new recordings, unless the filter has a
// Limit. A recording that is still being made remains. Twilio keeps the
// metadata of deleted ones for 40 days, and has no way to delete it earlier.
// The options apply to each request, except for WithForm, which applies only to
// the list.
//
// The error joins those of the recordings that remain, each with its SID, and
// the reason why Erase stopped early, if it did: the error of the list or the
// context, or a [*TransportError] after 5 failures in a row that indicate an
// outage. You can run it again after any error; it continues with what remains.
//
// See https://www.twilio.com/docs/voice/api/recording.
func (s *RecordingService) Erase(ctx context.Context, filter RecordingListParams, params EraseParams, opts ...RequestOption) (*EraseReport, error) {
	const operation = "recordings.erase"
	var refusal error
	if filter.IncludeSoftDeleted {
		refusal = &ParamError{Field: "IncludeSoftDeleted", Reason: "is set, but deleted recordings can't be erased again; leave it unset"}
	}
	each := withoutOwnOptions(opts)
	return erasure{
		on:        s.endpoint(),
		operation: operation,
		kind:      "recording",
		params:    params,
		opts:      opts,
		refusal:   refusal,
		isLimited: filter.Limit > 0,
		list: erasables(s.endpoint(), filter, opts, func(r *listedRecording) *erasable {
			return &erasable{sid: r.SID, isUnfinished: r.Status.isUnfinished()}
		}),
		delete: func(ctx context.Context, r *erasable) error {
			if err := s.Transcriptions.transcriptions.deleteAll(ctx, each, r.sid); err != nil {
				return err
			}
			if err := s.AddOnResults.results.deleteAll(ctx, each, r.sid); err != nil {
				return err
			}
			return s.endpoint().deleteOnce(ctx, each, r.sid)
		},
	}.run(ctx)
}

// Erase deletes all messages that match the filter, each with its media: the
// data of a customer or of a phone number, or what is older than you want to
// keep. Without Confirm it deletes nothing and reports what it would. To and
// From narrow the filter together, so erasing all messages of a phone number
// takes two calls.
//
// It lists again until there are no new messages, unless the filter has a
// Limit. A message that is still being sent remains; a scheduled one can be
// canceled with Update. The options apply to each request, except for WithForm,
// which applies only to the list.
//
// The error joins those of the messages that remain, each with its SID, and the
// reason why Erase stopped early, if it did: the error of the list or the
// context, or a [*TransportError] after 5 failures in a row that indicate an
// outage. You can run it again after any error; it continues with what remains.
//
// See https://www.twilio.com/docs/messaging/api/message-resource.
func (s *MessageService) Erase(ctx context.Context, filter MessageListParams, params EraseParams, opts ...RequestOption) (*EraseReport, error) {
	const operation = "messages.erase"
	each := withoutOwnOptions(opts)
	return erasure{
		on:        s.endpoint(),
		operation: operation,
		kind:      "message",
		params:    params,
		opts:      opts,
		isLimited: filter.Limit > 0,
		list: erasables(s.endpoint(), filter, opts, func(m *listedMessage) *erasable {
			return &erasable{sid: m.SID, isUnfinished: m.Status.isUnfinished(), hasMedia: m.NumMedia > 0}
		}),
		delete: func(ctx context.Context, m *erasable) error {
			if m.hasMedia {
				if err := s.Media.media.deleteAll(ctx, each, m.sid); err != nil {
					return err
				}
			}
			return s.endpoint().deleteOnce(ctx, each, m.sid)
		},
	}.run(ctx)
}

// What an erasure reads of the items of its list.
type (
	listedRecording struct {
		SID         string          `json:"sid"`
		Status      RecordingStatus `json:"status"`
		DateCreated time.Time       `json:"date_created"`
	}
	listedMessage struct {
		SID      string        `json:"sid"`
		Status   MessageStatus `json:"status"`
		NumMedia int           `json:"num_media"`
		DateSent time.Time     `json:"date_sent"`
	}
)

func (r *listedRecording) dates() []time.Time { return []time.Time{r.DateCreated} }

func (m *listedMessage) dates() []time.Time { return []time.Time{m.DateSent} }

// withoutOwnOptions returns the options for the further requests of a method,
// without those that only apply to its main request.
func withoutOwnOptions(opts []RequestOption) []RequestOption {
	return append(slices.Clip(opts), func(c *requestConfig) {
		c.form, c.forAll, c.parallelism, c.meta, c.progress = nil, "", 0, nil, nil
	})
}

// erasables lists what an erasure may delete.
func erasables[T any](e endpoint, filter listParams, opts []RequestOption, erasableOf func(*T) *erasable) func(context.Context) iter.Seq2[*erasable, error] {
	return func(ctx context.Context) iter.Seq2[*erasable, error] {
		return func(yield func(*erasable, error) bool) {
			for listed, err := range all[*T](ctx, e, filter, opts) {
				var item *erasable
				if err == nil {
					item = erasableOf(listed)
				}
				if !yield(item, err) {
					return
				}
			}
		}
	}
}

// deleteAll deletes everything on the resource's list, once it is read to its
// end: deleting could shift its pages.
func (e endpoint) deleteAll(ctx context.Context, opts []RequestOption, parents ...string) error {
	var sids []string
	for item, err := range all[*identified](ctx, e, limited{}, opts, parents...) {
		if errors.Is(err, ErrNotFound) {
			break // with what it was a part of
		}
		if err != nil {
			return err
		}
		sids = append(sids, item.SID)
	}
	for _, sid := range sids {
		if err := e.deleteOnce(ctx, opts, append(slices.Clip(parents), sid)...); err != nil {
			return err
		}
	}
	return nil
}

// deleteOnce deletes an item that another process may have deleted. A 404 alone
// doesn't prove that, so it also reads the item.
func (e endpoint) deleteOnce(ctx context.Context, opts []RequestOption, args ...string) error {
	err := e.delete(ctx, opts, args...)
	if errors.Is(err, ErrNotFound) && errors.Is(e.request("get", http.MethodGet, nil, opts, args).do(ctx, nil), ErrNotFound) {
		return nil
	}
	return err
}

// An erasure is one call of Erase.
type erasure struct {
	on        endpoint
	operation string
	kind      string // of its items
	params    EraseParams
	opts      []RequestOption // of the list
	refusal   error           // why the filter can't be honored
	isLimited bool            // the list isn't read again
	list      func(context.Context) iter.Seq2[*erasable, error]
	delete    func(ctx context.Context, item *erasable) error
}

// erasable is what an erasure knows of an item. There may be very many.
type erasable struct {
	sid          string
	isUnfinished bool
	hasMedia     bool
}

func (e erasure) run(ctx context.Context) (*EraseReport, error) {
	if err := firstError(e.refusal, e.on.ready(), checkContext(ctx), nonNegative("Concurrency", e.params.Concurrency)); err != nil {
		config := newRequestConfig(e.opts)
		config.clearMeta()
		return nil, withOperation(e.operation, err)
	}
	report := &EraseReport{}
	var unreadable []error // items that may be outside of the filter
	isRead := false
	read := func(ctx context.Context) (items []*erasable, err error) {
		if isRead && e.isLimited {
			return nil, nil
		}
		isRead, unreadable = true, nil
		for item, itemErr := range e.list(ctx) {
			switch {
			case itemErr == nil:
				items = append(items, item)
			case hasValue(itemErr):
				unreadable = append(unreadable, itemErr)
			default:
				err = itemErr
			}
		}
		return items, err
	}
	if !e.params.Confirm {
		items, err := read(ctx)
		known := map[string]bool{} // a list that changes may repeat items
		for _, item := range items {
			if known[item.sid] {
				continue
			}
			known[item.sid] = true
			report.Found = append(report.Found, item.sid)
			if item.isUnfinished {
				report.Remaining = append(report.Remaining, EraseFailure{SID: item.sid, Err: e.errUnfinished()})
			}
		}
		return report, joinErrors(append(unreadable, err)...)
	}
	work := drain[erasable]{
		operation:   e.operation,
		account:     e.on.client.accountSID,
		kind:        e.kind,
		concurrency: cmp.Or(e.params.Concurrency, defaultConcurrency),
		sid:         func(item *erasable) string { return item.sid },
		list:        read,
		do:          e.deleteOne,
		isFatal:     isOutage,
	}
	items, err := work.run(ctx)
	var errs []error
	for _, item := range items {
		sid := item.item.sid
		report.Found = append(report.Found, sid)
		switch {
		case item.err != nil:
			report.Remaining = append(report.Remaining, EraseFailure{SID: sid, Err: item.err})
			errs = append(errs, &itemError{e.kind + " " + sid, item.err})
		case item.tried:
			report.Erased = append(report.Erased, sid)
		default:
			report.Remaining = append(report.Remaining, EraseFailure{SID: sid, Err: err})
		}
	}
	return report, joinErrors(append(append(errs, unreadable...), err)...)
}

func (e erasure) deleteOne(ctx context.Context, item *erasable) (*erasable, error) {
	if item.isUnfinished {
		return nil, e.errUnfinished()
	}
	return valueOrError(item, e.delete(ctx, item))
}

func (e erasure) errUnfinished() error {
	return &ParamError{Operation: e.operation, Field: "filter", Reason: "matches a " + e.kind + " that isn't finished; erase it once it is"}
}
