package lenient

import (
	"maps"
	"reflect"
	"strings"
	"testing"
	"unsafe"
)

type linkedItem struct {
	SID   string  `json:"sid"`
	Links TextMap `json:"links"`
}

// TestTextMapsOfAList: items share what their objects have in common, and each
// has its own paths, whatever the object before it was.
func TestTextMapsOfAList(t *testing.T) {
	t.Parallel()
	objects := []string{
		`{"a":"/x/1/A","b":"/x/1/B"}`,
		`{"a":"/x/2/A","b":"/x/2/B"}`,
		`{"a":"/x/33/A","b":"/x/33/B"}`,
		`{"a":"/x/4/A","b":"/y/4/B"}`,
		`{"a":"/y/4/A","b":"/y/4/B"}`,
		`{"a":"/x/4/A"}`,
		`{"a":"/x/4/A","b":"/x/4/B","c":"/x/4/C"}`,
		`{"a":"/x/4/A/","b":"/x/4/B","c":"/x/4/C"}`,
		`{"a":"","b":"/x/4/B"}`,
		`{}`,
		`{"a":"/x/2/A", "b":"/x/2/B"}`,
		`{"a":"/x\\/1/A","b":"/x\\"}`,
		`{"a":"/x\u002f/1/A","b":"/x"}`,
	}
	body := `{"items":[{"links":` + strings.Join(objects, `},{"links":`) + `}]}`
	items, _, _, err := decodePageOf[linkedItem]([]byte(body), "items")
	if err != nil || len(items) != len(objects) {
		t.Fatal(items, err)
	}
	for i, object := range objects {
		want := map[string]string{}
		var alone TextMap
		if err := decode([]byte(object), &want); err != nil {
			t.Fatal(err)
		}
		if err := decode([]byte(object), &alone); err != nil || alone != items[i].Links {
			t.Errorf("%s is %q on the page, and %q alone, %v", object, items[i].Links, alone, err)
		}
		if got := items[i].Links; got.String() != object || !maps.Equal(maps.Collect(got.All()), want) {
			t.Errorf("got %v, want %s", got, object)
		}
	}
	for i, same := range []bool{true, true, false} {
		a, b := items[i].Links.json, items[i+1].Links.json
		if (unsafe.StringData(a) == unsafe.StringData(b)) != same {
			t.Errorf("items %d and %d: shared is not %t", i, i+1, same)
		}
	}
}

// TestLongTextMapIsComparedOnce, with the next item: the time of a page is in
// proportion to its size.
func TestLongTextMapIsComparedOnce(t *testing.T) {
	t.Parallel()
	body := `{"items":[{"links":{"a":"/x/1/A"}},{"links":{}},{"links":{"a":"/x/1/A"}}]}`
	items, _, _, err := decodePageOf[linkedItem]([]byte(body), "items")
	if err != nil || len(items) != 3 || items[0].Links != items[2].Links {
		t.Fatal(items, err)
	}
	if a, b := items[0].Links.json, items[2].Links.json; unsafe.StringData(a) == unsafe.StringData(b) {
		t.Error("the third is compared with the first")
	}
}

// TestTextMapInPlaceOfAText checks that a string which looks like the memory of
// a TextMap isn't mistaken for one if an item's members change their order.
func TestTextMapInPlaceOfAText(t *testing.T) {
	t.Parallel()
	for _, sid := range []string{`\u0000`, `{\"a\":\"\u0000`, `{\"a\":\"\u0000/A\"}`, `{\"a\":\"\u0000/A\",`} {
		body := `{"items":[{"sid":"` + sid + `","links":{}},{"links":{"a":"/x/1/A"},"sid":"x"}]}`
		items, _, problems, err := decodePageOf[linkedItem]([]byte(body), "items")
		if err != nil || len(problems) > 0 || len(items) != 2 || items[1].Links.String() != `{"a":"/x/1/A"}` || items[1].SID != "x" {
			t.Errorf("%s: got %v, %v, %v", sid, items, problems, err)
		}
		var byName struct {
			Items []struct {
				Maps map[string]TextMap `json:"maps"`
			} `json:"items"`
		}
		body = `{"items":[{"maps":{"` + sid + `":{"a":"/x/1/A"}}}]}`
		if err := decode([]byte(body), &byName); err != nil {
			t.Errorf("%s: %v", sid, err)
		}
	}
}

// TestEscapesInTheParentOfATextMap aren't split: half of one would make JSON of
// what isn't.
func TestEscapesInTheParentOfATextMap(t *testing.T) {
	t.Parallel()
	body := `{"items":[{"links":{"a":"/y\/z","b":"/y\"abc"}},{"links":{"a":"/q/z","b":"/q"abc"}}]}`
	if items, _, _, err := decodePageOf[linkedItem]([]byte(body), "items"); err == nil {
		t.Errorf("got %v", items)
	}
}

// TestStructOfATextMap is read as one.
func TestStructOfATextMap(t *testing.T) {
	t.Parallel()
	type links struct{ m TextMap }
	var got struct {
		Links  links
		Before string
		Ptr    *links
	}
	err := decode([]byte(`{"Links":{"a":"/b"},"Before":"x","Ptr":{"a":"/c"}}`), &got)
	if err != nil || got.Links.m.Get("a") != "/b" || got.Ptr.m.Get("a") != "/c" || got.Before != "x" {
		t.Errorf("got %+v, %v", got, err)
	}
	if err := decode([]byte(`{"Links":null}`), &got); err != nil || !reflect.ValueOf(got.Links).IsZero() {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestNonsenseInATextMap costs the text that makes no sense, and no other.
func TestNonsenseInATextMap(t *testing.T) {
	t.Parallel()
	items, _, problems, err := decodePageOf[linkedItem]([]byte(`{"items":[{"sid":"x","links":{"a":[{}],"b":"/x/y","c":{}}},{"sid":"x","links":{"a":[{}],"b":"/x/y","c":{}}}]}`), "items")
	want := "items[0].links.*: want a string, got an array; items[0].links.*: want a string, got an object"
	want += "; " + strings.ReplaceAll(want, "[0]", "[1]")
	var texts []string
	for _, p := range problems {
		texts = append(texts, p.Error())
	}
	if got := strings.Join(texts, "; "); err != nil || got != want {
		t.Errorf("got %s, %v", got, err)
	}
	for _, item := range items {
		if m := item.Links; m.Get("a") != "" || m.Get("b") != "/x/y" || item.SID != "x" {
			t.Errorf("got %v", m)
		}
	}
}
