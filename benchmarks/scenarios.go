package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant/sdk"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/stub"
)

// days is how many days of calls the stub renders: the longest range that a
// scenario lists.
const days = 20

// scenario is something that a user does, measured for every entrant by the
// same code.
type scenario struct {
	name    string
	figures []figure // what a measurement returns, in its order
	measurement
}

// measurement is one turn of one entrant. It returns nil where the entrant has
// no part in the scenario.
type measurement interface {
	measure(context.Context, *rig, entry) ([]float64, error)
}

var scenarios = []scenario{
	{"get", []figure{{"one call fetched", duration}, {"… allocations", count}},
		exchange{ops: 1000, requests: 1, calls: 1, do: get}},
	{"create", []figure{{"one call created", duration}, {"… allocations", count}},
		exchange{ops: 1000, requests: 1, calls: 1, do: create}},
	{"list", []figure{{"10 pages of 1,000 calls listed", duration}, {"… allocations", count}},
		exchange{account: stub.Account{Pages: 10}, ops: 1, requests: 10, calls: 10_000, do: list(entrant.Query{})}},
	{"kept", []figure{{"10 pages of 1,000 calls kept: memory of each", octets}, {"… of each SID, kept alone", octets}}, kept{pages: 10}},
	{"pages", []figure{{"100,000 pages without an item listed: time of each ÷ that in a list of 10,000", ratio}, {"… peak memory ÷ that of a list of 10,000", ratio}},
		growth{pages: 100_000, base: 10_000}},
	{"consume", []figure{{"20 pages at 50 ms, with 50 ms of work on each", duration}},
		exchange{account: slow, work: 50 * time.Millisecond, ops: 1, requests: 20, calls: 20_000, do: list(entrant.Query{})}},
	{"range", []figure{{"a date range of 20 pages at 50 ms, 10 at once where possible", duration}},
		exchange{account: slow, ops: 1, requests: 20, probes: 1, calls: 20_000, do: list(entrant.Query{
			From: stub.Newest.AddDate(0, 0, 1-days), To: stub.Newest.AddDate(0, 0, 1), Parallelism: 10})}},
	{"memory", []figure{{"100,000 calls iterated: peak memory", size}},
		footprint{account: stub.Account{Pages: 100}, count: 100_000}},
	{"million", []figure{{"1,000,000 calls iterated: peak memory", size}, {"… time", duration}},
		footprint{account: stub.Account{Pages: 1000}, count: 1_000_000}},
	{"fleet", []figure{{"1,000 subaccounts at 20 ms, 10 at once: time × 10 ÷ time one after another", ratio}},
		fleet{subaccounts: 1000, concurrency: 10, delay: 20 * time.Millisecond}},
	{"fleet-memory-10k", []figure{{"10,000 subaccounts visited, 10 at once: peak memory", size}},
		footprint{account: stub.Account{Subaccounts: 10_000}, count: 10_000, program: "fleet"}},
	{"fleet-memory", []figure{{"100,000 subaccounts visited, 10 at once: peak memory", size}},
		footprint{account: stub.Account{Subaccounts: 100_000}, count: 100_000, program: "fleet"}},
	{"end-all", []figure{{"200 calls at 20 ms ended, 8 at once: time ÷ time one by one", ratio}, {"… requests for each call", ratio}}, endAll},
	{"transfer-all", []figure{{"1,000 numbers at 20 ms moved, 8 at once: time ÷ time one by one", ratio}, {"… requests for each number", ratio}}, transferAll},
	{"bill", []figure{{"10 days × 20 pages at 20 ms summed up, 10 at once: time ÷ time one after another", ratio}}, workflow(billPages)},
	{"bill-fleet", []figure{{"1,000 customers with a call each billed, 10 pages at once: requests ÷ requests without", ratio}}, workflow(billFleet)},
	{"busy", []figure{{"one account in 500 a hundred times slower: time that ForEach's workers work", ratio}}, workflow(busyWorkers)},
	{"weight", []figure{{"first build of a minimal program: CPU time", duration}, {"… size of the binary", size},
		{"… packages beyond the standard library", number}, {"… modules", number}}, weight{}},
}

// slow is an account whose pages take as long as Twilio's may.
var slow = stub.Account{Pages: days, Delay: 50 * time.Millisecond}

// run lets the entrants take turns and returns a row for each figure.
func (s scenario) run(ctx context.Context, r *rig, rounds int) ([]row, error) {
	rows := make([]row, len(s.figures))
	for i, figure := range s.figures {
		rows[i] = row{figure: figure, samples: make([][]float64, len(entries))}
	}
	for round := range rounds {
		fmt.Fprintf(os.Stderr, "%s: round %d of %d\n", s.name, round+1, rounds)
		for column, entry := range entries {
			values, err := s.measure(ctx, r, entry)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", entry.title, err)
			}
			for i := range min(len(rows), len(values)) {
				rows[i].samples[column] = append(rows[i].samples[column], values[i])
			}
		}
	}
	return rows, nil
}

// exchange is requests and responses between an entrant in this process and the
// stub. It returns the time and the allocations of one op. Both include the
// stub's own, which are the same for all.
type exchange struct {
	account  stub.Account
	work     time.Duration // the consumer's on each page
	ops      int
	requests int // that one op must take
	probes   int // that it may take beyond, to find out whether parallel reading pays
	calls    int // that one op must see
	do       operation
}

// operation is one thing that an entrant does.
type operation func(context.Context, entrant.Entrant, entrant.See) error

func get(ctx context.Context, e entrant.Entrant, see entrant.See) error {
	return e.Get(ctx, stub.Call(0, 0).SID, see)
}

