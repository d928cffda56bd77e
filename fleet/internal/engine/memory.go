package engine

import (
	"context"
	"sync"
	"time"
)

// Memory holds the locks of a database that only one process uses.
type Memory struct {
	mu      sync.Mutex
	slots   map[int]bool
	keys    map[string]bool
	workers map[string]bool
	limit   Limit
}

// NewMemory returns locks that nobody holds.
func NewMemory() *Memory {
	return &Memory{slots: map[int]bool{}, keys: map[string]bool{}, workers: map[string]bool{}, limit: Limit{Value: Unlimited}}
}

// Join returns the locks of a worker.
func (m *Memory) Join(worker string) Locks {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.workers[worker] = true
	session, end := context.WithCancel(context.Background()) //nolint:forbidigo // it ends with Close
	return &memoryLocks{Memory: m, worker: worker, held: map[string]int{}, session: session, end: end}
}

type memoryLocks struct {
	*Memory
	worker string
	held   map[string]int // slots by key

	session context.Context //nolint:containedctx // ends with Close
	end     context.CancelFunc
}

func (l *memoryLocks) TryAcquire(_ context.Context, bound int, key string) (Grant, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	grant := Grant{Key: key, Limit: l.limit, Now: time.Now().UnixMilli(), Held: l.session}
	if l.keys[key] {
		grant.KeyBusy = true
		return grant, nil
	}
	for slot := 1; slot <= l.limit.Of(bound); slot++ {
		if !l.slots[slot] {
			l.slots[slot], l.keys[key], l.held[key] = true, true, slot
			grant.Slot = slot
			break
		}
	}
	return grant, nil
}

func (l *memoryLocks) Release(grant Grant) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.release(grant.Key)
}

func (l *memoryLocks) release(key string) {
	if slot, ok := l.held[key]; ok {
		delete(l.slots, slot)
		delete(l.keys, key)
		delete(l.held, key)
	}
}

func (l *memoryLocks) UpdateLimit(_ context.Context, change func(Limit, int64) Limit) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit = change(l.limit, time.Now().UnixMilli())
	return nil
}

func (l *memoryLocks) Alive(context.Context, []string) (map[string]bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	alive := map[string]bool{}
	for worker := range l.workers {
		alive[worker] = true
	}
	return alive, nil
}

func (l *memoryLocks) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key := range l.held {
		l.release(key)
	}
	delete(l.workers, l.worker)
	l.end()
}
