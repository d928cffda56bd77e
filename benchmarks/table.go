package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

// figure is something measured, and how to print it. Where the unit is
// absolute, every column prints the figure itself and not its ratio to the
// first.
type figure struct {
	title string
	unit  unit
}

type unit struct {
	print    func(float64) string
	absolute bool
}

var (
	duration = unit{print: func(seconds float64) string {
		switch {
		case seconds < 1e-3:
			return fmt.Sprintf("%.0f µs", seconds*1e6)
		case seconds < 1:
			return fmt.Sprintf("%.3g ms", seconds*1e3)
		}
		return fmt.Sprintf("%.2f s", seconds)
	}}
	size   = unit{print: func(bytes float64) string { return fmt.Sprintf("%.1f MB", bytes/1e6) }}
	octets = unit{print: func(n float64) string { return fmt.Sprintf("%.0f bytes", n) }}
	count  = unit{print: func(n float64) string { return thousands(int(n)) }}
	number = unit{print: count.print, absolute: true}
	ratio  = unit{print: times, absolute: true}
)

// times prints a ratio with about three significant digits.
func times(ratio float64) string {
	switch {
	case ratio < 9.995:
		return fmt.Sprintf("%.2f ×", ratio)
	case ratio < 99.95:
		return fmt.Sprintf("%.1f ×", ratio)
	}
	return fmt.Sprintf("%.0f ×", ratio)
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return thousands(n/1000) + fmt.Sprintf(",%03d", n%1000)
}

// row is a figure with what each entrant's turns returned, by column.
type row struct {
	figure
	samples [][]float64
}

// cell prints a column: for the first entrant the median and the spread of the
// figure itself, for the others those of its ratio to the first entrant's turn
// in the same round.
func (r row) cell(column int) string {
	samples := r.samples[column]
	if len(samples) == 0 {
		return "–"
	}
	if column == 0 || r.unit.absolute {
		return spread(samples, r.unit.print)
	}
	ratios := make([]float64, len(samples))
	for round, value := range samples {
		ratios[round] = value / r.samples[0][round]
	}
	return spread(ratios, times)
}

func spread(values []float64, say func(float64) string) string {
	sorted := slices.Sorted(slices.Values(values))
	middle := (sorted[(len(sorted)-1)/2] + sorted[len(sorted)/2]) / 2
	text, low, high := say(middle), say(sorted[0]), say(sorted[len(sorted)-1])
	if low == high {
		return text
	}
	if _, unit, found := strings.Cut(text, " "); found && strings.HasSuffix(low, " "+unit) && strings.HasSuffix(high, " "+unit) {
		low, high = strings.TrimSuffix(low, " "+unit), strings.TrimSuffix(high, " "+unit)
	}
	return fmt.Sprintf("%s (%s–%s)", text, low, high)
}

// table prints rows as Markdown, with what a reader needs to interpret them.
func table(rows []row, rounds int) string {
	var b strings.Builder
	b.WriteString("| |")
	for _, entry := range entries {
		b.WriteString(" " + entry.title + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(entries)) + "\n")
	for _, row := range rows {
		b.WriteString("| " + row.title + " |")
		for column := range entries {
			b.WriteString(" " + row.cell(column) + " |")
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\nMeasured on %s with %s, %s/%s, %d cores: medians of %d\n"+
		"interleaved rounds, with the lowest and highest in brackets. The first column is\n"+
		"absolute; “2 ×” in another means twice as long, as large or as many as in the\nfirst.\n",
		time.Now().UTC().Format(time.DateOnly), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), rounds)
	return b.String()
}

// rewrite puts the table between these lines of a file.
const (
	begin = "<!-- benchmarks: written by `go run . -update ../docs/BENCHMARKS.md` in benchmarks/ -->\n"
	end   = "<!-- benchmarks: end -->\n"
)

func rewrite(file, text string) error {
	old, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	fresh, err := between(old, text)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, fresh, 0o644)
}

func between(old []byte, text string) ([]byte, error) {
	head, rest, found := bytes.Cut(old, []byte(begin))
	_, tail, ended := bytes.Cut(rest, []byte(end))
	if !found || !ended {
		return nil, fmt.Errorf("the file needs the lines %q and %q, in this order", begin, end)
	}
	return slices.Concat(head, []byte(begin+text+end), tail), nil
}
