package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An input is the names and values that a control endpoint gets, from a form or
// from an object of JSON. An endpoint reads each that it knows and then asks
// finish whether there was another, so that a misspelt name is never ignored.
type input struct {
	values map[string]string
	known  []string
	err    error // the first of a value
}

// maxInput bounds the body of a request; a seed may be large.
const maxInput = 256 << 20

func readInput(w http.ResponseWriter, r *http.Request) (*input, error) {
	body, isJSON, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	in := &input{values: make(map[string]string)}
	forms := []string{r.URL.RawQuery}
	if isJSON {
		var object map[string]any
		if err := decode(body, &object); err != nil {
			return nil, err
		}
		if in, err = inputOf(object); err != nil {
			return nil, err
		}
	} else {
		forms = append(forms, string(body))
	}
	for _, encoded := range forms {
		form, err := url.ParseQuery(encoded)
		if err != nil {
			return nil, fmt.Errorf("the form can't be read: %w", err)
		}
		for name, values := range form {
			if _, ok := in.values[name]; ok || len(values) > 1 {
				return nil, fmt.Errorf("%q is set twice", name)
			}
			if plusAsSpace.MatchString(values[0]) {
				return nil, fmt.Errorf("%s is %q; encode + as %%2B, as curl does with --data-urlencode", name, values[0])
			}
			in.values[name] = values[0]
		}
	}
	return in, nil
}

// plusAsSpace is a phone number in a form whose + wasn't encoded.
var plusAsSpace = regexp.MustCompile(`^ [0-9]{7,15}$`)

// readBody returns the body of a request, which is a form unless it is JSON.
// With net/http's own ParseForm, the form of a DELETE would be ignored, as would
// a body without a Content-Type.
func readBody(w http.ResponseWriter, r *http.Request) (body []byte, isJSON bool, err error) {
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxInput))
	if err != nil {
		return nil, false, err
	}
	header := r.Header.Get("Content-Type")
	switch kind, _, _ := mime.ParseMediaType(header); {
	case kind == "application/json":
		return body, true, nil
	case kind == "application/x-www-form-urlencoded", header == "" && len(body) == 0:
		return body, false, nil
	}
	return nil, false, fmt.Errorf("Content-Type is %q; use application/json or application/x-www-form-urlencoded", header)
}

// decode reads one object of JSON, with numbers as they are written. Errors name
// the line.
func decode(body []byte, to any) error {
	line := func(offset int64) int { return 1 + bytes.Count(body[:min(offset, int64(len(body)))], []byte("\n")) }
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(to); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return fmt.Errorf("the JSON has a value of type %s in line %d, where %s is expected", wrong.Value, line(wrong.Offset), expected[wrong.Type.Kind()])
		}
		at := int64(len(body))
		if wrong, ok := errors.AsType[*json.SyntaxError](err); ok {
			at = wrong.Offset
		}
		return fmt.Errorf("the JSON can't be read in line %d: %w", line(at), err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("the JSON can't be read in line %d: more follows its first value", line(decoder.InputOffset()))
	}
	if string(bytes.TrimSpace(body)) == "null" {
		return errors.New("the JSON is null, where an object is expected")
	}
	return checkNames(json.NewDecoder(bytes.NewReader(body)))
}

// expected are the kinds of values that documents are decoded into.
var expected = map[reflect.Kind]string{reflect.Map: "an object", reflect.Slice: "a list"}

// checkNames refuses an object that has a name twice, where encoding/json takes
// the last. The JSON is known to be valid.
func checkNames(decoder *json.Decoder) error {
	start, err := decoder.Token()
	if err != nil {
		return err
	}
	if _, ok := start.(json.Delim); !ok {
		return nil
	}
	names := make(map[json.Token]bool)
	for decoder.More() {
		if start == json.Delim('{') {
			name, err := decoder.Token()
			if err != nil {
				return err
			}
			if names[name] {
				return fmt.Errorf("%q is set twice", name)
			}
			names[name] = true
		}
		if err := checkNames(decoder); err != nil {
			return err
		}
	}
	_, err = decoder.Token() // the end
	return err
}

// inputOf reads an object of JSON. A field that is null is absent.
func inputOf(object map[string]any) (*input, error) {
	in := &input{values: make(map[string]string, len(object))}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		switch value := object[name].(type) {
		case nil:
		case string:
			in.values[name] = value
		case json.Number, bool:
			in.values[name] = fmt.Sprint(value)
		default:
			return nil, fmt.Errorf("%s must be a string, a number or a boolean", name)
		}
	}
	return in, nil
}

// text returns a value, or an empty string.
func (in *input) text(name string) string {
	in.known = append(in.known, name)
	return in.values[name]
}

// setText reads a value into a variable.
func setText[T ~string](in *input, name string, to *T) { *to = T(in.text(name)) }

// parse reads a value into a variable, if it is present.
func parse[T any](in *input, name string, to *T, from func(string) (T, error)) {
	text := in.text(name)
	if text == "" {
		return
	}
	value, err := from(text)
	if err != nil {
		in.refuse(fmt.Errorf("%s: %w", name, err))
		return
	}
	*to = value
}

// refuse notes what is wrong, if it is the first thing.
func (in *input) refuse(err error) {
	if in.err == nil {
		in.err = err
	}
}

// finish returns what is wrong with the input: a name that nothing has read, or
// a value.
func (in *input) finish() error {
	for _, name := range slices.Sorted(maps.Keys(in.values)) {
		switch {
		case slices.Contains(in.known, name):
		case len(in.known) == 0:
			return fmt.Errorf("%q is unknown; nothing can be set here", name)
		default:
			return fmt.Errorf("%q is unknown; use %s", name, strings.Join(in.known, ", "))
		}
	}
	return in.err
}

// How values are read, with an error for people.

func parseWhole(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", text)
	}
	return n, nil
}

func parseNumber(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is not a number", text)
	}
	return f, nil
}

func parseBool(text string) (bool, error) {
	b, err := strconv.ParseBool(text)
	if err != nil {
		return false, fmt.Errorf("%q is neither true nor false", text)
	}
	return b, nil
}

func parseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is not a duration such as 90s or 1m", text)
	}
	return d, nil
}
