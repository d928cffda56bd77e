package lenient

import (
	"bytes"
	"iter"
	"reflect"
	"strings"

	"github.com/go-faster/jx"
)

// A TextMap is an object of texts, kept as the JSON that it was read from:
// every item of a list may have one, and few callers look into any.
//
// Such texts tend to be paths below the same one. That one is kept apart, so
// that the items of a list, whose objects differ in nothing else, share the
// rest.
//
// The zero TextMap stands for no object. A struct of nothing but a TextMap is
// read as one.
type TextMap struct {
	json  string // the object, with a NUL, which JSON can't have, for each above
	above string
}

const above = "\x00"

// String returns the JSON that the map was read from.
func (m TextMap) String() string { return strings.ReplaceAll(m.json, above, m.above) }

// Get returns the text of a name, "" if there is none. Of members with one name
// the last wins.
func (m TextMap) Get(name string) string {
	found := ""
	for member, text := range m.All() {
		if member == name {
			found = text
		}
	}
	return found
}

// All iterates over the names and texts, in the order of the document. A text
// that makes no sense is empty.
func (m TextMap) All() iter.Seq2[string, string] {
	return func(yield func(name, text string) bool) {
		if m.json == "" {
			return
		}
		var names, texts []string
		_, _ = readDocument([]byte(m.String()), func(r *reader) error { // read once without an error
			_, err := r.object("an object", func(name []byte) error {
				names, texts = append(names, r.keep(name)), append(texts, "")
				return r.value("*", reflect.ValueOf(&texts[len(texts)-1]).Elem(), readString)
			})
			return err
		})
		for i, name := range names {
			if !yield(name, texts[i]) {
				return
			}
		}
	}
}

// isTextMap reports whether a type is read as a TextMap, which is then all of
// its memory.
func isTextMap(t reflect.Type) bool {
	textMap := reflect.TypeFor[TextMap]()
	return t == textMap || t.Kind() == reflect.Struct && t.NumField() == 1 && t.Field(0).Type == textMap
}

func readTextMap(r *reader, v reflect.Value) (bool, error) {
	v.SetZero()
	if some, err := r.enter(jx.Object, "an object"); !some {
		return false, err
	}
	object, err := r.Raw()
	if err != nil {
		return false, err
	}
	m := reflect.NewAt(reflect.TypeFor[TextMap](), v.Addr().UnsafePointer()).Interface().(*TextMap)
	*m = r.textMap(object)
	if bytes.ContainsAny(object[1:], "{[") {
		return true, r.noteNoTexts(object)
	}
	return true, nil
}

// textMap keeps an object.
func (r *reader) textMap(object []byte) TextMap {
	path := firstParent(object)
	if len(path) == 0 {
		return TextMap{json: string(object)}
	}
	m := TextMap{above: string(path)}
	switch {
	case r.previous == nil:
		m.json = strings.ReplaceAll(string(object), m.above, above)
	case !isObjectBelow(object, *r.previous, m.above):
		*r.previous = strings.ReplaceAll(string(object), m.above, above)
		fallthrough
	default:
		m.json = *r.previous
	}
	return m
}

// firstParent returns what is before the last slash of the first path in an
// object.
func firstParent(object []byte) []byte {
	_, rest, _ := bytes.Cut(object, []byte(`"/`))
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return nil
	}
	slash := bytes.LastIndexByte(rest[:end], '/')
	if slash < 0 {
		return nil
	}
	at := len(object) - len(rest) - 1
	return object[at : at+1+slash]
}

// isObjectBelow reports whether an object is what textMap makes text of, below
// path.
func isObjectBelow(object []byte, text, path string) bool {
	if strings.Contains(text, path) { // which would have been replaced
		return false
	}
	for {
		literal, rest, more := strings.Cut(text, above)
		switch {
		case !hasPrefix(object, literal):
			return false
		case !more:
			return len(object) == len(literal)
		case !hasPrefix(object[len(literal):], path):
			return false
		}
		object, text = object[len(literal)+len(path):], rest
	}
}

func hasPrefix(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && string(b[:len(prefix)]) == prefix
}

// noteNoTexts notes what isn't a text in an object that may have such.
func (r *reader) noteNoTexts(object []byte) error {
	inner := &reader{Decoder: jx.DecodeBytes(object), problems: r.problems}
	_, err := inner.object("an object", func([]byte) error {
		return inner.value("*", reflect.ValueOf(new(string)).Elem(), readString)
	})
	r.problems = inner.problems
	return err
}
