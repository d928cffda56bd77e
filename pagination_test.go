package twilio_test

import (
	"fmt"
	"net/http"
	"net/url"
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

// TestPageAll goes through the rest of a list, more than once, with the options
// that the page was asked for with.
func TestPageAll(t *testing.T) {
	t.Parallel()
	rt := &pages{}
	rt.answer = func(query url.Values) (int, string) {
		page := query.Get("Page")
		if page == "2" {
			return 200, pageBody("", "CA"+page)
		}
		next := map[string]string{"": "1", "1": "2"}[page]
		return 200, pageBody("/2010-04-01/Accounts/"+mainSID+"/Calls.json?PageToken=t&Page="+next, "CA"+page)
	}
	client := newClient(t, rt)
	first, err := client.Calls.List(t.Context(), twilio.CallListParams{})
	if err != nil {
		t.Fatal(err)
	}
	var meta twilio.ResponseMeta
	page, err := client.Calls.Resume(t.Context(), first.Cursor(), twilio.WithResponseInto(&meta))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		meta = twilio.ResponseMeta{}
		var sids []string
		for call, err := range page.All(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			sids = append(sids, call.SID)
		}
		if fmt.Sprint(sids) != "[CA1 CA2]" || meta.StatusCode != http.StatusOK {
			t.Errorf("got %v, status %d", sids, meta.StatusCode)
		}
	}
	for _, err := range page.All(t.Context()) {
		if err != nil {
			t.Error(err)
		}
		break
	}
}
