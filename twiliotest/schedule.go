package twiliotest

import (
	"cmp"
	"container/heap"
	"sync"
	"time"
)

// endOfTime is where the clock stops: dates on the wire have four digits for
// the year.
var endOfTime = time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)

// now returns the time on the fake's clock: while an event runs, its own.
func (s *state) now() time.Time {
	if !s.running.IsZero() {
		return s.running
	}
	now := s.clock().UTC().AddDate(0, 0, s.days).Add(s.offset)
	if now.After(endOfTime) {
		return endOfTime
	}
	return now
}

// move moves the clock forward. A sum of durations would overflow after 292
// years.
func (s *state) move(d time.Duration) {
	const day = 24 * time.Hour
	s.offset += d % day
	s.days += int(d/day) + int(s.offset/day)
	s.offset %= day
}

// advance moves the clock forward, from one event to the next. Each happens at
// its own time, and the webhooks that it leads to are delivered before the
// next.
func (s *state) advance(d time.Duration) {
	s.mu.Lock()
	defer s.unlock()
	s.advanceSince(s.traffic.begun, d)
}

// settle delivers what is due, and waits for what the background has taken after
// the begun-th webhook.
func (s *state) settle(begun uint64) {
	s.mu.Lock()
	defer s.unlock()
	s.advanceSince(begun, 0)
}

// begun is how many webhooks were begun so far.
func (s *state) begun() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.traffic.begun
}

func (s *state) advanceSince(begun uint64, d time.Duration) {
	m := s.moment()
	for d = max(0, d); ; {
		s.deliverAll(begun, m)
		if s.runNext() {
			continue
		}
		step, ok := s.untilNext()
		if !ok || step > d {
			break
		}
		if step > 0 {
			m = s.moment()
		}
		s.move(step)
		d -= step
	}
	s.move(d)
}

// untilNext is how long it is until the next event.
func (s *state) untilNext() (d time.Duration, ok bool) {
	now := s.now()
	if len(s.pending) == 0 || !now.Before(endOfTime) {
		return 0, false
	}
	return s.pending[0].when.Sub(now), true
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
	return s.unlock
}

// unlock unlocks the state after writing, and notifies those who wait for changes.
func (s *state) unlock() {
	s.changes.notify()
	s.startBackground()
	s.mu.Unlock()
}

// runDue runs the events that the clock has passed, each at its own time.
func (s *state) runDue() {
	for s.runNext() {
	}
}

// runNext runs the next event if it is due.
func (s *state) runNext() bool {
	if len(s.pending) == 0 || s.pending[0].when.After(s.now()) {
		return false
	}
	next := heap.Pop(&s.pending).(event)
	s.running = next.when
	next.run(next.when)
	s.running = time.Time{}
	return true
}

// after schedules an event, d after now. What it changes must be reachable from
// the state, such as a field of a call, and not be a variable that only functions
// share, so that a snapshot has it.
func (s *state) after(now time.Time, d time.Duration, run func(now time.Time)) {
	heap.Push(&s.pending, event{now.Add(d), s.next(), run})
}

// background runs events and delivers webhooks when the clock follows another one:
// a timer waits for the next event, and goroutines deliver webhooks for as long as
// there are any. With a clock that only Advance moves it does nothing.
type background struct {
	timer   *time.Timer
	next    time.Time // that the timer waits for
	senders int
	closed  bool
	wait    sync.WaitGroup

	since, clockSince time.Time // the start, on the real clock and on the fake's
}

// maxSendersInBackground is how many webhooks are delivered at once with a clock
// that goes on by itself.
const maxSendersInBackground = 32

// startBackground starts the timer for the next event, and a goroutine if there are
// webhooks to deliver.
func (s *state) startBackground() {
	b := &s.background
	if !s.ticking || b.closed {
		return
	}
	if b.senders < maxSendersInBackground && s.nextDelivery() >= 0 { // one starts the next
		b.senders++
		b.wait.Go(s.deliverInBackground)
	}
	until, ok := s.untilNext()
	if !ok || s.pending[0].when.Equal(b.next) {
		return
	}
	b.next = s.pending[0].when
	if b.timer == nil {
		b.since, b.clockSince = time.Now(), s.clock()
		b.timer = time.AfterFunc(s.realTime(until), s.wake)
		return
	}
	b.timer.Reset(s.realTime(until))
}

// realTime is how long to wait for the fake's clock, which may run faster or
// slower than the real one.
func (s *state) realTime(d time.Duration) time.Duration {
	const longest = time.Hour // in case it doesn't run evenly
	passed, fake := time.Since(s.background.since), s.clock().Sub(s.background.clockSince)
	if passed > 0 && fake > 0 {
		d = time.Duration(float64(d) * min(1, float64(passed)/float64(fake)))
	}
	return min(max(d, time.Millisecond), longest)
}

// wake runs what has become due.
func (s *state) wake() {
	s.mu.Lock()
	defer s.unlock()
	s.background.next = time.Time{}
	if !s.background.closed {
		s.runDue()
	}
}

func (s *state) deliverInBackground() {
	s.mu.Lock()
	defer s.unlock()
	for d := s.takeDelivery(); d != nil && !s.background.closed; d = s.takeDelivery() {
		s.deliver(d)
	}
	s.background.senders--
}

// abandonDeliveries cancels the deliveries under way and ignores their responses,
// because the state is about to be replaced.
func (s *state) abandonDeliveries() {
	s.traffic.restored++
	s.traffic.cancel()
	s.background.next = time.Time{}
}

// stop ends the background and the deliveries that are under way.
func (s *state) stop() {
	s.mu.Lock()
	s.background.closed = true
	if s.background.timer != nil {
		s.background.timer.Stop()
	}
	s.traffic.cancel()
	s.mu.Unlock()
	s.background.wait.Wait()
	s.deliverer.close()
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
