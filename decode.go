package twilio

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/lenient"
)

// Package lenient reads a successful response field by field. This file decides
// whether a document is the requested resource, and what happens to fields that
// make no sense: the caller gets the rest of the value, and a price that can't
// be read is an error beside it.

// A FieldError is a field of a response that makes no sense, such as a duration
// that isn't a number. The field is zero in the value.
type FieldError struct {
	// Path is where the field is in Twilio's JSON, such as "start_time", or
	// "calls[3].price" in a list; "calls[3]" is an item that can't be read at
	// all. Items are counted as Twilio sent them.
	Path string
	// Problem says what is wrong, such as "want a date, got true or false". It
	// never quotes the value.
	Problem string
}

// Error names the field and says what is wrong with it.
func (e FieldError) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return e.Path + ": " + e.Problem
}

// A DecodeError says that a successful response has a field that can't be read
// and must not be mistaken for zero. The request itself has succeeded: the
// error never matches [ErrOutcomeUnknown].
//
// It comes with the value if there is one: a resource with a price, currency or
// category that can't be read, or a [Page] with such an item. Without a value
// it stands for an item of a list that can't be read at all. All continues
// after it if the caller does.
type DecodeError struct {
	// Operation names the operation, such as "calls.get"; it is empty for
	// errors from encoding/json.
	Operation string
	// AccountSID is the account that the request acted on.
	AccountSID string
	// RequestID is Twilio's ID of the request (RQ…), which its support asks
	// for.
	RequestID string
	// Attempts is how often the request was sent.
	Attempts int
	// Fields are the fields of the value that can't be read.
	Fields []FieldError
	// Cursor is the page of the list that the item is on, for Resume. It holds
	// the list's filters, so it is kept out of JSON and logs.
	Cursor string `json:"-"`

	cause *error // a pointer, like TransportError's
}

// maxFields bounds how many fields an error's text and a log line name.
const maxFields = 5

// Error names the fields.
func (e *DecodeError) Error() string {
	s := "twilio: "
	if e.Operation != "" {
		s += e.Operation + ": "
	}
	return s + "can't read " + fieldList(e.Fields) + errorSuffix(e.RequestID, e.Attempts, false)
}

func fieldList(fields []FieldError) string {
	var texts []string
	for _, f := range fields[:min(len(fields), maxFields)] {
		texts = append(texts, f.Error())
	}
	if more := len(fields) - maxFields; more > 0 {
		texts = append(texts, "and "+strconv.Itoa(more)+" more")
	}
	return strings.Join(texts, "; ")
}

// Unwrap returns the error of a decoding method of the caller's own types, if
// there was one.
func (e *DecodeError) Unwrap() error {
	if e.cause == nil {
		return nil
	}
	return *e.cause
}

// LogValue makes slog print the error as a group.
func (e *DecodeError) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("operation", e.Operation),
		slog.String("account", e.AccountSID),
		slog.String("fields", fieldList(e.Fields)),
		slog.String("request_id", e.RequestID),
		slog.Int("attempts", e.Attempts),
	)
}

// decodeError makes an error from problems.
func (inv *invocation) decodeError(problems []*lenient.ValueError) *DecodeError {
	e := &DecodeError{
		Operation:  inv.operation,
		AccountSID: inv.account,
		RequestID:  inv.header.Get("Twilio-Request-Id"),
		Attempts:   inv.attempts,
		Fields:     fieldErrors(problems),
	}
	var causes []error
	for _, p := range problems {
		causes = append(causes, p.Cause)
	}
	if cause := errors.Join(causes...); cause != nil {
		e.cause = &cause
	}
	return e
}

func fieldErrors(problems []*lenient.ValueError) []FieldError {
	fields := make([]FieldError, len(problems))
	for i, p := range problems {
		fields[i] = FieldError{Path: p.Path, Problem: p.Text}
	}
	return fields
}

// hasValue reports whether an error comes with a value or replaces it.
func hasValue(err error) bool {
	_, ok := errors.AsType[*DecodeError](err)
	return err == nil || ok
}

