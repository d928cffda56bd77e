package lenient

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// A mixedItem has the kinds whose reading depends on the item before.
type mixedItem struct {
	uglyItem

	Links    TextMap            `json:"links"`
	MoreMaps map[string]TextMap `json:"more_maps"`
	MapList  []TextMap          `json:"map_list"`
}

// A pageWriter writes pages whose items have nearly the same members, so that
// what one item leaves behind is there to confuse the next.
type pageWriter struct {
	*rand.Rand
	names []string
}

func newPageWriter(seed uint64) *pageWriter {
	w := &pageWriter{rand.New(rand.NewPCG(seed, 0)), []string{"unknown", "TEXT", "te\\u0078t", "n", "next"}}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[mixedItem]()) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
			w.names = append(w.names, name)
		}
	}
	if w.IntN(2) == 0 { // as often as not, few that differ
		w.Shuffle(len(w.names), func(i, j int) { w.names[i], w.names[j] = w.names[j], w.names[i] })
		w.names = append(w.names[:4], "text", "links", "more_maps", "map_list")
	}
	return w
}

func (w *pageWriter) oneOf(texts ...string) string { return texts[w.IntN(len(texts))] }

func (w *pageWriter) space() string {
	if w.IntN(10) > 0 {
		return ""
	}
	return w.oneOf(" ", "\n", "\t\r\n  ")
}

// value is the text of a value, which may be deep.
func (w *pageWriter) value(depth int) string {
	switch n := w.IntN(10); {
	case depth == 0 || n < 5:
		return w.oneOf(`""`, `" "`, `"a"`, `"completed"`, `"CA00000000000000000000000000000001"`, `"`+strings.Repeat("long", 200)+`"`,
			`null`, `true`, `false`, `"True"`, `0`, `-0`, `15`, `-1`, `" 7 "`, `1e2`, `"1E+2"`, `1e-400`, `1e999999999`, `15.0`, `-0.03000`, `"-0.03000"`,
			`9223372036854775808`, `123456789012345678901234567890.5`, `"Thu, 30 Jul 2015 20:00:00 +0000"`, `"2015-07-30"`, `"2015-02-30"`,
			`"\u0000"`, `"{\"a\":\"\u0000"`, `"{\"a\":\"\u0000/A\"}"`, `"\ud800"`, `"\udc00\ud800"`, `"\ud83d\ude00\n"`, `"é☃😀"`, "\"\xff\"", "\"a\xed\xa0\x80b\\n\"")
	case n < 7:
		parent := w.oneOf("/x/1", "/x/2", "/x/33", "/x", "", "/a/a", `\/x\/1`, `/y\\`)
		return w.object(w.IntN(4), func(int) (name, value string) {
			return w.oneOf("a", "b", "/x/1"), `"` + parent + w.oneOf("/A", "/B", "", "/", `/\"b`, `\/z`, `\"b`, "/a/a") + `"`
		})
	case n < 8:
		return w.object(w.IntN(4), func(int) (name, value string) { return w.oneOf(w.names...), w.value(depth - 1) })
	case n < 9:
		return w.oneOf("[]", "{}", "[ ]", "{ }", "[[]]", "[null]")
	default:
		elements := make([]string, 1+w.IntN(3))
		for i := range elements {
			elements[i] = w.space() + w.value(depth-1) + w.space()
		}
		return "[" + strings.Join(elements, ",") + "]"
	}
}

func (w *pageWriter) object(n int, member func(i int) (name, value string)) string {
	members := make([]string, n)
	for i := range members {
		name, value := member(i)
		members[i] = w.space() + `"` + name + `"` + w.space() + ":" + w.space() + value + w.space()
	}
	return "{" + strings.Join(members, ",") + "}"
}

