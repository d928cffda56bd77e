package twiliotest

import (
	"cmp"
	"slices"
)

// A position is the place of a record in a list. Lists run from the newest to
// the oldest.
type position struct {
	created int64
	seq     uint64
}

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.created, q.created), cmp.Compare(p.seq, q.seq))
}

// A collection keeps resources of one kind by SID and in the order of lists.
// Its zero value is ready for use.
//
// Seeding adds in any order of dates, so adding only notes that the order is
// lost, and sort restores it before the next read. A page starts from a
// position and not from a count, so that it costs what it returns and stays
// right if entries come and go between two pages.
type collection[T resource] struct {
	bySID   map[string]T
	ordered []T // oldest first
	dirty   bool
}

func (c *collection[T]) get(sid string) (T, bool) {
	item, ok := c.bySID[sid]
	return item, ok
}

// add stores the item and reports whether the collection must now be sorted
// before it is read.
func (c *collection[T]) add(item T) (disturbed bool) {
	if c.bySID == nil {
		c.bySID = make(map[string]T)
	}
	if n := len(c.ordered); n > 0 && !c.dirty {
		c.dirty = positionOf(c.ordered[n-1]).compare(positionOf(item)) > 0
		disturbed = c.dirty
	}
	c.bySID[item.meta().SID] = item
	c.ordered = append(c.ordered, item)
	return disturbed
}

func (c *collection[T]) sort() {
	slices.SortFunc(c.ordered, func(a, b T) int { return positionOf(a).compare(positionOf(b)) })
	c.dirty = false
}

func (c *collection[T]) remove(item T) {
	delete(c.bySID, item.meta().SID)
	if i, ok := c.find(positionOf(item)); ok {
		c.ordered = slices.Delete(c.ordered, i, i+1)
	}
}

func (c *collection[T]) find(p position) (int, bool) {
	return slices.BinarySearchFunc(c.ordered, p, func(item T, p position) int {
		return positionOf(item).compare(p)
	})
}

func positionOf[T resource](item T) position { return item.meta().position() }

// itemsAfter returns the matching items that follow the position in a list, at
// most n, and whether there are more. A nil position is the start of the list.
func (c *collection[T]) itemsAfter(than *position, n int, match func(T) bool) (items []T, more bool) {
	end := len(c.ordered)
	if than != nil {
		end, _ = c.find(*than)
	}
	for i := end - 1; i >= 0; i-- {
		if !match(c.ordered[i]) {
			continue
		}
		if len(items) == n {
			return items, true
		}
		items = append(items, c.ordered[i])
	}
	return items, false
}

// itemsBefore returns the matching items just before the position in a list, at
// most n, in the order of lists.
func (c *collection[T]) itemsBefore(than position, n int, match func(T) bool) []T {
	start, found := c.find(than)
	if found {
		start++
	}
	var items []T
	for i := start; i < len(c.ordered) && len(items) < n; i++ {
		if match(c.ordered[i]) {
			items = append(items, c.ordered[i])
		}
	}
	slices.Reverse(items)
	return items
}
