package engine

// A Limit is how many operations Twilio lets run at once, as far as that is
// known. It shrinks when Twilio responds with 429, and is raised step by step
// when it stops doing so.
type Limit struct {
	// Value is the limit; Unlimited until the first 429.
	Value int
	// Ceiling is the lowest value at which Twilio has refused since the limit was
	// last raised past it; 0 if it isn't known.
	Ceiling int
	// Epoch counts how often the limit has shrunk.
	Epoch int64
	// RaiseAt is when it is raised next, in milliseconds.
	RaiseAt int64
}

// Unlimited is the Value of a limit that Twilio has never reached.
const Unlimited = 1 << 30

const (
	// raiseSoon is the wait between steps up to a level that has worked.
	raiseSoon = 1_000
	// raiseLater is the wait before a step to a level at which Twilio refused.
	// The wait costs a little of Twilio's capacity, the step costs a 429.
	raiseLater = 5_000
)

// Of returns the limit below a bound.
func (l Limit) Of(bound int) int { return min(bound, l.Value) }

// Shrink returns the limit after a 429 under the bound.
func (l Limit) Shrink(bound int, now int64) Limit {
	refused := l.Of(bound)
	l.Ceiling = refused
	l.Value = max(1, refused-1)
	if refused > 10 {
		l.Value = refused * 4 / 5
	}
	l.Epoch++
	l.RaiseAt = now + l.untilRaise()
	return l
}

// Due reports whether the limit should be raised.
func (l Limit) Due(bound int, now int64) bool { return l.Value < bound && now >= l.RaiseAt }

// Raise returns the limit a step higher.
func (l Limit) Raise(bound int, now int64) Limit {
	if !l.Due(bound, now) {
		return l
	}
	if l.Ceiling > 0 && l.Value >= l.Ceiling {
		l.Ceiling = 0 // the level at which Twilio refused has worked since
	}
	l.Value++
	l.RaiseAt = now + l.untilRaise()
	if l.Value >= bound {
		l.Value, l.Ceiling = Unlimited, 0
	}
	return l
}

func (l Limit) untilRaise() int64 {
	if l.Ceiling > 0 && l.Value+1 >= l.Ceiling {
		return raiseLater
	}
	return raiseSoon
}