// items are the texts of items that change shape from one to the next.
func (w *pageWriter) items() []string {
	type pair struct{ name, value string }
	var shape []pair
	add := func() { shape = append(shape, pair{w.oneOf(w.names...), w.value(3)}) }
	for range 1 + w.IntN(8) {
		add()
	}
	items := make([]string, 1+w.IntN(8))
	for i := range items {
		switch a, b := w.IntN(len(shape)), w.IntN(len(shape)); w.IntN(8) {
		case 0:
			shape[a], shape[b] = shape[b], shape[a]
		case 1:
			shape[a].value, shape[b].value = shape[b].value, shape[a].value
		case 2:
			add()
		case 3:
			shape = append(shape[:a], shape[min(a+1, len(shape)):]...)
			add()
		}
		items[i] = w.object(len(shape), func(i int) (name, value string) {
			if w.IntN(3) == 0 {
				shape[i].value = w.value(3)
			}
			return shape[i].name, shape[i].value
		})
		if w.IntN(12) == 0 {
			items[i] = w.oneOf("null", `""`, "[]", "7", "[{}]", `"x"`)
		}
	}
	return items
}

// checkPage checks that what isn't JSON is an error, and that each item is what
// it is alone, and stays that when the page's memory has other uses.
func checkPage(t *testing.T, items []string, body []byte) {
	t.Helper()
	text := string(body)
	got, _, problems, err := decodePageOf[mixedItem](body, "x")
	for i := range body {
		body[i] = '#'
	}
	if valid := json.Valid([]byte(text)); (err == nil) != valid {
		t.Errorf("%q: got %v, want valid: %t", text, err, valid)
	}
	if err != nil {
		return
	}
	if len(got) != len(items) {
		t.Fatalf("%q: got %d items", text, len(got))
	}
	for i, item := range items {
		var want mixedItem
		alone, err := Unmarshal([]byte(item), &want)
		if (err != nil) != (got[i] == nil) {
			t.Errorf("%q: item %d is %v, and alone %v", text, i, got[i], err)
			continue
		}
		var noted []*ValueError
		for _, p := range problems {
			if p.Item == i {
				noted = append(noted, p)
			}
		}
		if err != nil {
			if len(noted) != 1 {
				t.Errorf("%q: item %d has problems %v", text, i, noted)
			}
			continue
		}
		if !equalMixedItems(*got[i], want) {
			t.Errorf("%q: item %d is %+v, and alone %+v", text, i, *got[i], want)
		}
		if len(noted) != len(alone) {
			t.Errorf("%q: item %d has problems %v, and alone %v", text, i, noted, alone)
			continue
		}
		for j, p := range alone {
			if path := fmt.Sprintf("x[%d].%s", i, p.Path); noted[j].Path != path && len(path) <= maxPath || noted[j].Text != p.Text {
				t.Errorf("%q: item %d has problem %v, and alone %v", text, i, noted[j], p)
			}
		}
	}
}

func equalMixedItems(a, b mixedItem) bool {
	texts := func(item *mixedItem) (texts []string) {
		texts = append(texts, item.Links.String())
		for _, m := range item.MapList {
			texts = append(texts, m.String())
		}
		maps := map[string]string{}
		for name, m := range item.MoreMaps {
			maps[name] = m.String()
		}
		item.Links, item.MapList, item.MoreMaps = TextMap{}, nil, nil
		return append(texts, fmt.Sprint(maps)) // sorted
	}
	if !reflect.DeepEqual(texts(&a), texts(&b)) || !equalItems(a.uglyItem, b.uglyItem) {
		return false
	}
	a.uglyItem, b.uglyItem = uglyItem{}, uglyItem{}
	return reflect.DeepEqual(a, b)
}

// TestItemsAreReadAsIfAlone: what the items of a page share saves time, and
// changes nothing, whatever the item before looked like.
func TestItemsAreReadAsIfAlone(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2000) {
		checkWrittenPage(t, seed)
	}
}

// FuzzItems does the same for more pages.
func FuzzItems(f *testing.F) {
	f.Add(uint64(0))
	f.Fuzz(checkWrittenPage)
}

func checkWrittenPage(t *testing.T, seed uint64) {
	t.Helper()
	w := newPageWriter(seed)
	items := w.items()
	body := []byte(`{"x":[` + strings.Join(items, ",") + `]}`)
	checkPage(t, items, bytes.Clone(body))
	checkBroken := func(body []byte) {
		if !json.Valid(body) {
			checkPage(t, nil, body)
		}
	}
	checkBroken(body[:w.IntN(len(body))])
	body[w.IntN(len(body))] = "{}[]\",:\\ \x00\xff0a"[w.IntN(13)]
	checkBroken(body)
}
