package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/fleet"
)

// A measurement is one figure of one round.
type measurement struct {
	name string
	bar  string
	once func(ctx context.Context) (map[string]float64, error)
	// show formats the medians.
	show func(m map[string]float64) string
}

func newListener() net.Listener {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	return l
}

const (
	accounts = 1000
	latency  = 20 * time.Millisecond
)

func measure(ctx context.Context) error {
	kinds := []string{"sqlite"}
	if os.Getenv("FLEET_POSTGRES") != "" {
		kinds = append(kinds, "postgres")
	}
	var all []measurement
	for _, kind := range kinds {
		all = append(all, measurement{
			name: "ForEach and " + kind + ", 1,000 accounts at 20 ms, 8 at once",
			bar:  "≤ 1.1 × ForEach",
			once: func(ctx context.Context) (map[string]float64, error) { return beside(ctx, kind) },
			show: func(m map[string]float64) string {
				return fmt.Sprintf("%.2f s and %.2f s: %.2f ×", m["foreach"], m["fleet"], m["fleet"]/m["foreach"])
			},
		}, measurement{
			name: fmt.Sprintf("%d accounts at 0 ms, %s", *many, kind),
			bar:  map[string]string{"sqlite": "≥ 450/s, ≤ 80 MB", "postgres": "≥ 900/s, ≤ 80 MB"}[kind],
			once: func(ctx context.Context) (map[string]float64, error) { return large(ctx, kind) },
			show: func(m map[string]float64) string {
				return fmt.Sprintf("%.0f a second, %.0f MB", m["rate"], m["MB"])
			},
		})
	}
	if len(kinds) > 1 {
		all = append(all, measurement{
			name: "1, 2 and 4 processes of 4 slots, 1,000 accounts at 20 ms",
			bar:  "≥ 1.9 × and ≥ 3.2 × on enough cores",
			once: scaling,
			show: func(m map[string]float64) string {
				return fmt.Sprintf("%.2f, %.2f and %.2f s: %.2f × and %.2f ×", m["1"], m["2"], m["4"], m["1"]/m["2"], m["1"]/m["4"])
			},
		}, measurement{
			name: "bound 10 over 4 processes of 8, 1,000 accounts at 20 ms",
			bar:  "peak 10, ≤ 1.3 × ideal",
			once: bound,
			show: func(m map[string]float64) string {
				return fmt.Sprintf("peak %.0f, %.2f s: %.2f × ideal", m["peak"], m["time"], m["time"]/2)
			},
		}, measurement{
			name: "Twilio's limit 6 under a bound of 10, 1,000 accounts at 20 ms",
			bar:  "≤ 5 % 429, ≤ 1.4 × ideal",
			once: limit,
			show: func(m map[string]float64) string {
				return fmt.Sprintf("%.1f %% (%.0f), %.2f s: %.2f × ideal", m["share"], m["429"], m["time"], m["time"]/(accounts*latency.Seconds()/6))
			},
		}, measurement{
			name: "kill -9 of one of two workers of 4, 200 accounts of 10 pages",
			bar:  "all within 3 min, repeated ≤ slots + pages since the checkpoint",
			once: killed,
			show: func(m map[string]float64) string {
				return fmt.Sprintf("over %.1f s after the kill, %.0f requests repeated", m["time"], m["repeated"])
			},
		})
	}
	fmt.Printf("| what | bar | measured, median of %d |\n|---|---|---|\n", *rounds)
	for _, m := range all {
		if !strings.Contains(m.name, *only) {
			continue
		}
		values := map[string][]float64{}
		for range *rounds {
			one, err := m.once(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			for name, value := range one {
				values[name] = append(values[name], value)
			}
		}
		medians := map[string]float64{}
		for name, v := range values {
			medians[name] = median(v)
		}
		fmt.Printf("| %s | %s | %s |\n", m.name, m.bar, m.show(medians))
	}
	return nil
}

// beside measures ForEach and a run, one after the other.
func beside(ctx context.Context, kind string) (map[string]float64, error) {
	r, err := newRig(kind, accounts, latency, 8)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	client, err := twilio.NewClient(twilio.AuthToken(r.SID, r.Token), twilio.WithBaseURL(r.URL))
	if err != nil {
		return nil, err
	}
	begin := time.Now()
	err = client.Accounts.ForEach(ctx, twilio.AccountListParams{}, twilio.ForEachParams{Concurrency: 8},
		func(ctx context.Context, _ *twilio.Client, account *twilio.Account) error {
			_, err := client.Accounts.Get(ctx, account.SID)
			return err
		})
	if err != nil {
		return nil, err
	}
	forEach := time.Since(begin)
	stop := r.work(ctx, 8)
	defer stop()
	if err := r.warm(ctx); err != nil {
		return nil, err
	}
	took, err := run(ctx, r, get, fleet.None{})
	return map[string]float64{"foreach": forEach.Seconds(), "fleet": took.Seconds()}, err
}

// large measures a run without requests but those for the list, in a process of
// its own, so that its memory is that of the worker.
func large(ctx context.Context, kind string) (map[string]float64, error) {
	r, err := newRig(kind, *many, 0, 40)
	if err != nil {
		return nil, err
	}
	defer r.close()
	out, err := r.child(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]float64{"rate": float64(*many) / out.Seconds, "MB": out.MB}, nil
}

func scaling(ctx context.Context) (map[string]float64, error) {
	result := map[string]float64{}
	for _, processes := range []int{1, 2, 4} {
		took, _, err := cluster(ctx, processes, 4, 16, 0)
		if err != nil {
			return nil, err
		}
		result[fmt.Sprint(processes)] = took.Seconds()
	}
	return result, nil
}

func bound(ctx context.Context) (map[string]float64, error) {
	took, r, err := cluster(ctx, 4, 8, 10, 0)
	if err != nil {
		return nil, err
	}
	return map[string]float64{"peak": float64(r.peak.Load()), "time": took.Seconds()}, nil
}

func limit(ctx context.Context) (map[string]float64, error) {
	took, r, err := cluster(ctx, 2, 8, 10, 6)
	if err != nil {
		return nil, err
	}
	refused, all := r.refused.Load(), r.requests.Load()
	return map[string]float64{"429": float64(refused), "share": 100 * float64(refused) / float64(all), "time": took.Seconds()}, nil
}

// cluster measures a run in several processes.
func cluster(ctx context.Context, processes, atOnce, bound int, limit int64) (time.Duration, *rig, error) {
	r, err := newRig("postgres", accounts, latency, bound)
	if err != nil {
		return 0, nil, err
	}
	r.limit.Store(limit)
	defer r.close()
	if err := r.open(ctx); err != nil {
		return 0, nil, err
	}
	for range processes {
		if err := r.start(ctx, atOnce); err != nil {
			return 0, nil, err
		}
	}
	if err := r.warm(ctx); err != nil {
		return 0, nil, err
	}
	took, err := run(ctx, r, get, fleet.None{})
	return took, r, err
}

// killed kills one of two workers in the middle of a run.
func killed(ctx context.Context) (map[string]float64, error) {
	r, err := newRig("postgres", 200, latency, 8)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	for range 2 {
		if err := r.start(ctx, 4); err != nil {
			return nil, err
		}
	}
	if err := r.warm(ctx); err != nil {
		return nil, err
	}
	at := make(chan time.Time, 1)
	go func() {
		for r.requests.Load() < 1000 && ctx.Err() == nil {
			<-time.After(time.Millisecond)
		}
		_ = r.workers[0].Process.Kill()
		at <- time.Now()
	}()
	begin := time.Now()
	took, err := runFrom(ctx, r, begin, pages, fleet.None{})
	if err != nil {
		return nil, err
	}
	return map[string]float64{
		"time":     begin.Add(took).Sub(<-at).Seconds(),
		"repeated": float64(r.requests.Load() - 2000),
	}, nil
}
