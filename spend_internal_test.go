package twilio

import (
	"fmt"
	"testing"
)

// What a sum remembers is bounded: at least the window, at most twice.
func TestSeen(t *testing.T) {
	t.Parallel()
	s := newSeen(nil)
	sid := func(i int) string { return fmt.Sprintf("CA%032d", i) }
	const items = 5 * minWindow / 2
	for i := range items {
		if !s.isNew(sid(i)) {
			t.Fatalf("item %d isn't new", i)
		}
	}
	if n := len(s.newer) + len(s.older); n > 2*minWindow {
		t.Errorf("remembers %d items, want at most %d", n, 2*minWindow)
	}
	for i := items - minWindow; i < items; i++ {
		if s.isNew(sid(i)) {
			t.Fatalf("item %d of %d is forgotten", i, items)
		}
	}
	for range 2 {
		if !s.isNew("") {
			t.Error("items without a SID are taken for one")
		}
	}
	if wide := newSeen([]RequestOption{WithParallelism(maxPagesAhead)}); wide.window < 2*maxPagesAhead*maxPageSize {
		t.Errorf("a window of %d, too small for the pages that come in between", wide.window)
	}
}
