package fleetsqlite

import (
	"context"
	"encoding/json"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/sqldb"
)

// A workDriver is River's driver, for a client that works jobs.
type workDriver struct {
	*riversqlite.Driver
	readers sqldb.Querier
}

// GetExecutor implements riverdriver.Driver.
func (d workDriver) GetExecutor() riverdriver.Executor {
	return workExecutor{d.Driver.GetExecutor(), d.readers}
}

type workExecutor struct {
	riverdriver.Executor
	readers sqldb.Querier
}

// JobSetStateIfRunningMany ends jobs. River calls it four times a second with
// all jobs that have returned. Nearly all have ended then, in the transaction
// that recorded their result; but the driver would run two statements for each,
// while nothing else can be written, and operations would run out of jobs.
func (e workExecutor) JobSetStateIfRunningMany(ctx context.Context, params *riverdriver.JobSetStateIfRunningManyParams) ([]*rivertype.JobRow, error) {
	ids, err := json.Marshal(params.ID)
	if err != nil {
		return nil, err
	}
	running := false
	err = e.readers.Query(ctx, "select exists (select 1 from river_job where state = 'running' and id in (select value from json_each($1)))",
		[]any{string(ids)}, func(scan func(...any) error) error { return scan(&running) })
	if err != nil || !running {
		return nil, err
	}
	return e.Executor.JobSetStateIfRunningMany(ctx, params)
}
