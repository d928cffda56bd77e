package twiliotest

import (
	"cmp"
	"iter"
	"slices"
)

// A position is the place of a record in a list. Lists run from the newest to
// the oldest.
type position struct {
	created int64 // in microseconds, which reach further than nanoseconds
	seq     uint64
}

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.created, q.created), cmp.Compare(p.seq, q.seq))
}

// A collection keeps resources of one kind by SID and in the order of lists.
// Its zero value is ready for use.
//
// The order is kept in blocks of a bounded size, so that adding and removing
// cost the same however much is stored, in any order of dates. A page starts
// from a position and not from a count, so that it costs what it returns and
// stays right if entries come and go between two pages.
type collection[T resource] struct {
	bySID  map[string]T
	blocks [][]T // oldest first; none is empty
}

const maxBlock = 512

func (c *collection[T]) get(sid string) (T, bool) {
	item, ok := c.bySID[sid]
	return item, ok
}

func (c *collection[T]) len() int { return len(c.bySID) }

func (c *collection[T]) add(item T) {
	if c.bySID == nil {
		c.bySID = make(map[string]T)
	}
	c.bySID[item.meta().SID] = item
	if len(c.blocks) == 0 {
		c.blocks = [][]T{{item}}
		return
	}
	b, i, _ := c.find(positionOf(item))
	block := slices.Insert(c.blocks[b], i, item)
	c.blocks[b] = block
	if len(block) < maxBlock {
		return
	}
	// A full last block stays as it is, since most items are the newest.
	half := len(block) / 2
	if b == len(c.blocks)-1 && i == len(block)-1 {
		half = len(block) - 1
	}
	c.blocks = slices.Insert(c.blocks, b+1, slices.Clone(block[half:]))
	clear(block[half:])
	c.blocks[b] = block[:half]
}

func (c *collection[T]) remove(item T) {
	b, i, ok := c.find(positionOf(item))
	if !ok {
		return
	}
	delete(c.bySID, item.meta().SID)
	c.blocks[b] = slices.Delete(c.blocks[b], i, i+1)
	if len(c.blocks[b]) == 0 {
		c.blocks = slices.Delete(c.blocks, b, b+1)
	}
}

// find returns the block and the index in it at which the position is, or where
// it would be inserted.
func (c *collection[T]) find(p position) (b, i int, ok bool) {
	b, ok = slices.BinarySearchFunc(c.blocks, p, func(block []T, p position) int {
		return positionOf(block[0]).compare(p)
	})
	if ok {
		return b, 0, true
	}
	if b == 0 {
		return 0, 0, false
	}
	b--
	i, ok = slices.BinarySearchFunc(c.blocks[b], p, func(item T, p position) int {
		return positionOf(item).compare(p)
	})
	return b, i, ok
}

func positionOf[T resource](item T) position { return item.meta().position() }

// all yields the items from the oldest to the newest.
func (c *collection[T]) all() iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, block := range c.blocks {
			for _, item := range block {
				if !yield(item) {
					return
				}
			}
		}
	}
}

// before yields the items that are older than the position, newest first.
func (c *collection[T]) before(b, i int) iter.Seq[T] {
	return func(yield func(T) bool) {
		for ; b >= 0 && b < len(c.blocks); b-- {
			for i--; i >= 0; i-- {
				if !yield(c.blocks[b][i]) {
					return
				}
			}
			if b > 0 {
				i = len(c.blocks[b-1])
			}
		}
	}
}

// after yields the items from a place on, oldest first.
func (c *collection[T]) after(b, i int) iter.Seq[T] {
	return func(yield func(T) bool) {
		for ; b < len(c.blocks); b, i = b+1, 0 {
			for ; i < len(c.blocks[b]); i++ {
				if !yield(c.blocks[b][i]) {
					return
				}
			}
		}
	}
}

// newest returns the newest item.
func (c *collection[T]) newest() (item T, ok bool) {
	if len(c.blocks) == 0 {
		return item, false
	}
	last := c.blocks[len(c.blocks)-1]
	return last[len(last)-1], true
}

// itemsAfter returns the matching items that follow the position in a list, at
// most n, and whether there are more. A nil position is the start of the list.
func (c *collection[T]) itemsAfter(p *position, n int, match func(T) bool) (items []T, more bool) {
	b := len(c.blocks) - 1
	if b < 0 {
		return nil, false
	}
	i := len(c.blocks[b])
	if p != nil {
		b, i, _ = c.find(*p)
	}
	for item := range c.before(b, i) {
		if !match(item) {
			continue
		}
		if len(items) == n {
			return items, true
		}
		items = append(items, item)
	}
	return items, false
}

// itemsBefore returns the matching items just before the position in a list, at
// most n, in the order of lists.
func (c *collection[T]) itemsBefore(p position, n int, match func(T) bool) []T {
	b, i, found := c.find(p)
	if found {
		i++
	}
	var items []T
	for item := range c.after(b, i) {
		if len(items) == n {
			break
		}
		if match(item) {
			items = append(items, item)
		}
	}
	slices.Reverse(items)
	return items
}
