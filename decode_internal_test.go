package twilio

import (
	"errors"
	"reflect"
	"runtime"
	"strconv"
	"testing"
)

// TestIdentities: the body of an error isn't taken for a resource that has no
// sid and a status.
func TestIdentities(t *testing.T) {
	t.Parallel()
	type participant struct {
		CallSID string `json:"call_sid"`
		Status  string `json:"status"`
	}
	id := identityOf(reflect.TypeFor[participant]())
	for v, want := range map[participant]bool{{}: false, {Status: "404"}: false, {CallSID: "CA1"}: true, {CallSID: "CA1", Status: "x"}: true} {
		if got := id.isIn(reflect.ValueOf(v)); got != want {
			t.Errorf("%+v: %t", v, got)
		}
	}
}

// TestManyOddItems: the error of a page takes memory in proportion to its
// items, and leaves the errors of the items as they are.
//
//nolint:paralleltest // measures memory
func TestManyOddItems(t *testing.T) {
	p := &page{items: make([]any, 5000)}
	for i := range p.items {
		p.items[i] = &oddItem{err: &DecodeError{Fields: []FieldError{{Path: strconv.Itoa(i)}}}}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	items, err := p.takeItems()
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / 5000; got > 500 {
		t.Errorf("%d bytes for an item", got)
	}
	e, ok := errors.AsType[*DecodeError](err)
	if !ok || len(items) != 0 || len(e.Fields) != 5000 || e.Fields[4999].Path != "4999" {
		t.Errorf("got %d items, %v", len(items), err)
	}
	for i, item := range p.odd {
		if fields := item.(*oddItem).err.Fields; len(fields) != 1 || fields[0].Path != strconv.Itoa(i) {
			t.Fatalf("item %d has %v", i, fields)
		}
	}
}
