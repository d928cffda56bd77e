// Package fleet works on many subaccounts in runs that outlive a process and
// outgrow a machine: bills of a month, a suspension of 800 customers, the
// rotation of every AuthToken, sign-ups that must not be lost. A run is kept in
// a database, and any number of processes work on it.
//
//	store, err := fleetsqlite.Open("fleet.db") // or fleetpg.New(pool)
//	…
//	f, err := fleet.Open(ctx, client, store)
//	…
//	go f.Work(ctx, 16, fleet.MessageSpend)
//	err = fleet.MessageSpend.Start(ctx, f, "bills-2026-10", twilio.AccountListParams{}, fleet.Days{From: first, To: last})
//	for p, err := range f.Watch(ctx, "bills-2026-10") {
//		…
//	}
//	for it, err := range fleet.MessageSpend.Results(ctx, f, "bills-2026-10") {
//		…
//	}
//
// For one process whose work may end with it, [twilio.AccountService.ForEach]
// is enough.
//
// # Promises
//
// A run starts once, however often and wherever Start is called with its ID.
// Each account that matches has one item in it. The operation runs on each item
// until it is done, has failed permanently or is canceled; its result is
// recorded once, in one transaction with the end of its job. Two operations
// never work on one key at the same time, while the worker's session with the
// database lives. In all processes together, no more operations run at once
// than [WithConcurrency] allows.
//
// When Twilio responds with 429, the operation ends, waits for Retry-After and
// starts again; that isn't a failure. The number of operations at once shrinks,
// for all processes, and recovers step by step.
//
// # What isn't promised
//
// An operation may run more than once: after a crash between its effect at
// Twilio and the record of its result, it runs again. Everything that this
// package has built in tolerates that, and so must your own operations. A run
// isn't a snapshot of the fleet: accounts that are created while it is planned
// may be missing. There is no order. For some seconds after a worker lost its
// connection to the database, two operations may work on one key, if the first
// doesn't end with its context.
//
// # Long operations
//
// An operation has 90 seconds from its start, or its restart, to the end of its
// turn; see [Job.Checkpoint]. After a minute, a checkpoint ends its turn:
// Checkpoint returns an error, which the operation returns, and the operation
// starts again from the checkpoint, here or elsewhere.
//
// # What the database holds
//
// Arguments, results, checkpoints and error texts can be read in the database,
// and the arguments in riverui too. They must not contain secrets; a
// [twilio.Secret] in them is stored as null. Those of the operations that are
// built in don't contain any; the error text of a failed item has Twilio's
// message, which may quote a phone number.
package fleet
