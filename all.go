package twilio

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"reflect"
)

// All iterates over a list that has no type here yet, on any host of Twilio's,
// and fetches pages as they are needed. path and form are those of a GET by
// [Client.Do]; each item is decoded into a T, by its JSON tags:
//
//	for flow, err := range twilio.All[Flow](ctx, own, "https://studio.twilio.com/v2/Flows", nil) {
//
// Both forms of lists are read: those of the API, and those of products, with a
// "meta" member. The items are in the member that meta names, or else in the
// one member that is an array. Twilio's links to further pages are followed on
// the list's own host and path only; a link to a page that was read before is
// an error.
//
// Lists of the API are read in pages of 1,000, those of products in pages of
// the size that the product chooses, unless form sets PageSize.
func All[T any](ctx context.Context, client *Client, path string, form url.Values, opts ...RequestOption) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		client.untypedList(ctx, path, form, opts).of(reflect.TypeFor[T]()).all(ctx, nil, func(item any, err error) bool {
			v, _ := item.(*T) // nil beside an error
			return yield(v, err)
		})
	}
}

// untypedList prepares a list that isn't the list of a route.
func (c *Client) untypedList(ctx context.Context, path string, form url.Values, opts []RequestOption) *query {
	c = orEmpty(c)
	r := &request{
		endpoint:   endpoint{client: c, route: &route{name: "all"}},
		operation:  "all",
		method:     http.MethodGet,
		account:    c.accountSID,
		opts:       opts,
		config:     newRequestConfig(opts),
		idempotent: true,
	}
	q := &query{first: r, remaining: -1}
	if r.url, r.err = c.checkPath(path); r.err == nil {
		r.err = r.config.checkTyped()
	}
	if r.refusal(ctx) != nil {
		return q
	}
	r.operation = operationLabel(r.method, r.url)
	values := mergedForm(mergedForm(r.url.Query(), form), r.config.form)
	if r.url.Host == "" && !values.Has("PageSize") {
		values.Set("PageSize", "1000")
	}
	r.url.RawQuery = values.Encode()
	return q
}

// listMember finds the member of a page that holds the items, for a list that
// doesn't say where they are.
func listMember(body []byte) (string, error) {
	var page map[string]json.RawMessage
	_ = json.Unmarshal(body, &page)
	if page == nil {
		return "", nil // the decoder says what is wrong with it
	}
	var meta struct {
		Key       string `json:"key"`
		NextToken string `json:"next_token"`
	}
	if json.Unmarshal(page["meta"], &meta) == nil {
		if meta.NextToken != "" {
			return "", safeError("the list continues by tokens, which All doesn't follow; read it by Client.Do")
		}
		if _, ok := page[meta.Key]; ok {
			return meta.Key, nil
		}
	}
	var arrays []string
	for name, value := range page {
		if bytes.HasPrefix(value, []byte("[")) {
			arrays = append(arrays, name)
		}
	}
	if len(arrays) != 1 {
		return "", safeError("the response isn't a list: it has no member with the items, or several that may be")
	}
	return arrays[0], nil
}