// isMoney reports whether a problem is about an amount, its currency or its
// category.
func isMoney(p *lenient.ValueError) bool {
	t := p.Type
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	field := p.Path[strings.LastIndexByte(p.Path, '.')+1:]
	return t == reflect.TypeFor[decimal.NullDecimal]() || t == reflect.TypeFor[decimal.Decimal]() || field == "price_unit" || field == "currency" || field == "category"
}

func isDate(p *lenient.ValueError) bool { return p.Type == reflect.TypeFor[time.Time]() }

// An identity says how to recognize a resource of a type: by its sid or, if the
// type has none, by any field that the body of an error doesn't have too.
type identity struct {
	fields []int
	name   string
	isSID  bool
}

var identities sync.Map // from reflect.Type to *identity

func identityOf(t reflect.Type) *identity {
	id, ok := identities.Load(t)
	if !ok {
		id, _ = identities.LoadOrStore(t, newIdentity(t))
	}
	return id.(*identity)
}

func newIdentity(t reflect.Type) *identity {
	id := &identity{name: "any of its fields"}
	if t.Kind() != reflect.Struct {
		return id
	}
	for i := range t.NumField() {
		switch name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name {
		case "sid":
			return &identity{[]int{i}, "a sid", true}
		case "code", "message", "more_info", "status", "details":
		default:
			id.fields = append(id.fields, i)
		}
	}
	return id
}

func (id *identity) isIn(v reflect.Value) bool {
	return v.Kind() != reflect.Struct || slices.ContainsFunc(id.fields, func(i int) bool { return !isBlank(v.Field(i)) })
}

func isBlank(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.String && strings.TrimSpace(v.String()) == ""
}

func (id *identity) missing() string { return "want a resource with " + id.name + ", got none" }

// readResource reads the requested resource into v, a pointer to a struct. A
// document that isn't the resource is an error.
func (r *request) readResource(inv *invocation, v any) error {
	problems, err := lenient.Unmarshal(inv.body.Bytes(), v)
	if err != nil {
		return err
	}
	inv.unreadable = problems
	target := reflect.ValueOf(v).Elem()
	if id := identityOf(target.Type()); !id.isIn(target) {
		return safeError(id.missing())
	}
	if !slices.ContainsFunc(problems, r.isStrict) {
		return nil
	}
	return inv.decodeError(problems)
}

// withStrictFields makes every unreadable field an error, for workflows whose
// decisions depend on it.
func withStrictFields() RequestOption { return func(c *requestConfig) { c.strict = true } }

// strictly adds to the options that unreadable fields are errors.
func strictly(opts []RequestOption) []RequestOption {
	return append(slices.Clip(opts), withStrictFields())
}

// isStrict reports whether a problem is an error for the caller.
func (r *request) isStrict(p *lenient.ValueError) bool { return r.config.strict || isMoney(p) }

// readInto reads a document into the caller's own type. What its fields mean
// isn't known here, so each problem is an error.
func (inv *invocation) readInto(v any) (err error) {
	if inv.unreadable, err = lenient.Unmarshal(inv.body.Bytes(), v); err != nil {
		return err
	}
	if len(inv.unreadable) == 0 {
		return nil
	}
	return inv.decodeError(inv.unreadable)
}

// An oddItem replaces an item of a page that can't be read in full, if that is
// an error.
type oddItem struct {
	item any // nil where it can't be read at all
	err  *DecodeError
	// undated is true if the item may be inside or outside the list's date
	// range.
	undated bool
}

// unpack returns what All yields for an item of a page.
func unpack(item any) (any, error) {
	if odd, ok := item.(*oddItem); ok {
		return odd.item, odd.err
	}
	return item, nil
}

// readable returns an item of a page as far as it can be read, or nil.
func readable(item any) any {
	if odd, ok := item.(*oddItem); ok {
		return odd.item
	}
	return item
}

// nextPage is where lists have the URI of the next page: those of the API, and
// those of other products.
const nextPage = "next_page_uri meta.next_page_url"

