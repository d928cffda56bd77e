package twiliotest

import (
	"fmt"
	"hash/fnv"
	"maps"
	"net/url"
	"strconv"
	"strings"
)

const (
	apiVersion      = "2010-04-01"
	root            = "/" + apiVersion
	defaultPageSize = 50
	maxPageSize     = 1000
)

// page returns a page of a collection: the matching items under the key, in the
// order of lists, and the URIs of the pages around it; on the hosts of other
// products these are URLs, in a member "meta".
//
// The URIs hold the request's filters, percent-encoded, and a token with the
// position to continue from. A token is bound to the path and the filters: one
// from another list is refused, and so is a page number alone.
func page[T resource](
	rq *request, key string, from *collection[T], match func(T) bool, view func(T) any,
) (any, *problem) {
	p := rq.filters()
	size := min(p.int("PageSize", defaultPageSize), maxPageSize)
	number := p.int("Page", 0)
	if size == 0 {
		p.reject(failf(20001, "PageSize must be at least 1"))
	}
	token := p.Get("PageToken")
	if number > 0 && token == "" {
		p.reject(fail(70002))
	}
	if p.prob != nil {
		return nil, p.prob
	}

	list := newListURI(rq)
	var items []T
	var more bool
	switch position, backward, ok := list.parse(token); {
	case token == "":
		items, more = from.itemsAfter(nil, size, match)
	case !ok:
		return nil, failf(20001, "PageToken is not valid")
	case backward:
		items, more = from.itemsBefore(position, size, match), true
	default:
		items, more = from.itemsAfter(&position, size, match)
	}

	views := make([]any, len(items))
	for i, item := range items {
		views[i] = view(item)
	}
	var next, previous any
	if more && len(items) > 0 {
		next = list.page(size, number+1, list.token(positionOf(items[len(items)-1]), false))
	}
	if number > 0 && len(items) > 0 {
		previous = list.page(size, number-1, list.token(positionOf(items[0]), true))
	}
	if rq.host != "" {
		return map[string]any{key: views, "meta": map[string]any{
			"key":               key,
			"url":               list.page(size, number, token),
			"first_page_url":    list.page(size, 0, ""),
			"next_page_url":     next,
			"previous_page_url": previous,
			"page":              number,
			"page_size":         size,
		}}, nil
	}
	start := number * size
	return map[string]any{
		key:                 views,
		"uri":               list.page(size, number, token),
		"first_page_uri":    list.page(size, 0, ""),
		"next_page_uri":     next,
		"previous_page_uri": previous,
		"page":              number,
		"page_size":         size,
		"start":             start,
		"end":               start + max(0, len(items)-1),
	}, nil
}

// A listURI creates the URIs and tokens of one list with its filters.
type listURI struct{ base string }

func newListURI(rq *request) listURI {
	filters := maps.Clone(rq.query)
	for _, key := range []string{"Page", "PageSize", "PageToken"} {
		filters.Del(key)
	}
	base := rq.uri() + "?"
	if rq.host != "" {
		base = rq.url(base)
	}
	if len(filters) > 0 {
		base += filters.Encode() + "&"
	}
	return listURI{base}
}

func (l listURI) page(size, number int, token string) string {
	uri := l.base + "PageSize=" + strconv.Itoa(size) + "&Page=" + strconv.Itoa(number)
	if token != "" {
		uri += "&PageToken=" + url.QueryEscape(token)
	}
	return uri
}

// Tokens look like Twilio's: PA for the next page or PB for the previous, and
// 32 hex digits that hold the date of creation and sequence number of the item
// to continue from, and a checksum.
const tokenForm = "%016x%08x%08x"

func (l listURI) token(p position, backward bool) string {
	kind := "PA"
	if backward {
		kind = "PB"
	}
	return kind + fmt.Sprintf(tokenForm, uint64(p.created), uint32(p.seq), l.checksum(kind, p))
}

func (l listURI) parse(token string) (p position, backward, ok bool) {
	if len(token) != 34 {
		return position{}, false, false
	}
	created, err1 := strconv.ParseUint(token[2:18], 16, 64)
	seq, err2 := strconv.ParseUint(token[18:26], 16, 32)
	if err1 != nil || err2 != nil {
		return position{}, false, false
	}
	p = position{int64(created), seq}
	backward = strings.HasPrefix(token, "PB")
	return p, backward, l.token(p, backward) == token
}

func (l listURI) checksum(kind string, p position) uint32 {
	h := fnv.New32a()
	_, _ = fmt.Fprint(h, l.base, kind, p.created, p.seq) // a hash never fails
	return h.Sum32()
}