func create(ctx context.Context, e entrant.Entrant, see entrant.See) error { return e.Create(ctx, see) }

func list(query entrant.Query) operation {
	return func(ctx context.Context, e entrant.Entrant, see entrant.See) error { return e.List(ctx, query, see) }
}

func (x exchange) measure(ctx context.Context, r *rig, of entry) ([]float64, error) {
	e := of.new(r.stub.URL)
	if err := get(ctx, e, func(func() (entrant.Record, error)) {}); err != nil { // connects
		return nil, err
	}
	r.stub.Reset(x.account)
	const step = entrant.PageSize / 10 // work is spread over the page
	calls := 0
	see := func(func() (entrant.Record, error)) {
		calls++
		if x.work > 0 && calls%step == 0 {
			time.Sleep(x.work * step / entrant.PageSize)
		}
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	for range x.ops {
		if err := x.do(ctx, e, see); err != nil {
			return nil, err
		}
	}
	elapsed := time.Since(start)
	runtime.ReadMemStats(&after)
	if extra := r.stub.Requests() - x.ops*x.requests; calls != x.ops*x.calls || extra < 0 || extra > x.ops*x.probes {
		return nil, fmt.Errorf("saw %d calls in %d requests, want %d in %d",
			calls, r.stub.Requests(), x.ops*x.calls, x.ops*x.requests)
	}
	return []float64{elapsed.Seconds() / float64(x.ops), float64(after.Mallocs-before.Mallocs) / float64(x.ops)}, nil
}

// kept is what stays in memory of a list whose calls are kept, and of one whose
// SIDs are. It returns bytes for each call.
type kept struct{ pages int }

func (k kept) measure(ctx context.Context, r *rig, of entry) ([]float64, error) {
	if of.blind {
		return nil, nil
	}
	e := of.new(r.stub.URL)
	sids := func(ctx context.Context) (any, error) {
		var sids []string
		err := e.List(ctx, entrant.Query{}, func(record func() (entrant.Record, error)) {
			call, _ := record()
			sids = append(sids, call.SID)
		})
		return slices.Clip(sids), err
	}
	var values []float64
	for _, keep := range []func(context.Context) (any, error){e.Keep, sids} {
		if _, err := keep(ctx); err != nil { // what the client itself keeps
			return nil, err
		}
		r.stub.Reset(stub.Account{Pages: k.pages})
		before := heapInUse()
		all, err := keep(ctx)
		if err != nil {
			return nil, err
		}
		values = append(values, float64(heapInUse()-before)/float64(k.pages*entrant.PageSize))
		runtime.KeepAlive(all)
	}
	return values, nil
}

// heapInUse is what is reachable. A sync.Pool keeps what it holds through one
// collection.
func heapInUse() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// growth is what each page of a long list costs beside that of a shorter one,
// in time and in memory of the process.
type growth struct{ pages, base int }

func (g growth) measure(ctx context.Context, r *rig, of entry) ([]float64, error) {
	if of.name != entries[0].name {
		return nil, nil
	}
	var values [2][]float64
	for i, pages := range []int{g.pages, g.base} {
		var err error
		if values[i], err = (footprint{account: stub.Account{Pages: pages, Empty: true}}).measure(ctx, r, of); err != nil {
			return nil, err
		}
	}
	long, short := values[0], values[1]
	return []float64{long[1] / short[1] * float64(g.base) / float64(g.pages), long[0] / short[0]}, nil
}

// footprint is a program alone in a process: that of an entrant, iterating over
// every call of the account, or one of the SDK that has no counterpart in the
// other libraries. It returns the peak resident memory of the process, and the
// time that it took.
type footprint struct {
	account stub.Account
	count   int    // that the program must print
	program string // one that only the SDK has
}

func (f footprint) measure(ctx context.Context, r *rig, of entry) ([]float64, error) {
	program := of.name
	if f.program != "" {
		if of.name != entries[0].name {
			return nil, nil
		}
		program = f.program
	}
	if of.blind {
		return nil, nil
	}
	r.stub.Reset(f.account)
	start := time.Now()
	out, err := r.exec(ctx, program)
	if err != nil {
		return nil, err
	}
	elapsed := time.Since(start)
	var count, peakKiB int
	if _, err := fmt.Sscan(string(out), &count, &peakKiB); err != nil {
		return nil, fmt.Errorf("%q: %w", out, err)
	}
	if count != f.count {
		return nil, fmt.Errorf("counted %d, want %d", count, f.count)
	}
	return []float64{float64(peakKiB) * 1024, elapsed.Seconds()}, nil
}

// fleet is a request for each subaccount, several at once, which only the SDK
// has. It returns the time as a ratio to that of the same requests one after
// another, divided by how many were allowed at once.
type fleet struct {
	subaccounts, concurrency int
	delay                    time.Duration
}

func (f fleet) measure(ctx context.Context, r *rig, of entry) ([]float64, error) {
	if of.name != entries[0].name {
		return nil, nil
	}
	alone, err := exchange{account: stub.Account{Delay: f.delay}, ops: 20, requests: 1, calls: 1, do: get}.measure(ctx, r, of)
	if err != nil {
		return nil, err
	}
	r.stub.Reset(stub.Account{Subaccounts: f.subaccounts, Delay: f.delay})
	start := time.Now()
	visited, err := sdk.Fleet(ctx, r.stub.URL, stub.Call(0, 0).SID, f.concurrency)
	if err != nil {
		return nil, err
	}
	if visited != f.subaccounts {
		return nil, fmt.Errorf("visited %d subaccounts, want %d", visited, f.subaccounts)
	}
	return []float64{time.Since(start).Seconds() / (alone[0] * float64(f.subaccounts) / float64(f.concurrency))}, nil
}
