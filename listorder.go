package twilio

import (
	"context"
	"slices"
	"time"
)

const oneDay = 24 * time.Hour

// Twilio doesn't say whether its filters by date look at the time of day, nor
// whether calls and messages are listed by their creation or by the date that
// is filtered by. What follows is right with each of these, and spares pages
// where it can be known.

// ordered is an item of a list that runs from the newest to the oldest, by
// dates()[0] or by creation.
type ordered interface {
	dated
	created() time.Time
	// longestWait is how long after its creation an item may get its date; 0 for
	// any time.
	longestWait() time.Duration
}

func (c *Call) created() time.Time { return c.DateCreated }

// longestWait: Twilio's queue of calls is worked off in order, at one call a
// second or more, so that a long wait shows on the calls around it.
func (c *Call) longestWait() time.Duration { return time.Hour }

func (m *Message) created() time.Time { return m.DateCreated }

// longestWait: a message may be scheduled weeks ahead. In a list by creation it
// comes after all those of its day.
func (m *Message) longestWait() time.Duration { return 0 }

// listOrder is what the pages of a list so far tell of its order.
type listOrder struct {
	notByCreation, notByDate bool
	created, date            time.Time     // of the last item
	longestWait              time.Duration // as the item says, or longer where that was seen
	above                    bool          // all of the page lies after the range
}

// add looks at a page. Items of two pages aren't compared: a list that shifts
// between the two repeats items.
func (o *listOrder) add(items []any, end time.Time) {
	o.created, o.date, o.above = time.Time{}, time.Time{}, len(items) > 0 && !end.IsZero()
	for _, item := range items {
		item, ok := readable(item).(ordered)
		if !ok { // it may be anywhere
			o.above = false
			continue
		}
		created, date := item.created(), item.dates()[0]
		o.above = o.above && !date.Before(end)
		if created.IsZero() || date.IsZero() {
			continue
		}
		if !o.created.IsZero() {
			o.notByCreation = o.notByCreation || created.After(o.created)
			o.notByDate = o.notByDate || date.After(o.date)
		}
		o.created, o.date = created, date
		if wait := item.longestWait(); wait > 0 {
			o.longestWait = max(wait, o.longestWait, 2*date.Sub(created))
		}
	}
}

// hasPassed reports whether nothing at or after a time can follow.
//
// In a list by date that is so once an item lies before it; a list is one by
// date if its creations are out of order and its dates aren't. As long as it
// may be a list by creation, an item that was created long before may follow:
// a call by as much as calls wait, and a message by any time.
func (o *listOrder) hasPassed(start time.Time) bool {
	switch {
	case o.created.IsZero() || !o.date.Before(start):
		return false
	case o.notByCreation && !o.notByDate:
		return true
	case o.notByCreation || o.longestWait == 0:
		return false
	default:
		return o.created.Before(start.Add(-o.longestWait))
	}
}

// look notes what a page tells of the list's order, and ends the list with it
// where all that follows lies before the range. Where the range begins with a
// day, Twilio's filter does that.
func (q *query) look(p *page) {
	if len(q.ranges) == 0 || isMidnight(q.ranges[0].After) && isMidnight(q.ranges[0].Before) {
		return
	}
	span := q.ranges[0]
	p.order = p.seen.order
	p.order.add(p.items, span.Before)
	if !isMidnight(span.After) && p.order.hasPassed(span.After) {
		p.nextURI = ""
	}
}

// skip reads the first page of what lies before the end of the range, where the
// first page of the list has only what lies after it. The list is asked for up
// to the end of the day, since a filter that doesn't look at the time of day
// would leave out the day itself; whether it does, the answer shows.
func (q *query) skip(ctx context.Context, p *page) (pageResult, bool) {
	if len(q.ranges) == 0 || !p.order.above || p.seen.pages > 0 {
		return pageResult{}, false
	}
	end, param := q.ranges[0].Before, q.ranges[0].param
	if param == "" || isMidnight(end) {
		return pageResult{}, false
	}
	at := *q.first.url
	form := at.Query()
	form.Set(param+"<", wireTime(end.Add(time.Second-1)))
	at.RawQuery = form.Encode()
	r := q.fetch(ctx, &at, p.remaining, p.progress())
	return r, r.err == nil && slices.ContainsFunc(r.page.items, func(item any) bool {
		d, ok := readable(item).(dated)
		return ok && !d.dates()[0].Before(end.UTC().Truncate(oneDay))
	})
}

// wireTime is a time in a filter, in whole seconds. A filter that only looks at
// the day begins with the day then.
func wireTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func isMidnight(t time.Time) bool { return t.UTC().Truncate(oneDay).Equal(t) }
