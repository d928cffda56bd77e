package lenient

import (
	"bytes"
	"iter"
	"reflect"
	"strings"
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
	return t == textMap || t.Kind() == reflect.Struct && t.Size() == textMap.Size() && t.Field(t.NumField()-1).Type == textMap
}

func readTextMap(r *reader, v reflect.Value) (bool, error) {
	v.SetZero()
	if some, err := r.want(kindObject, "an object"); !some {
		return false, err
	}
	m := reflect.NewAt(reflect.TypeFor[TextMap](), v.Addr().UnsafePointer()).Interface().(*TextMap)
	if r.previous != nil {
		if path, ok := r.objectBelow(*r.previous); ok {
			*m = TextMap{json: *r.previous, above: r.share(path)}
			return true, nil
		}
	}
	object, err := r.raw()
	if err != nil {
		return false, err
	}
	isNested := bytes.IndexByte(object[1:], '{') >= 0 || bytes.IndexByte(object, '[') >= 0
	m.json = string(object)
	if path := firstParent(object); len(path) > 0 {
		m.above = r.share(path)
		m.json = strings.ReplaceAll(m.json, m.above, above)
		if r.previous != nil && !isNested {
			*r.previous = m.json
		}
	}
	if isNested {
		return true, r.noteNoTexts(object)
	}
	return true, nil
}

// firstParent returns what is before the last slash of the first path in an
// object.
func firstParent(object []byte) []byte {
	before, rest, _ := bytes.Cut(object, []byte(`"/`))
	path, _, found := bytes.Cut(rest, []byte{'"'})
	slash := bytes.LastIndexByte(path, '/')
	if !found || slash < 0 {
		return nil
	}
	start := len(before) + 1
	return object[start : start+1+slash]
}

// objectBelow reads an object that differs in its path from the one that text
// was made of, and returns the path. It reports false, with nothing read, for
// any other.
func (r *reader) objectBelow(text string) (path []byte, ok bool) {
	rest := r.body[r.at:]
	start, _, found := strings.Cut(text, above)
	if !found || !hasPrefix(rest, start) {
		return nil, false
	}
	first := rest[len(start)-1:] // the quote of the first path, and the rest
	path = firstParent(first[:min(len(first), plainLen(first[1:])+2)])
	if len(path) == 0 {
		return nil, false
	}
	for {
		literal := text
		end := strings.IndexByte(text, above[0])
		if end >= 0 {
			literal = text[:end]
		}
		if !hasPrefix(rest, literal) || len(literal) >= len(path) && strings.Contains(literal, string(path)) {
			return nil, false
		}
		rest = rest[len(literal):]
		if end < 0 {
			r.at = len(r.body) - len(rest)
			return path, true
		}
		if !bytes.HasPrefix(rest, path) {
			return nil, false
		}
		rest, text = rest[len(path):], text[end+1:]
	}
}

func hasPrefix(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && string(b[:len(prefix)]) == prefix
}

// noteNoTexts notes what isn't a text in an object that may have such.
func (r *reader) noteNoTexts(object []byte) error {
	inner := &reader{body: object, problems: r.problems}
	_, err := inner.object("an object", func([]byte) error {
		return inner.value("*", reflect.ValueOf(new(string)).Elem(), readString)
	})
	r.problems = inner.problems
	return err
}
