package twilio_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

func TestPagesAndCursors(t *testing.T) {
	t.Parallel()
	srv := fakeWithManyCalls(t, 10)
	for _, limit := range []int{0, 3, 4, 5, 99} {
		t.Run(fmt.Sprintf("limit %d", limit), func(t *testing.T) {
			t.Parallel()
			params := twilio.CallListParams{PageSize: 2, Limit: limit}
			want, err := listSIDs(t, srv.Client(), params)
			if n := min(max(limit, 10*(1-min(limit, 1))), 10); err != nil || len(want) != n {
				t.Fatalf("%d items, %v; want %d", len(want), err, n)
			}
			page, err := srv.Client().Calls.List(t.Context(), params)
			var byCursor []string
			for {
				if err != nil {
					t.Fatal(err)
				}
				byCursor = append(byCursor, sidsOf(page.Items)...)
				cursor := page.Cursor()
				if page.HasNext() != (cursor != "") {
					t.Fatalf("HasNext %t and cursor %q", page.HasNext(), cursor)
				}
				if cursor == "" {
					break
				}
				// A cursor can be used more than once, and in another process.
				next, err1 := page.Next(t.Context())
				page, err = srv.Client().Calls.Resume(t.Context(), cursor)
				if err1 != nil || err != nil || !slices.Equal(sidsOf(next.Items), sidsOf(page.Items)) {
					t.Fatalf("Next and Resume differ: %v, %v", err1, err)
				}
			}
			if !slices.Equal(byCursor, want) {
				t.Errorf("by cursors %v\nwant %v", byCursor, want)
			}
			if _, err := page.Next(t.Context()); !isParamError(err, "Next") {
				t.Errorf("Next on the last page: %v", err)
			}
		})
	}
	if page := new(twilio.Page[twilio.Call]); page.HasNext() || page.Cursor() != "" {
		t.Error("an empty page has a next one")
	} else if _, err := page.Next(t.Context()); !isParamError(err, "Next") {
		t.Errorf("Next of an empty page: %v", err)
	}
}
