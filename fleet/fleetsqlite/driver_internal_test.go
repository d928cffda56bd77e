package fleetsqlite

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// Jobs that have ended take no turn of the one writer's, and those that haven't
// end.
func TestJobsThatHaveEndedDoNotWaitForTheWriter(t *testing.T) {
	t.Parallel()
	file, err := Open(filepath.Join(t.TempDir(), "fleet.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	s, ctx := file.store, t.Context()
	if err := s.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	var jobs []int64
	err = s.Tx(ctx, func(tx engine.Tx) error {
		jobs, err = tx.Insert(ctx, slices.Repeat([]river.InsertManyParams{{Args: engine.Args{}}}, 3))
		return err
	})
	if err == nil {
		_, err = s.Exec(ctx, "update river_job set state = 'running'")
	}
	if err == nil {
		err = s.Tx(ctx, func(tx engine.Tx) error { return tx.Complete(ctx, jobs[:2]) })
	}
	if err != nil {
		t.Fatal(err)
	}
	executor := workDriver{s.driver, s.readers}.GetExecutor()
	end := func(jobs []int64) {
		t.Helper()
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		now, n := time.Now(), len(jobs)
		_, err := executor.JobSetStateIfRunningMany(ctx, &riverdriver.JobSetStateIfRunningManyParams{
			ID: jobs, Attempt: make([]*int, n), ErrData: make([][]byte, n), FinalizedAt: slices.Repeat([]*time.Time{&now}, n),
			MetadataDoMerge: make([]bool, n), MetadataUpdates: make([][]byte, n), ScheduledAt: make([]*time.Time, n),
			State: slices.Repeat([]rivertype.JobState{rivertype.JobStateCompleted}, n),
		})
		if err != nil {
			t.Error(err)
		}
	}
	err = s.Tx(ctx, func(engine.Tx) error { // the writer is busy
		end(jobs[:2])
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	end(jobs)
	running := 0
	err = s.Query(ctx, "select count(*) from river_job where state <> 'completed'", nil, func(scan func(...any) error) error { return scan(&running) })
	if err != nil || running != 0 {
		t.Errorf("%d jobs run, %v", running, err)
	}
}
