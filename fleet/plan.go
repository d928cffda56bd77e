package fleet

import (
	"cmp"
	"context"
	"encoding/json"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet/internal/engine"
)

// A planState is where the list of accounts continues.
type planState struct {
	Cursor string `json:"cursor"`
	// Read is true once the last page has been read.
	Read bool `json:"read"`
}

// planPage is how many accounts one transaction adds, where the filter doesn't
// say. With fewer, work begins sooner; with more, the list takes fewer requests.
const planPage = 200

// plan reads a run's list of accounts. Each page is one transaction: its items,
// their jobs, and where the list continues.
func plan(ctx context.Context, j *Job[json.RawMessage]) (struct{}, error) {
	var (
		done   struct{}
		state  planState
		filter twilio.AccountListParams
	)
	err := j.Resume(&state)
	if err == nil {
		err = json.Unmarshal([]byte(j.turn.run.filter), &filter)
	}
	if err != nil || state.Read {
		return done, err
	}
	filter.PageSize = cmp.Or(filter.PageSize, planPage)
	var page *twilio.Page[twilio.Account]
	if state.Cursor == "" {
		page, err = j.Client.Accounts.List(ctx, filter)
	} else {
		page, err = j.Client.Accounts.Resume(ctx, state.Cursor)
	}
	for err == nil {
		keys := make([]string, 0, len(page.Items))
		for _, account := range page.Items {
			if account.SID != account.OwnerAccountSID {
				keys = append(keys, account.SID)
			}
		}
		state.Cursor, state.Read = page.Cursor(), !page.HasNext()
		if err = j.turn.addItems(ctx, keys, state); err != nil || !page.HasNext() {
			return done, err
		}
		if err = j.turn.ended(); err == nil {
			page, err = page.Next(ctx)
		}
	}
	return done, err
}

// addItems adds the items of a page, and the checkpoint behind it.
func (t *turn) addItems(ctx context.Context, keys []string, state planState) error {
	text, err := encode("plan", "state", state)
	if err != nil {
		return err
	}
	return t.fleet.store.Tx(ctx, func(tx engine.Tx) error {
		saved, err := tx.Exec(ctx, `update ~fleet_items set checkpoint = $1, failures = 0, starts = 0
			where run = $2 and key = '' and job = $3 and state = 'pending'`, text, t.run.uid, t.job)
		if err == nil && saved == 0 {
			return errSuperseded
		}
		var jobs []int64
		if err == nil {
			jobs, err = insertJobs(ctx, tx, t.run, t.run.operation, keys)
		}
		if err != nil {
			return err
		}
		items := make([][2]any, len(keys))
		for i, key := range keys {
			items[i] = [2]any{key, jobs[i]}
		}
		pairs, err := encode("plan", "items", items)
		if err == nil {
			_, err = tx.Exec(ctx, tx.Dialect().InsertItems, t.run.uid, pairs)
		}
		t.saved, t.failures = &text, 0
		return err
	})
}
