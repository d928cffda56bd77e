package twilio

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
)

// A cursor is a position in a list, as it is encoded.
type cursor struct {
	List string `json:"list"`
	Left int    `json:"left"`
	position
	Then *position `json:"then,omitempty"` // the list to continue with
}

// A position is a page of a list, and the date ranges that apply to it.
type position struct {
	URI    string      `json:"uri"`
	Ranges []timeRange `json:"ranges,omitempty"`
}

// nextCursor returns the position of the page after p.
func (p *page) nextCursor() string {
	switch {
	case !p.hasNext():
		return ""
	case p.nextURI == "":
		rest := p.query.rest
		return rest.cursor(rest.first.url.RequestURI(), p.remaining)
	default:
		return p.query.cursor(p.nextURI, p.remaining)
	}
}

// cursor returns the position of p itself.
func (p *page) cursor() string { return p.query.cursor(p.uri, p.before) }

func (q *query) cursor(uri string, remaining int) string {
	if q.first.list == "" { // no method resumes such a list
		return ""
	}
	c := cursor{List: q.first.name, Left: remaining, position: position{URI: uri, Ranges: q.ranges}}
	if q.rest != nil {
		c.Then = &position{URI: q.rest.first.url.RequestURI(), Ranges: q.rest.ranges}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "" // a time after the year 9999, which no list has
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// resumed prepares a list that continues at a cursor.
func (e endpoint) resumed(text string, opts []RequestOption, args ...string) *query {
	q := &query{first: e.request("list", http.MethodGet, nil, opts, args)}
	if q.first.config.form != nil {
		q.first.err = firstError(q.first.err, &ParamError{Field: "WithForm", Reason: "doesn't apply to a cursor, which has its list's filters; leave it out"})
	}
	if q.first.err == nil {
		q.first.err = q.resumeAt(text)
	}
	return q
}

func (q *query) resumeAt(text string) error {
	c, err := parseCursor(text)
	switch {
	case err != nil:
		return err
	case c.List != q.first.name:
		return errOtherCursor()
	}
	if c.Then != nil {
		rest := *q.first
		q.rest = &query{first: &rest}
		if err := q.rest.moveTo(*c.Then); err != nil {
			return err
		}
	}
	q.remaining = c.Left
	return q.moveTo(c.position)
}

// moveTo makes a position the first page of the list. Cursors may come from
// untrusted places, so one never leads to another list.
func (q *query) moveTo(p position) error {
	u, err := url.Parse(p.URI)
	if err != nil || u.IsAbs() || u.Host != "" {
		return errNoCursor()
	}
	if u, err = q.locate(p.URI); err != nil {
		return errOtherCursor()
	}
	q.first.url, q.first.form, q.ranges = u, nil, p.Ranges
	return nil
}

// hasDates reports whether items have n dates to filter by; 0 is for no filter.
func (q *query) hasDates(n int) bool {
	if n == 0 {
		return true
	}
	item, ok := reflect.TypeAssert[dated](reflect.New(q.first.item))
	return ok && len(item.dates()) == n
}

func errNoCursor() error {
	return &ParamError{Field: "cursor", Reason: "isn't valid; pass the Cursor of a page or an error"}
}

func errOtherCursor() error {
	return &ParamError{Field: "cursor", Reason: "belongs to another list or another account; pass it to the service and the client that it came from"}
}

func parseCursor(text string) (cursor, error) {
	var c cursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return cursor{}, errNoCursor()
	}
	return c, nil
}

// withCursor stores in an error where the list continues.
func withCursor(err error, cursor string) error {
	if e, ok := errors.AsType[*Error](err); ok {
		e.Cursor = cursor
	} else if e, ok := errors.AsType[*TransportError](err); ok {
		e.Cursor = cursor
	}
	return err
}
