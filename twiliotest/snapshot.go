package twiliotest

import (
	"net/http/cookiejar"
	"net/url"
	"reflect"
	"sync"
	"time"

	"github.com/shopspring/decimal"
)

// A Snapshot is what a [Server] held at one moment; see [Server.Snapshot].
type Snapshot struct {
	server *Server
	taken  time.Time // by the clock that the server follows
	undo   []func()
}

// Snapshot returns what the server holds: the accounts and everything in them,
// the time on its clock, what is to happen later, and the faults. The log of
// requests isn't part of it, nor is that of webhooks.
func (s *Server) Snapshot() *Snapshot {
	defer s.state.write()()
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	m := memory{seen: make(map[identity]bool)}
	m.saveFields(reflect.ValueOf(s.state).Elem())
	m.saveFields(reflect.ValueOf(&s.faults).Elem())
	return &Snapshot{server: s, taken: s.state.clock(), undo: m.undo}
}

// Restore makes the server hold again what it held at a snapshot, as often as
// needed and in any order of snapshots. The clock goes back, too, even if it
// follows another. A snapshot of another server is a mistake of the test, and
// panics.
func (s *Server) Restore(snapshot *Snapshot) {
	if snapshot == nil || snapshot.server != s {
		panic("twiliotest: Restore: use a snapshot of this server")
	}
	s.state.mu.Lock()
	defer s.state.unlock()
	s.state.forget()
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	for _, undo := range snapshot.undo {
		undo()
	}
	s.state.offset -= s.state.clock().Sub(snapshot.taken)
}

// A memory saves everything that can be reached from a value, each object
// once, and writes it back to where it was. Objects keep their identity, because
// the functions of events refer to them.
type memory struct {
	seen map[identity]bool
	todo []reflect.Value
	undo []func()
}

// An identity tells objects apart. A struct has the address of its first field,
// and a slice that of its first element.
type identity struct {
	at  uintptr
	of  reflect.Type
	len int
}

// kept are the types of fields that a snapshot leaves as they are.
var kept = map[reflect.Type]bool{
	reflect.TypeFor[background]():   true,
	reflect.TypeFor[changes]():      true,
	reflect.TypeFor[config]():       true,
	reflect.TypeFor[deliverer]():    true,
	reflect.TypeFor[deliveryLog]():  true,
	reflect.TypeFor[encoder]():      true,
	reflect.TypeFor[traffic]():      true,
	reflect.TypeFor[sync.Mutex]():   true,
	reflect.TypeFor[sync.RWMutex](): true,
}

// constants are types whose values refer only to what never changes.
var constants = map[reflect.Type]bool{
	reflect.TypeFor[cookiejar.Jar]():   true, // it does change, but guards itself
	reflect.TypeFor[decimal.Decimal](): true,
	reflect.TypeFor[pairs]():           true,
	reflect.TypeFor[plan]():            true,
	reflect.TypeFor[poolKind]():        true,
	reflect.TypeFor[time.Time]():       true,
	reflect.TypeFor[url.Values]():      true,
}

// saveFields saves the fields of a struct, whose lock the caller holds.
func (m *memory) saveFields(v reflect.Value) {
	for _, field := range v.Fields() {
		if field = writable(field); !kept[field.Type()] {
			m.save(field)
			m.visit(field)
		}
	}
	for len(m.todo) > 0 {
		last := len(m.todo) - 1
		next := m.todo[last]
		m.todo = m.todo[:last]
		m.visit(next)
	}
}

// save remembers a variable.
func (m *memory) save(v reflect.Value) {
	saved := reflect.New(v.Type()).Elem()
	saved.Set(v)
	m.undo = append(m.undo, func() { v.Set(saved) })
}

// visit saves what a value refers to.
func (m *memory) visit(v reflect.Value) {
	if constants[v.Type()] {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || constants[v.Type().Elem()] || !m.first(v, 0) {
			return
		}
		object := reflect.NewAt(v.Type().Elem(), v.UnsafePointer()).Elem()
		m.save(object)
		m.todo = append(m.todo, object)
	case reflect.Interface:
		if v.Elem().Kind() == reflect.Pointer && v.Type() != reflect.TypeFor[reflect.Type]() {
			m.visit(v.Elem())
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			m.visit(writable(field))
		}
	case reflect.Slice:
		if v.Len() == 0 || v.Type().Elem().Kind() == reflect.Uint8 || !m.first(v, v.Len()) {
			return
		}
		saved := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(saved, v)
		elements := v.Slice(0, v.Len())
		m.undo = append(m.undo, func() { reflect.Copy(elements, saved) })
		for i := range v.Len() {
			m.todo = append(m.todo, v.Index(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			m.visit(v.Index(i))
		}
	case reflect.Map:
		if !v.IsNil() && m.first(v, 0) {
			m.visitMap(v)
		}
	default: // has no references, or is a function, which doesn't change
	}
}

func (m *memory) visitMap(v reflect.Value) {
	table := reflect.New(v.Type()).Elem() // v itself changes with its variable
	table.Set(v)
	var keys, values []reflect.Value
	for entries := v.MapRange(); entries.Next(); {
		value := reflect.New(v.Type().Elem()).Elem()
		value.Set(entries.Value())
		keys, values = append(keys, entries.Key()), append(values, value)
	}
	m.undo = append(m.undo, func() {
		table.Clear()
		for i, key := range keys {
			table.SetMapIndex(key, values[i])
		}
	})
	m.todo = append(m.todo, values...)
}

// first reports whether the object wasn't seen before.
func (m *memory) first(v reflect.Value, length int) bool {
	object := identity{v.Pointer(), v.Type(), length}
	seen := m.seen[object]
	m.seen[object] = true
	return !seen
}

// writable returns a field as a variable that can be set even if its name isn't
// exported.
func writable(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), field.Addr().UnsafePointer()).Elem()
}