// readPage reads the page of the list at a URI. The items are pointers, or
// oddItems.
func (q *query) readPage(inv *invocation, uri string, remaining int) (lenient.Page, error) {
	r := q.first
	list := r.list
	if list == "" {
		var err error
		if list, err = listMember(inv.body.Bytes()); err != nil {
			return lenient.Page{}, err
		}
	}
	p, problems, err := lenient.UnmarshalPage(inv.body.Bytes(), list, nextPage, r.item)
	if err != nil {
		return p, err
	}
	id := identityOf(r.item)
	isKnown := r.list != "" || id.isSID // a caller's own type may be zero
	for i, item := range p.Items {
		if item != nil && isKnown && !id.isIn(reflect.ValueOf(item).Elem()) {
			p.Items[i] = nil
			path := list + "[" + strconv.Itoa(i) + "]"
			problems = append(problems, &lenient.ValueError{Path: path, Text: id.missing(), Item: i})
		}
	}
	if len(problems) == 0 {
		return p, nil
	}
	slices.SortStableFunc(problems, func(a, b *lenient.ValueError) int { return cmp.Compare(a.Item, b.Item) })
	inv.unreadable = problems
	for cursor := q.cursor(uri, remaining); len(problems) > 0; {
		i := problems[0].Item
		n := slices.IndexFunc(problems, func(p *lenient.ValueError) bool { return p.Item != i })
		if n < 0 {
			n = len(problems)
		}
		odd := &oddItem{item: p.Items[i], undated: q.isUndated(p.Items[i], problems[:n])}
		if odd.item == nil || odd.undated || slices.ContainsFunc(problems[:n], r.isStrict) {
			odd.err = inv.decodeError(problems[:n])
			odd.err.Cursor = cursor
			p.Items[i] = odd
		}
		problems = problems[n:]
	}
	return p, nil
}

// isUndated reports whether a date that the list has a range of can't be read
// in an item.
func (q *query) isUndated(item any, problems []*lenient.ValueError) bool {
	if item == nil || !q.isRanged() || !slices.ContainsFunc(problems, isDate) {
		return false
	}
	for i, t := range item.(dated).dates() {
		if t.IsZero() && !q.ranges[i].isOpen() {
			return true
		}
	}
	return false
}

// takeItems returns the readable items of the page, which then belong to the
// caller, and an error for those that can't be read, or not in full.
//
//go:noinline
func (p *page) takeItems() (items []any, err error) {
	var all *DecodeError
	for _, item := range p.items {
		if odd, ok := item.(*oddItem); ok {
			item = odd.item
			p.odd = p.items
			if all == nil {
				all = new(*odd.err)
				all.Fields, err = nil, all
			}
			all.Fields = append(all.Fields, odd.err.Fields...)
		}
		if item != nil {
			items = append(items, item)
		}
	}
	p.items = nil
	return items, err
}

// report records the unreadable fields of a success for the caller and in the
// log.
func (r *request) report(ctx context.Context, inv *invocation) {
	if len(inv.unreadable) == 0 {
		return
	}
	fields := fieldErrors(inv.unreadable)
	if r.config.meta != nil {
		r.config.meta.Unreadable = fields
	}
	if logger := r.client.shared.transport.logger; logger != nil {
		logger.LogAttrs(ctx, slog.LevelWarn, "twilio response with fields that can't be read",
			slog.String("operation", inv.operation),
			slog.String("account", inv.account),
			slog.String("fields", fieldList(fields)),
			slog.String("request_id", inv.header.Get("Twilio-Request-Id")),
		)
	}
}

// unmarshal is the UnmarshalJSON of v. It reads Twilio's JSON, or a resource
// written by json.Marshal. Fields that make no sense are an error, since there
// is no other way to report them; the others are filled in.
func unmarshal(data []byte, v any) error {
	if string(data) == "null" {
		return nil // by convention
	}
	problems, err := lenient.Unmarshal(data, v)
	switch {
	case err != nil:
		return &DecodeError{Fields: []FieldError{{Problem: safeDescription(err)}}}
	case len(problems) > 0:
		return new(invocation).decodeError(problems)
	default:
		return nil
	}
}
