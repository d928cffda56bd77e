package faults

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A table has the results of operations or workflows that met faults. Those
// with the same results share a section of it, and within a section faults with
// the same results share a row.
type table struct {
	faults    []fault
	exposures []exposure // the columns

	mu       sync.Mutex
	sections []*tableSection // one for each operation or workflow
}

// A tableSection has the results of some operations or workflows, which are the
// same as far as they meet the same faults.
type tableSection struct {
	names []string
	kinds []kind
	cells [][]string // by fault, then by exposure; nil where they don't meet
}

func newTable(faults []fault, exposures ...exposure) *table {
	return &table{faults: faults, exposures: exposures}
}

// add adds an operation or a workflow.
func (t *table) add(name string, k kind) {
	t.sections = append(t.sections, &tableSection{[]string{name}, []kind{k}, make([][]string, len(t.faults))})
}

// set fills a cell.
func (t *table) set(fault, section int, e exposure, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	cells := t.sections[section].cells
	if cells[fault] == nil {
		cells[fault] = make([]string, len(t.exposures))
	}
	cells[fault][slices.Index(t.exposures, e)] = text
}

// merge adds another section to this one and reports true, if the results of
// both are the same as far as they meet the same faults.
func (s *tableSection) merge(other *tableSection) bool {
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
	var sections []*tableSection
	for _, s := range t.sections {
		if !slices.ContainsFunc(sections, func(section *tableSection) bool { return section.merge(s) }) {
			sections = append(sections, s)
		}
	}
	var b strings.Builder
	for _, s := range sections {
		b.WriteString("\n### " + s.title() + "\n\n" + s.describe() + "| fault |")
		for _, e := range t.exposures {
			b.WriteString(" " + e.String() + " |")
		}
		b.WriteString("\n|---|" + strings.Repeat("---|", len(t.exposures)) + "\n")
		t.rows(&b, s)
	}
	return b.String()
}

// rows writes the rows of a section.
func (t *table) rows(b *strings.Builder, s *tableSection) {
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

// faultsDocument is docs/FAULTS.md.
func faultsDocument(operations, workflows *table) string {
	return `# The result of every request when something fails

` + "`TestFaults`" + ` writes this file, and fails where it is out of date:

    go test ./test/faults -run '^TestFaults$' -update

The client has its default settings: 3 retries, and 31 s for each attempt. A
cell says what the caller gets, which requests were sent and, for changes,
whether they have taken effect in the in-memory Twilio (done). **Unknown** means
that the error matches ` + "`ErrOutcomeUnknown`" + `. In every cell:

- a create is processed at most once, and its outcome is reported as unknown
  exactly where it may have been processed and the client can't tell;
- every retry is the same request as the first attempt;
- every error is a ` + "`*Error` or a `*TransportError`" + `, or joins such errors;
- the method returns when its context ends;
- no goroutine and no connection is leaked.

Operations with the same results share a section, and faults with the same
results share a row.

## Operations
` + operations.String() + `
## Workflows

The columns say which requests meet the fault: each one, but only the first time
that it is sent; every request that changes something; or every request.

Whatever the result of a workflow, running it again without the fault leads to
the same state as a run without any fault.
` + workflows.String()
}

// title says what the operations of a section are.
func (s *tableSection) title() string {
	if s.kinds[0] == workflow {
		return strings.Join(s.names, ", ")
	}
	var kinds []string
	for _, k := range s.kinds {
		kinds = append(kinds, k.String())
	}
	text := strings.Join(kinds, " and ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// describe names the operations of a section.
func (s *tableSection) describe() string {
	if s.kinds[0] == workflow {
		return ""
	}
	return strings.Join(s.names, ", ") + ".\n\n"
}
