package twiliotest

import (
	"net/url"
	"time"
)

// A request is one call of the API, without the HTTP around it.
type request struct {
	*state
	now     time.Time
	host    string            // of another product, such as messaging.twilio.com; empty for the API
	path    string            // without the version and .json, such as /Accounts/AC…/Calls
	isFile  bool              // the path is that of a file, and has no .json
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
	return failf(20404, "The requested resource %s was not found", rq.uri())
}

// uri is the path of the request.
func (rq *request) uri() string {
	switch {
	case rq.host != "":
		return rq.path
	case rq.isFile:
		return root + rq.path
	}
	return root + rq.path + ".json"
}
