package faults

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/golden"
)

// TestFaults lets every operation and every workflow meet every fault, checks
// the rules, and compares the results with docs/FAULTS.md.
func TestFaults(t *testing.T) {
	// There is little on the heap at a time, and much garbage.
	defer debug.SetGCPercent(debug.SetGCPercent(800))
	all, opCases, flowCases := faults(), operationCases(), workflowCases()
	ops, workflows := newTable(all, firstRequest, everyRequest), newTable(all, eachOnce, everyChange, everyRequest)
	for _, c := range opCases {
		ops.add(c.name, c.kind)
		t.Run("undisturbed/"+c.name, func(t *testing.T) {
			res := c.meet(t, fault{}, undisturbed)
			res.check(t, c, fault{}, undisturbed)
		})
	}
	for i := range flowCases {
		workflows.add(flowCases[i].name, workflow)
		t.Run("undisturbed/"+flowCases[i].name, func(t *testing.T) { flowCases[i].runUndisturbed(t) })
	}
	t.Run("met", func(t *testing.T) {
		for i, f := range all {
			t.Run(f.name, func(t *testing.T) {
				t.Parallel()
				for j, c := range opCases {
					if f.listsOnly && !c.hasPages || f.expensive && !c.isRepresentative() {
						continue
					}
					res := c.meet(t, f, everyRequest)
					res.check(t, c, f, everyRequest)
					ops.set(i, j, everyRequest, res.text(c))
					if !f.hasNoRetry(res.sent) {
						res = c.meet(t, f, firstRequest)
						res.check(t, c, f, firstRequest)
					}
					ops.set(i, j, firstRequest, res.text(c))
				}
				for j, c := range flowCases {
					if f.listsOnly || f.expensive {
						continue
					}
					res := c.meet(t, f, everyRequest, 1)
					workflows.set(i, j, everyRequest, res.text)
					if !f.hasNoRetry(res.sent) {
						res = c.meet(t, f, eachOnce, 1)
					}
					workflows.set(i, j, eachOnce, res.text)
					workflows.set(i, j, everyChange, "as without the fault")
					if c.changes {
						workflows.set(i, j, everyChange, c.meet(t, f, everyChange, 1).text)
					}
					if c.isConcurrent {
						c.meet(t, f, eachOnce, 8)
						c.meet(t, f, everyChange, 8)
					}
				}
			})
		}
	})
	if !t.Failed() {
		golden.Compare(t, "../../docs/FAULTS.md", faultsDocument(ops, workflows),
			"go test ./test/faults -run '^TestFaults$' -update")
	}
}

// hasNoRetry reports whether one request was sent, so that it makes no
// difference how many would have met the fault. Requests that net/http sends
// again by itself don't count.
func (f fault) hasNoRetry(sent map[string]int) bool {
	n := 0
	for _, times := range sent {
		n += times
	}
	return n == 1 && !f.http2
}

// isTyped reports whether an error, and each error that is joined in it, is one
// of the package's types.
func isTyped(err error) bool {
	switch e := err.(type) { //nolint:errorlint // what the error is, not what is in it
	case nil, *twilio.Error, *twilio.TransportError, *twilio.ParamError:
		return true
	case interface{ Unwrap() []error }:
		return !slices.ContainsFunc(e.Unwrap(), func(err error) bool { return !isTyped(err) })
	default:
		inner := errors.Unwrap(err)
		return inner != nil && isTyped(inner)
	}
}

// errorText says what the caller gets.
func errorText(err error) string {
	if err == nil {
		return "success"
	}
	text := "`*TransportError`"
	if _, ok := errors.AsType[*twilio.Error](err); ok {
		text = "`*Error`"
	}
	for _, s := range []struct {
		err  error
		name string
	}{
		{twilio.ErrUnauthorized, "ErrUnauthorized"},
		{twilio.ErrForbidden, "ErrForbidden"},
		{twilio.ErrNotFound, "ErrNotFound"},
		{twilio.ErrRateLimited, "ErrRateLimited"},
		{context.DeadlineExceeded, "DeadlineExceeded"},
	} {
		if errors.Is(err, s.err) {
			text += " `" + s.name + "`"
		}
	}
	if errors.Is(err, twilio.ErrOutcomeUnknown) {
		text += ", **unknown**"
	}
	return text
}

// requestsText says what was sent.
func requestsText(sent map[string]int) string {
	var parts []string
	for _, method := range []string{http.MethodPost, http.MethodGet, http.MethodDelete} {
		if n := sent[method]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, method))
		}
	}
	return strings.Join(parts, " + ")
}
