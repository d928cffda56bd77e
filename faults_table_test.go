package twilio_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A table has what came of each fault for each of several subjects, in columns.
// Subjects that fare alike share a section of it, and faults that fare alike a
// row.
type table struct {
	faults []fault
	modes  []mode

	mu       sync.Mutex
	subjects []*subject
}

type subject struct {
	names []string
	kinds []kind
	cells [][]string // by fault, then by mode; nil where the two don't meet
}

func newTable(faults []fault, modes ...mode) *table { return &table{faults: faults, modes: modes} }

func (t *table) add(name string, k kind) {
	t.subjects = append(t.subjects, &subject{[]string{name}, []kind{k}, make([][]string, len(t.faults))})
}

// set fills a cell.
func (t *table) set(fault, subject int, m mode, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	cells := t.subjects[subject].cells
	if cells[fault] == nil {
		cells[fault] = make([]string, len(t.modes))
	}
	cells[fault][slices.Index(t.modes, m)] = text
}

// takes reports whether two subjects fare alike, as far as they meet the same
// faults, and if so makes one of them.
func (s *subject) takes(other *subject) bool {
	for i, cells := range s.cells {
		if cells != nil && other.cells[i] != nil && !slices.Equal(cells, other.cells[i]) {
			return false
		}
	}
	for i, cells := range other.cells {
		if cells != nil {
			s.cells[i] = cells
		}
	}
	s.names = append(s.names, other.names...)
	if !slices.Contains(s.kinds, other.kinds[0]) {
		s.kinds = append(s.kinds, other.kinds[0])
	}
	return true
}

// String is the table as Markdown.
func (t *table) String() string {
	var sections []*subject
	for _, s := range t.subjects {
		if !slices.ContainsFunc(sections, func(section *subject) bool { return section.takes(s) }) {
			sections = append(sections, s)
		}
	}
	var b strings.Builder
	for _, s := range sections {
		b.WriteString("\n### " + s.title() + "\n\n" + s.describe() + "| what goes wrong |")
		for _, m := range t.modes {
			b.WriteString(" " + m.String() + " |")
		}
		b.WriteString("\n|---|" + strings.Repeat("---|", len(t.modes)) + "\n")
		t.rows(&b, s)
	}
	return b.String()
}

func (t *table) rows(b *strings.Builder, s *subject) {
	type row struct {
		cells []string
		names []string
	}
	var rows []*row
	rowOf := make([]*row, len(t.faults))
	groups := map[string][]*row{} // the rows that a group of faults is in
	for i, cells := range s.cells {
		if cells == nil {
			continue
		}
		at := slices.IndexFunc(rows, func(r *row) bool { return slices.Equal(r.cells, cells) })
		if at < 0 {
			at = len(rows)
			rows = append(rows, &row{cells: cells})
		}
		rowOf[i] = rows[at]
		if group := t.faults[i].group; !slices.Contains(groups[group], rows[at]) {
			groups[group] = append(groups[group], rows[at])
		}
	}
	for i, f := range t.faults {
		r, name := rowOf[i], f.name
		if r == nil {
			continue
		}
		if f.group != "" && len(groups[f.group]) == 1 {
			name = f.group
		}
		if !slices.Contains(r.names, name) {
			r.names = append(r.names, name)
		}
	}
	for _, r := range rows {
		fmt.Fprintf(b, "| %s | %s |\n", strings.Join(r.names, "<br>"), strings.Join(r.cells, " | "))
	}
}

// document is docs/FAULTS.md.
func document(operations, flows *table) string {
	return `# What becomes of a request when something fails

Written by ` + "`TestFaults`" + `, which fails when it doesn't hold any more. Rewrite it with:

    go test -run '^TestFaults$' -update .

The client has its default settings: 3 retries, and 31 s for an attempt. A cell says what the caller gets, what was sent,
and whether the in-memory Twilio has done what was asked for in the end. **Unknown** means that the error matches
` + "`ErrOutcomeUnknown`" + `. In all of them:

- a create is done once at most, and its outcome is said to be unknown exactly where it may have been done and the client
  can't tell;
- every error is a ` + "`*Error` or a `*TransportError`" + `, or joins such;
- no call outlives its context;
- neither a goroutine nor a connection is left.

Operations that fare alike share a section, faults that fare alike a row.

## Operations
` + operations.String() + `
## Workflows

Whatever became of a workflow, running it again without the fault came to the same end as a run that met none.
` + flows.String()
}

// title is what the subjects are, and describe names them all.
func (s *subject) title() string {
	if s.kinds[0] == working {
		return strings.Join(s.names, ", ")
	}
	var kinds []string
	for _, k := range s.kinds {
		kinds = append(kinds, k.String())
	}
	text := strings.Join(kinds, " and ")
	return strings.ToUpper(text[:1]) + text[1:]
}

func (s *subject) describe() string {
	if s.kinds[0] == working {
		return ""
	}
	return strings.Join(s.names, ", ") + ".\n\n"
}
