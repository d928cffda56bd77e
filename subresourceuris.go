package twilio

import (
	"encoding/json"
	"iter"
	"maps"
	"strconv"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/lenient"
)

// SubresourceURIs are the paths of what belongs to a resource, by name, such as
// "recordings" of an account. [Client.Do] requests them.
//
// They are kept as the JSON that Twilio sent, most of which the items of a list
// share, and are decoded when you ask for them. The zero value has none.
// Compare two with [SubresourceURIs.Equal]; the compiler refuses ==, because
// the same paths may be spaced differently.
type SubresourceURIs struct {
	_     [0]func() // no ==
	paths lenient.TextMap
}

// Get returns the path of a name; it is empty if there is none.
func (s SubresourceURIs) Get(name string) string { return s.paths.Get(name) }

// All iterates over the names and paths, in Twilio's order.
func (s SubresourceURIs) All() iter.Seq2[string, string] { return s.paths.All() }

// Equal reports whether two have the same names with the same paths. Libraries
// that compare values, such as go-cmp, call it.
func (s SubresourceURIs) Equal(other SubresourceURIs) bool {
	return s.paths == other.paths || maps.Equal(maps.Collect(s.All()), maps.Collect(other.All()))
}

// String counts the paths, and shows none of them.
func (s SubresourceURIs) String() string {
	n := 0
	for range s.All() {
		n++
	}
	return "twilio.SubresourceURIs(" + strconv.Itoa(n) + " paths)"
}

// GoString is String, for %#v.
func (s SubresourceURIs) GoString() string { return s.String() }

// MarshalJSON writes an object with the names and paths, or null for the zero
// value.
func (s SubresourceURIs) MarshalJSON() ([]byte, error) {
	if s.paths == (lenient.TextMap{}) {
		return []byte("null"), nil
	}
	return json.Marshal(maps.Collect(s.All()))
}

// UnmarshalJSON reads an object. A path that makes no sense is empty, and is
// reported in a [*DecodeError].
func (s *SubresourceURIs) UnmarshalJSON(data []byte) error { return unmarshal(data, s) }
