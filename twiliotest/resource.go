package twiliotest

import "reflect"

// A record is what all stored resources have in common.
type record struct {
	SID     string    `json:"sid"`
	Created timestamp `json:"date_created"`
	Updated timestamp `json:"date_updated"`

	seq uint64 // the order of arrival, which decides between equal dates
}

func (r *record) meta() *record { return r }

func (r *record) position() position { return position{r.Created.UnixMicro(), r.seq} }

// A resource is a stored record that knows its JSON form.
type resource interface {
	meta() *record
	wire() any
}

// resourcesOf returns the resources of one kind that an account has, to read.
func resourcesOf[T resource](a *account) *collection[T] {
	if c, ok := a.resources[reflect.TypeFor[T]()].(*collection[T]); ok {
		return c
	}
	return new(collection[T])
}

// addTo adds a resource to an account.
func addTo[T resource](a *account, item T) {
	kind := reflect.TypeFor[T]()
	c, ok := a.resources[kind].(*collection[T])
	if !ok {
		c = new(collection[T])
		if a.resources == nil {
			a.resources = make(map[reflect.Type]any)
		}
		a.resources[kind] = c
	}
	c.add(item)
}

// whileActive lets a handler run for active accounts only: others can neither
// call nor send nor buy.
func whileActive(handle handler) handler {
	return func(rq *request) (any, *problem) {
		if !rq.account.active() {
			return nil, rq.inactive(rq.account)
		}
		return handle(rq)
	}
}

// lookup finds the resource of the account that the path names by {Sid}.
func lookup[T resource](rq *request) (T, *problem) {
	return lookupBy[T](rq, "Sid")
}

// lookupBy finds the resource of the account that a placeholder of the path
// names.
func lookupBy[T resource](rq *request, placeholder string) (T, *problem) {
	item, ok := resourcesOf[T](rq.account).get(rq.vars[placeholder])
	if !ok {
		return item, rq.notFound()
	}
	return item, nil
}

// fetch returns the resource that the path names.
func fetch[T resource](rq *request) (any, *problem) {
	item, prob := lookup[T](rq)
	if prob != nil {
		return nil, prob
	}
	return item.wire(), nil
}

// remove deletes the resource that the path names.
func remove[T resource](rq *request) (any, *problem) {
	item, prob := lookup[T](rq)
	if prob != nil {
		return nil, prob
	}
	resourcesOf[T](rq.account).remove(item)
	return nil, nil
}

// list returns a page of the account's resources that match the filters.
func list[T resource](rq *request, key string, match func(T) bool) (any, *problem) {
	return page(rq, key, resourcesOf[T](rq.account), match, T.wire)
}

// all is the filter that leaves nothing out.
func all[T resource](T) bool { return true }
