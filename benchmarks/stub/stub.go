// Package stub is a Twilio that costs next to nothing: a real server on a
// loopback socket, with pages that are rendered before a measurement begins, so
// that what is measured is the client.
package stub

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

const (
	version = "/2010-04-01"
	root    = version + "/Accounts/" + entrant.AccountSID
)

// Newest is the day of the account's newest calls. Each day before it has
// exactly one page of calls, so that a range of n days is a list of n pages
// however it is split.
var Newest = time.Date(2026, time.October, 31, 0, 0, 0, 0, time.UTC)

// Account is what the server simulates.
type Account struct {
	Pages       int           // of calls
	Subaccounts int           // any of which has the first call
	Empty       bool          // pages of calls have none
	Delay       time.Duration // before each response
}

// Server is a Twilio with one main account. Its methods may be called while it
// serves.
type Server struct {
	URL string

	http     http.Server
	days     [][]byte // rendered lists of calls, newest first
	one      []byte
	account  atomic.Pointer[Account]
	requests atomic.Int64
}

// Start renders this many different days and starts to serve. An account with
// more pages repeats them.
func Start(days int) (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	// Pages are bytes, not strings: net/http hands bytes on to the socket as
	// they are.
	s := &Server{URL: "http://" + listener.Addr().String(), one: render(1, func(b []byte, _ int) []byte { return appendCall(b, Call(0, 0)) })}
	for day := range days {
		s.days = append(s.days, render(entrant.PageSize, func(b []byte, i int) []byte { return appendCall(b, Call(day, i)) }))
	}
	s.Reset(Account{Pages: days})

	mux := http.NewServeMux()
	mux.HandleFunc("GET "+root+"/Calls.json", s.list)
	mux.HandleFunc("POST "+root+"/Calls.json", s.create)
	mux.HandleFunc("GET "+version+"/Accounts/{account}/Calls/{file}", s.get)
	mux.HandleFunc("GET "+version+"/Accounts.json", s.accounts)
	s.http.Handler = s.guard(mux)
	go func() { _ = s.http.Serve(listener) }()
	return s, nil
}

// Close stops the server and closes every connection to it.
func (s *Server) Close() { _ = s.http.Close() }

// Reset changes what the server simulates, and restarts the count of requests.
func (s *Server) Reset(account Account) {
	s.account.Store(&account)
	s.requests.Store(0)
}

// Requests returns the number of requests since the last Reset.
func (s *Server) Requests() int { return int(s.requests.Load()) }

func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		if sid, token, _ := r.BasicAuth(); sid != entrant.AccountSID || token != entrant.AuthToken {
			http.Error(w, `{"code": 20003, "message": "Authenticate", "status": 401}`, http.StatusUnauthorized)
			return
		}
		if delay := s.account.Load().Delay; delay > 0 && !sleep(r.Context(), delay) {
			return
		}
		next.ServeHTTP(w, r)
	})
}

func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

func (s *Server) get(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("file") != Call(0, 0).SID+".json" {
		http.Error(w, `{"code": 20404, "message": "Not found", "status": 404}`, http.StatusNotFound)
		return
	}
	answer(w, http.StatusOK, s.one)
}

func (s *Server) create(w http.ResponseWriter, r *http.Request) {
	if r.PostFormValue("From") != entrant.From || r.PostFormValue("To") != entrant.To || r.PostFormValue("Url") != entrant.URL {
		refuse(w, "Not the call that was agreed on")
		return
	}
	answer(w, http.StatusCreated, s.one)
}

func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	first, last, err := s.window(r.URL.Query())
	if err != nil {
		refuse(w, "Bad filter")
		return
	}
	servePage(w, r, "calls", last-first+1, func(page int) []byte {
		if s.account.Load().Empty {
			return nil
		}
		return s.days[(first+page)%len(s.days)]
	})
}

func (s *Server) accounts(w http.ResponseWriter, r *http.Request) {
	count := s.account.Load().Subaccounts
	servePage(w, r, "accounts", (count+entrant.PageSize-1)/entrant.PageSize, func(page int) []byte {
		from := page * entrant.PageSize
		return render(min(entrant.PageSize, count-from), func(b []byte, i int) []byte { return appendAccount(b, from+i) })
	})
}

// servePage responds with the page that the query requests.
func servePage(w http.ResponseWriter, r *http.Request, name string, pages int, items func(page int) []byte) {
	query := r.URL.Query()
	if query.Get("PageSize") != strconv.Itoa(entrant.PageSize) {
		// Smaller pages would turn a comparison of libraries into one of round
		// trips.
		refuse(w, "every entrant requests pages of 1000")
		return
	}
	page, _ := strconv.Atoi(query.Get("Page"))
	if page < 0 {
		refuse(w, "Bad page")
		return
	}
	var list []byte
	next := "null"
	if page < pages {
		list = items(page)
	}
	if page+1 < pages {
		query.Set("Page", strconv.Itoa(page+1))
		query.Set("PageToken", fmt.Sprintf("PA%032x%d", mix(uint64(page)), page+1))
		next = `"` + r.URL.Path + "?" + query.Encode() + `"`
	}
	start := page * entrant.PageSize
	answer(w, http.StatusOK,
		fmt.Appendf(nil, `{"first_page_uri": "%s?PageSize=%d&Page=0", "end": %d, "previous_page_uri": null, "%s": [`,
			r.URL.Path, entrant.PageSize, start+entrant.PageSize-1, name),
		list,
		fmt.Appendf(nil, `], "uri": "%s?PageSize=%[2]d&Page=%[3]d", "page_size": %[2]d, "start": %[4]d, "next_page_uri": %[5]s, "page": %[3]d}`,
			r.URL.Path, entrant.PageSize, page, start, next))
}

func refuse(w http.ResponseWriter, why string) {
	http.Error(w, fmt.Sprintf(`{"code": 20001, "message": %q, "status": 400}`, why), http.StatusBadRequest)
}

// window converts the filters to the first and last day of the list, counted
// back from the newest.
func (s *Server) window(query url.Values) (first, last int, err error) {
	first, last = 0, s.account.Load().Pages-1
	for filter := range query {
		if !strings.HasPrefix(filter, "StartTime") {
			continue
		}
		text := query.Get(filter)
		date, err := time.Parse(time.DateOnly, text[:min(len(text), len(time.DateOnly))])
		if err != nil {
			return 0, 0, err
		}
		back := int(Newest.Sub(date) / (24 * time.Hour))
		switch filter {
		case "StartTime>":
			last = min(last, back)
		case "StartTime<":
			first = max(first, back+1)
		case "StartTime":
			first, last = max(first, back), min(last, back)
		}
	}
	return first, last, nil
}

func answer(w http.ResponseWriter, status int, parts ...[]byte) {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.Header().Set("Twilio-Request-Id", "RQ00000000000000000000000000000001")
	w.Header().Set("Twilio-Concurrent-Requests", "1")
	w.Header().Set("Twilio-Request-Duration", "0.080")
	w.WriteHeader(status)
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
}
