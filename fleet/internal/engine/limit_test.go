package engine_test

import (
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// twilio refuses what runs above its own limit; step makes a second pass.
func settle(l engine.Limit, bound, limit int, seconds int) (engine.Limit, int) {
	refused := 0
	for now := int64(1); now <= int64(seconds)*1000; now += 100 {
		l = l.Raise(bound, now)
		if l.Of(bound) > limit {
			refused += l.Of(bound) - limit
			l = l.Shrink(bound, now)
		}
	}
	return l, refused
}

func TestTheLimitSettlesBelowTwilios(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ bound, limit int }{{10, 6}, {40, 6}, {40, 39}, {2, 1}, {10, 1}} {
		start := engine.Limit{Value: engine.Unlimited}
		l, refused := settle(start, test.bound, test.limit, 60)
		if got := l.Of(test.bound); got < test.limit-1 || got > test.limit {
			t.Errorf("%+v: the limit is %d", test, got)
		}
		// At first it has to find the limit; then it tries a step now and then.
		if most := (test.bound-test.limit)*(test.bound-test.limit) + 15; refused > most {
			t.Errorf("%+v: %d refused", test, refused)
		}
	}
}

func TestTheLimitRecovers(t *testing.T) {
	t.Parallel()
	l, _ := settle(engine.Limit{Value: engine.Unlimited}, 40, 6, 10)
	if got := l.Of(40); got > 6 {
		t.Fatalf("the limit is %d", got)
	}
	l.RaiseAt = 0
	if l, _ = settle(l, 40, 40, 60); l.Value != engine.Unlimited {
		t.Errorf("the limit is %d, a minute after Twilio's own was lifted", l.Value)
	}
}

func TestTheLimitIsNeverZero(t *testing.T) {
	t.Parallel()
	l := engine.Limit{Value: engine.Unlimited}
	for range 100 {
		l = l.Shrink(3, 0)
	}
	if l.Of(3) != 1 || l.Epoch != 100 {
		t.Errorf("got %+v", l)
	}
}
