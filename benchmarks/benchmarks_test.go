package main

import (
	"os"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/stub"
)

// newStub serves an account of three days.
func newStub(t *testing.T) *stub.Server {
	t.Helper()
	server, err := stub.Start(3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// A comparison means nothing unless all entrants read the same: this compares
// what each makes of the stub's responses, field by field, with what the stub
// rendered.
func TestEverybodyReadsTheSame(t *testing.T) {
	t.Parallel()
	day := func(n int) (calls []entrant.Record) {
		for i := range entrant.PageSize {
			calls = append(calls, stub.Call(n, i))
		}
		return calls
	}
	everything := append(append(day(0), day(1)...), day(2)...)
	middle := entrant.Query{From: stub.Newest.AddDate(0, 0, -1), To: stub.Newest}
	lastTwo := entrant.Query{From: stub.Newest.AddDate(0, 0, -2), To: stub.Newest, Parallelism: 2}
	tests := []struct {
		name     string
		do       operation
		want     []entrant.Record
		requests int
	}{
		{"get", get, everything[:1], 1},
		{"create", create, everything[:1], 1},
		{"list", list(entrant.Query{}), everything, 3},
		{"a day", list(middle), day(1), 1},
		{"two days, in parallel by whoever can", list(lastTwo), everything[entrant.PageSize:], 2},
	}
	for _, entry := range entries {
		t.Run(entry.name, func(t *testing.T) {
			t.Parallel()
			server := newStub(t)
			library := entry.new(server.URL)
			for _, test := range tests {
				server.Reset(stub.Account{Pages: 3})
				seen := 0
				err := test.do(t.Context(), library, func(record func() (entrant.Record, error)) {
					defer func() { seen++ }()
					if entry.blind || seen >= len(test.want) {
						return
					}
					got, err := record()
					if err != nil || got != test.want[seen] {
						t.Errorf("%s: call %d is\n%+v, %v, want\n%+v", test.name, seen, got, err, test.want[seen])
					}
				})
				if err != nil {
					t.Fatalf("%s: %v", test.name, err)
				}
				if seen != len(test.want) || server.Requests() != test.requests {
					t.Errorf("%s: saw %d calls in %d requests, want %d in %d",
						test.name, seen, server.Requests(), len(test.want), test.requests)
				}
			}
		})
	}
}

// At least half of the calls need a price, or equal prices would prove nothing.
func TestStubPricesItsCalls(t *testing.T) {
	t.Parallel()
	var sum int64
	unpriced := 0
	for i := range entrant.PageSize {
		call := stub.Call(0, i)
		sum += call.Micros
		if call.Micros == 0 {
			unpriced++
		}
	}
	if sum >= 0 || unpriced == 0 || unpriced > entrant.PageSize/2 {
		t.Errorf("a day's calls cost %d millionths, %d of them nothing", sum, unpriced)
	}
}

func TestRatiosAreTakenWithinARound(t *testing.T) {
	t.Parallel()
	r := row{
		figure:  figure{"", duration},
		samples: [][]float64{{0.010, 0.020, 0.040}, {0.020, 0.040, 0.080}, {0.010, 0.030, 0.480}, nil},
	}
	for column, want := range []string{"20 ms (10–40)", "2.00 ×", "1.50 × (1.00–12.0)", "–"} {
		if got := r.cell(column); got != want {
			t.Errorf("column %d: %q, want %q", column, got, want)
		}
	}
}

func TestTableGoesBetweenItsMarkers(t *testing.T) {
	t.Parallel()
	old := "# Title\n" + begin + "old\n" + end + "more\n"
	got, err := between([]byte(old), "new\n")
	if want := strings.Replace(old, "old", "new", 1); err != nil || string(got) != want {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
	if _, err := between([]byte("# Title\n"+end+begin), "new\n"); err == nil {
		t.Error("markers in the wrong order were taken")
	}
}

// The document keeps its place for the table, and a row for each figure: a
// title that changes here changes there.
func TestDocumentHasTheTable(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/BENCHMARKS.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := between(text, ""); err != nil {
		t.Error(err)
	}
	for _, s := range scenarios {
		for _, figure := range s.figures {
			if !strings.Contains(string(text), "\n| "+figure.title+" | ") {
				t.Errorf("there is no row %q", figure.title)
			}
		}
	}
	for _, entry := range entries[:4] { // the others are named with a version
		if !strings.Contains(string(text), " "+entry.title+" |") {
			t.Errorf("there is no column %q", entry.title)
		}
	}
}

// BenchmarkExchanges is the scenarios that need no other process, for -benchmem
// and profiles:
//
//	go test -bench Exchanges/list/sdk -cpuprofile cpu.out
func BenchmarkExchanges(b *testing.B) {
	server, err := stub.Start(days)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Close)
	for _, s := range scenarios {
		x, ok := s.measurement.(exchange)
		if !ok || x.account.Delay > 0 {
			continue
		}
		for _, entry := range entries {
			b.Run(s.name+"/"+entry.name, func(b *testing.B) {
				library := entry.new(server.URL)
				server.Reset(x.account)
				b.ReportAllocs()
				for b.Loop() {
					if err := x.do(b.Context(), library, func(func() (entrant.Record, error)) {}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
