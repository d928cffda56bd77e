package twiliotest

import (
	"net/url"
	"time"
)

// A request is one call of the API, without the HTTP around it.
type request struct {
	*state
	now     time.Time
	path    string            // without the version and .json, such as /Accounts/AC…/Calls
	vars    map[string]string // the values of the path's placeholders
	query   url.Values
	form    url.Values
	caller  caller
	account *account // that the path names and the caller may act on
}

// params reads the parameters of a create or an update.
func (rq *request) params() *params { return &params{Values: rq.form} }

// filters reads the parameters of a list.
func (rq *request) filters() *params { return &params{Values: rq.query} }

// notFound is the problem of a path that names nothing.
func (rq *request) notFound() *problem {
	return failf(20404, "The requested resource %s%s.json was not found", root, rq.path)
}
