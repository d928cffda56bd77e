package fleet

import (
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// Timings are waits that tests shorten. Zero leaves one as it is.
type Timings struct {
	Stop, Turn, Timeout, Sweep, Watch, Backoff, SlotWait, Busy time.Duration
}

// WithTimings shortens waits.
func WithTimings(t Timings) Option {
	return func(c *engine.Config) {
		for _, wait := range []struct {
			field *time.Duration
			value time.Duration
		}{
			{&c.StopTimeout, t.Stop}, {&c.Turn, t.Turn}, {&c.Timeout, t.Timeout},
			{&c.SweepEvery, t.Sweep}, {&c.WatchEvery, t.Watch},
			{&c.Backoff, t.Backoff}, {&c.SlotWait, t.SlotWait}, {&c.BusyWait, t.Busy},
		} {
			if wait.value > 0 {
				*wait.field = wait.value
			}
		}
	}
}
