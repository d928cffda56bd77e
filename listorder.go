package twilio

import (
	"context"
	"slices"
	"time"
)

const oneDay = 24 * time.Hour

// Twilio doesn't document whether date filters honor the time of day, nor
// whether calls and messages are listed by creation or by the date in the
// filter. This code is correct in each case, and saves pages where the items
// show which case it is.

// ordered is an item of a list that runs from the newest to the oldest, by
// dates()[0] or by creation.
type ordered interface {
	dated
	created() time.Time
	// longestWait is how long after its creation an item may get its date; 0
	// for any time.
	longestWait() time.Duration
}

func (c *Call) created() time.Time { return c.DateCreated }

// longestWait is an hour: Twilio places queued calls in order, at least one a
// second, so a longer wait shows in the calls around it.
func (c *Call) longestWait() time.Duration { return time.Hour }

func (m *Message) created() time.Time { return m.DateCreated }

// longestWait is unlimited: a message may be scheduled weeks ahead. In a list
// by creation it comes after all the others of its day.
func (m *Message) longestWait() time.Duration { return 0 }

// listOrder is what the pages read so far show about the order of a list.
type listOrder struct {
	notByCreation, notByDate bool
	created, date            time.Time     // of the last item
	longestWait              time.Duration // as the item says, or longer where that was seen
	above                    bool          // all of the page lies after the range
}

// add takes a page into account. Items of two pages aren't compared: a list
// that shifts between the two repeats items.
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

// hasPassed reports whether no item at or after start can follow.
//
// In a list by date that is certain once an item lies before start. A list is
// by date if its times of creation are out of order and its dates aren't. As
// long as it may be a list by creation, an item that was created earlier may
// still follow: a call that waited as long as calls do, or any message.
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

// look records what a page shows about the list's order, and makes it the last
// page if everything after it lies before the range. If the range begins at
// midnight, Twilio's own filter ends the list there.
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

// skip jumps to the end of the range if the first page of the list lies after
// it. The list has been requested up to the end of the day, because a filter
// that ignores the time of day would leave out the day itself. The response to
// a filter with the time of day shows whether Twilio honors it.
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

// wireTime formats a time for a filter, in whole seconds. A filter that ignores
// the time of day then begins with the whole day.
func wireTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func isMidnight(t time.Time) bool { return t.UTC().Truncate(oneDay).Equal(t) }
