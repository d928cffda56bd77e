package fleet

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// A slowStore takes a second for each megabyte that is written.
type slowStore struct{ engine.Store }

func (slowStore) Tx(_ context.Context, do func(engine.Tx) error) error { return do(slowTx{}) }

type slowTx struct{ engine.Tx }

func (slowTx) Dialect() *engine.Dialect { return &engine.Dialect{} }

func (slowTx) Exec(ctx context.Context, _ string, args ...any) (int64, error) {
	select {
	case <-time.After(time.Duration(len(args[0].(string))) * time.Second >> 20):
		return 1, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (slowTx) Complete(context.Context, []int64) error { return nil }

// Many large results take longer than one transaction may, and longer than
// writing takes elsewhere. All are recorded: otherwise their operations would
// run again, and produce as many.
func TestManyLargeResults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRecorder(slowStore{})
		errs := make([]error, 16)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = r.record(t.Context(), &turn{}, strings.Repeat("x", 1<<20)) })
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
	})
}
