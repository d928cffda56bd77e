package engine

import (
	"context"
	"fmt"
	"strings"
)

// schema is the tables of a run, a version each. ID stands for a column that
// numbers the rows.
var schema = []string{`
create table ~fleet_meta (
	version integer not null,
	account text not null
);
create table ~fleet_runs (
	uid ID,
	id text not null unique,
	operation text not null,
	filter text not null,
	params text not null,
	state text not null, -- running, canceled; open if StartTx adds items to it
	started_at bigint not null -- in milliseconds, UTC
);
create table ~fleet_items (
	run bigint not null references ~fleet_runs (uid) on delete cascade,
	key text not null, -- empty for the item that is the planning of the run
	state text not null, -- pending, done, failed, canceled
	failures integer not null, -- since the last checkpoint
	job bigint not null,
	params text,
	checkpoint text,
	result text,
	error text,
	ended_at bigint,
	primary key (run, key)
);
create index fleet_items_job on ~fleet_items (job) where state = 'pending';
create table ~fleet_limit (
	value integer not null,
	ceiling integer not null,
	epoch bigint not null,
	raise_at bigint not null
);
insert into ~fleet_limit values (1073741824, 0, 0, 0);
insert into ~fleet_meta values (0, '')`, `
-- 0 until a worker has died that had the item; then one more than the operation
-- has been started and hasn't ended
alter table ~fleet_items add column starts integer not null default 0`,
}

// Migrate brings the tables up to date. exists reports whether there are any,
// and id is the type of a column that numbers rows.
func Migrate(ctx context.Context, tx Querier, exists bool, id string) error {
	version := 0
	if exists {
		err := tx.Query(ctx, "select version from ~fleet_meta", nil, func(scan func(...any) error) error { return scan(&version) })
		if err != nil {
			return err
		}
	}
	if version > len(schema) {
		return fmt.Errorf("fleet: the database is at version %d, and this program knows version %d; update the program", version, len(schema))
	}
	for ; version < len(schema); version++ {
		for statement := range strings.SplitSeq(strings.ReplaceAll(schema[version], " ID,", " "+id+","), ";\n") {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, "update ~fleet_meta set version = $1", version+1); err != nil {
			return err
		}
	}
	return nil
}
