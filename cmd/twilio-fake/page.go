package main

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// The page shows what the fake holds to people, and lets them use it. What it
// shows comes from anybody who uses the API, so that html/template escapes all
// of it, and the browser is told to run no script but page.js.

//go:embed page/page.html page/page.css page/page.js
var pageFiles embed.FS

const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// How much of what there is the page shows.
const (
	shownAccounts = 100
	shownNumbers  = 100
	phoneMessages = 100 // in which phones are looked for
	shownMessages = 500
	shownCalls    = 50
	shownLog      = 100 // requests and webhooks
)

// A page is the page for one section.
type page struct {
	app       *app
	templates *template.Template
}

// addPage adds the page to the control endpoints.
func (a *app) addPage(mux *http.ServeMux) {
	p := &page{a, template.Must(template.ParseFS(pageFiles, "page/page.html"))}
	for path, show := range map[string]func(r *http.Request) (view, error){
		"GET /_fake/{$}":                      p.accounts,
		"GET /_fake/ui/accounts/{sid}":        p.account,
		"GET /_fake/ui/calls":                 p.calls,
		"GET /_fake/ui/webhooks":              p.webhooks,
		"GET /_fake/ui/faults":                p.faults,
		"GET /_fake/ui/requests":              p.requests,
		"GET " + phonePath:                    p.phone,
		"POST /_fake/ui/accounts/{sid}/token": p.token,
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/_fake/" && !wantsHTML(r) {
				a.index(w, r)
				return
			}
			v, err := show(r)
			switch {
			case errors.Is(err, twilio.ErrNotFound):
				p.write(w, r, http.StatusNotFound, problemView("/_fake/", "There is no such account."))
			case err != nil:
				p.write(w, r, http.StatusInternalServerError, problemView("/_fake/", err.Error()))
			default:
				p.write(w, r, http.StatusOK, v)
			}
		})
	}
	for _, e := range endpoints() {
		if e.method != http.MethodGet {
			mux.HandleFunc("POST /_fake/ui/"+strings.ToLower(e.method)+"/"+e.path, p.form(e))
		}
	}
	mux.HandleFunc("GET /_fake/ui/events", a.events)
	for name, contentType := range map[string]string{"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"} {
		mux.HandleFunc("GET /_fake/ui/"+name, func(w http.ResponseWriter, r *http.Request) {
			secure(w.Header(), contentType)
			http.ServeFileFS(w, r, pageFiles, "page/"+name)
		})
	}
}

// A view is what one section shows: the name of its template, and its data.
type view struct {
	title, template string
	data            any
	problem         string
}

// secure sets what tells the browser to be strict.
func secure(header http.Header, contentType string) {
	header.Set("Content-Type", contentType)
	header.Set("Content-Security-Policy", contentSecurityPolicy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
}

// write writes the whole page.
func (p *page) write(w http.ResponseWriter, r *http.Request, status int, v view) {
	var body, whole bytes.Buffer
	err := p.templates.ExecuteTemplate(&body, v.template, v.data)
	if err == nil {
		err = p.templates.ExecuteTemplate(&whole, "page", map[string]any{
			"Title":    v.title,
			"Problem":  v.problem,
			"Path":     r.URL.RequestURI(),
			"Now":      p.app.fake().Now(),
			"Sections": sections(r.URL.Path),
			"Body":     template.HTML(body.String()), //nolint:gosec // from a template of the same file
		})
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	secure(w.Header(), "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = whole.WriteTo(w) // fails only when the client is gone
}

// A section is an entry of the navigation.
type section struct {
	Name, Path string
	Current    bool
}

func sections(path string) []section {
	all := []section{
		{"Accounts", "/_fake/", false}, {"Calls", "/_fake/ui/calls", false}, {"Webhooks", "/_fake/ui/webhooks", false},
		{"Faults", "/_fake/ui/faults", false}, {"Requests", "/_fake/ui/requests", false},
	}
	for i := range all {
		all[i].Current = all[i].Path == path
	}
	return all
}

func problemView(back, text string) view {
	return view{"That didn't work", "problem", map[string]any{"Path": back}, text}
}

// form lets a form of the page use a control endpoint, and then shows the page
// that it is on.
func (p *page) form(e endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in, err := readInput(w, r)
		if err != nil {
			p.write(w, r, http.StatusBadRequest, problemView("/_fake/", err.Error()))
			return
		}
		back := in.text("back")
		if !strings.HasPrefix(back, "/_fake/") {
			back = "/_fake/"
		}
		if _, err := e.handle(p.app, in); err != nil {
			p.write(w, r, http.StatusBadRequest, problemView(back, err.Error()))
			return
		}
		http.Redirect(w, r, back, http.StatusSeeOther) //nolint:gosec // below /_fake/
	}
}

// reader is a client that reads what the fake holds, without a trace.
func (p *page) reader() (*twilio.Client, error) {
	return twilio.NewClient(twilio.AuthToken(p.app.fake().AccountSID, "unused"),
		twilio.WithHTTPClient(&http.Client{Transport: p.app.fake().Reader()}))
}

// An accountView is an account with its phones.
type accountView struct {
	*twilio.Account
	Main   bool
	Phones []string
}

func (p *page) accountView(ctx context.Context, client *twilio.Client, acct *twilio.Account) (accountView, error) {
	v := accountView{Account: acct, Main: acct.SID == acct.OwnerAccountSID}
	sub := client.Subaccount(acct.SID)
	numbers, err := sub.IncomingPhoneNumbers.List(ctx, twilio.IncomingPhoneNumberListParams{PageSize: shownNumbers})
	if err != nil {
		return v, err
	}
	phones := make(map[string]bool) // also those that it uses without owning them
	for _, n := range numbers.Items {
		phones[n.PhoneNumber] = true
	}
	messages, err := sub.Messages.List(ctx, twilio.MessageListParams{PageSize: phoneMessages})
	if err != nil {
		return v, err
	}
	for _, m := range messages.Items {
		if ours, _ := ends(m); ours != "" {
			phones[ours] = true
		}
	}
	v.Phones = slices.Sorted(maps.Keys(phones))
	return v, nil
}

// ends are the two ends of a message: the account's, and the other.
func ends(m *twilio.Message) (ours, theirs string) {
	if m.Direction == twilio.MessageDirectionInbound {
		return m.To, m.From
	}
	return m.From, m.To
}

func (p *page) accounts(r *http.Request) (view, error) {
	client, err := p.reader()
	if err != nil {
		return view{}, err
	}
	newest, err := client.Accounts.List(r.Context(), twilio.AccountListParams{PageSize: shownAccounts})
	if err != nil {
		return view{}, err
	}
	var all []accountView
	for _, acct := range newest.Items {
		v, err := p.accountView(r.Context(), client, acct)
		if err != nil {
			return view{}, err
		}
		all = append(all, v)
	}
	slices.SortStableFunc(all, func(a, b accountView) int { // the main account is first
		return cmp.Compare(strconv.FormatBool(b.Main), strconv.FormatBool(a.Main))
	})
	return view{"Accounts", "accounts", map[string]any{"Accounts": all, "More": newest.HasNext()}, ""}, nil
}

// findAccount is the account that the path names.
func (p *page) findAccount(r *http.Request) (*twilio.Client, accountView, error) {
	client, err := p.reader()
	if err != nil {
		return nil, accountView{}, err
	}
	acct, err := client.Accounts.Get(r.Context(), r.PathValue("sid"))
	if parameter := (*twilio.ParamError)(nil); errors.As(err, &parameter) {
		return nil, accountView{}, twilio.ErrNotFound
	}
	if err != nil {
		return nil, accountView{}, err
	}
	v, err := p.accountView(r.Context(), client, acct)
	return client.Subaccount(acct.SID), v, err
}

func (p *page) account(r *http.Request) (view, error) {
	sub, acct, err := p.findAccount(r)
	if err != nil {
		return view{}, err
	}
	calls, err := sub.Calls.List(r.Context(), twilio.CallListParams{PageSize: shownCalls})
	if err != nil {
		return view{}, err
	}
	data := map[string]any{"Account": acct, "Path": "/_fake/ui/accounts/" + acct.SID, "Calls": callViews(calls.Items), "Token": ""}
	return view{cmp.Or(acct.FriendlyName, acct.SID), "account", data, ""}, nil
}

// token is the account with its AuthToken, which isn't shown unless somebody
// asks.
func (p *page) token(r *http.Request) (view, error) {
	v, err := p.account(r)
	if err != nil {
		return v, err
	}
	if data, ok := v.data.(map[string]any); ok {
		data["Token"] = p.app.fake().Credentials(r.PathValue("sid")).Secret().Reveal()
	}
	return v, nil
}

// A messageView is a message of a conversation.
type messageView struct {
	*twilio.Message
	Inbound bool
}

const phonePath = "/_fake/ui/accounts/{sid}/phones/{number}"

func (p *page) phone(r *http.Request) (view, error) {
	sub, acct, err := p.findAccount(r)
	if err != nil {
		return view{}, err
	}
	newest, err := sub.Messages.List(r.Context(), twilio.MessageListParams{PageSize: shownMessages})
	if err != nil {
		return view{}, err
	}
	calls, err := sub.Calls.List(r.Context(), twilio.CallListParams{PageSize: shownCalls})
	if err != nil {
		return view{}, err
	}
	number, peer := r.PathValue("number"), r.URL.Query().Get("with")
	calls.Items = slices.DeleteFunc(calls.Items, func(c *twilio.Call) bool { return c.From != number && c.To != number })
	var peers []string // the latest first
	conversation := []messageView{}
	for _, m := range newest.Items {
		ours, theirs := ends(m)
		if ours != number {
			continue
		}
		peer = cmp.Or(peer, theirs)
		if !slices.Contains(peers, theirs) {
			peers = append(peers, theirs)
		}
		if theirs == peer {
			conversation = append(conversation, messageView{m, m.Direction == twilio.MessageDirectionInbound})
		}
	}
	slices.Reverse(conversation)
	return view{number, "phone", map[string]any{
		"Account": acct, "Number": number, "Peer": peer, "Peers": peers, "Messages": conversation,
		"Calls": callViews(calls.Items),
		"Path":  "/_fake/ui/accounts/" + acct.SID + "/phones/" + url.PathEscape(number),
	}, ""}, nil
}

// A callView is a call, with its price as a text. One that is open can be hung
// up.
type callView struct {
	*twilio.Call
	Price string
	Open  bool
}

func callViews(calls []*twilio.Call) []callView {
	all := make([]callView, len(calls))
	for i, c := range calls {
		all[i].Call = c
		all[i].Open = slices.Contains([]twilio.CallStatus{
			twilio.CallStatusQueued, twilio.CallStatusRinging, twilio.CallStatusInProgress,
		}, c.Status)
		if c.Price.Valid {
			all[i].Price = c.Price.Decimal.String()
		}
	}
	return all
}

func (p *page) calls(r *http.Request) (view, error) {
	client, err := p.reader()
	if err != nil {
		return view{}, err
	}
	accounts, err := client.Accounts.List(r.Context(), twilio.AccountListParams{PageSize: shownAccounts})
	if err != nil {
		return view{}, err
	}
	var all []*twilio.Call
	for _, acct := range accounts.Items {
		calls, err := client.Subaccount(acct.SID).Calls.List(r.Context(), twilio.CallListParams{PageSize: shownCalls})
		if err != nil {
			return view{}, err
		}
		all = append(all, calls.Items...)
	}
	slices.SortStableFunc(all, func(a, b *twilio.Call) int { return b.DateCreated.Compare(a.DateCreated) })
	return view{"Calls", "calls", map[string]any{"Calls": callViews(all[:min(len(all), shownCalls)]), "Path": r.URL.Path}, ""}, nil
}

// A parameter is one value of a form or a query.
type parameter struct{ Name, Value string }

func parameters(forms ...url.Values) []parameter {
	var all []parameter
	for _, form := range forms {
		for _, name := range slices.Sorted(maps.Keys(form)) {
			for _, value := range form[name] {
				all = append(all, parameter{name, value})
			}
		}
	}
	return all
}

// A webhookView is a webhook that was sent. Key tells it from another copy with
// the same ID.
type webhookView struct {
	twiliotest.Delivery
	Key, Result string
	Params      []parameter
}

func (p *page) webhooks(*http.Request) (view, error) {
	copies := make(map[string]int)
	all := []webhookView{}
	for _, d := range p.app.fake().Deliveries() {
		copies[d.ID]++
		result := "succeeded"
		switch {
		case !d.Called:
			result = "not called"
		case d.Error != "":
			result = "failed"
		}
		all = append(all, webhookView{d, fmt.Sprintf("w-%s-%d", d.ID, copies[d.ID]), result, parameters(d.Form)})
	}
	slices.Reverse(all)
	return view{"Webhooks", "webhooks", map[string]any{"Webhooks": all[:min(len(all), shownLog)]}, ""}, nil
}

// A faultView is a fault in words.
type faultView struct{ Key, Text string }

func (p *page) faults(*http.Request) (view, error) {
	all := []faultView{}
	for i, f := range p.app.fake().Faults() {
		all = append(all, faultView{"fault-" + strconv.Itoa(i), describeFault(f)})
	}
	for i, f := range p.app.fake().WebhookFaults() {
		all = append(all, faultView{"webhook-fault-" + strconv.Itoa(i), describeWebhookFault(f)})
	}
	return view{"Faults", "faults", map[string]any{"Faults": all}, ""}, nil
}

// describeFault says which requests a fault applies to, and what it does.
func describeFault(f twiliotest.Fault) string {
	which := timesOf(f.Times)
	if f.Method != "" {
		which += f.Method + " "
	}
	which += "request"
	if f.Path != "" {
		which += " for " + f.Path
	}
	var what []string
	if f.Status != 0 {
		what = append(what, "status "+strconv.Itoa(f.Status))
	}
	if f.Code != 0 {
		what = append(what, "code "+strconv.Itoa(f.Code))
	}
	if f.Delay > 0 {
		what = append(what, "delay "+f.Delay.String())
	}
	if name, ok := resets[f.Reset]; ok {
		what = append(what, "connection broken "+name+" the effect")
	}
	if f.Body != "" {
		what = append(what, "another body")
	}
	if f.Truncate > 0 {
		what = append(what, "cut off after "+strconv.Itoa(f.Truncate)+" bytes")
	}
	return which + ": " + strings.Join(append(what, probability(f.Rate)...), ", ")
}

func timesOf(times int) string {
	if times < 0 {
		return "Every "
	}
	return "The next " + strconv.Itoa(times) + " × "
}

func probability(rate float64) []string {
	if rate == 0 {
		return nil
	}
	return []string{"with probability " + strconv.FormatFloat(rate, 'g', -1, 64)}
}

// describeWebhookFault says which webhooks a fault applies to, and what it does.
func describeWebhookFault(f twiliotest.WebhookFault) string {
	which := timesOf(f.Times)
	if f.Kind != "" {
		which += string(f.Kind) + " "
	}
	which += "webhook"
	if f.URL != "" {
		which += " to " + f.URL
	}
	var what []string
	if f.Lost {
		what = append(what, "lost")
	}
	if f.Twice {
		what = append(what, "sent twice")
	}
	if f.Delay > 0 {
		what = append(what, "delay "+f.Delay.String())
	}
	if name, ok := resets[f.Reset]; ok {
		what = append(what, "connection broken "+name+" the effect")
	}
	return which + ": " + strings.Join(append(what, probability(f.Rate)...), ", ")
}

// A requestView is a request that the API got.
type requestView struct {
	twiliotest.Request
	Key    string
	Params []parameter
}

func (p *page) requests(*http.Request) (view, error) {
	all := []requestView{}
	for i, r := range p.app.fake().Requests() {
		all = append(all, requestView{r, "r-" + strconv.Itoa(i), parameters(r.Query, r.Form)})
	}
	slices.Reverse(all)
	return view{"Requests", "requests", map[string]any{"Requests": all[:min(len(all), shownLog)]}, ""}, nil
}

// events tells the page when something has changed, and the time, by server-sent
// events.
func (a *app) events(w http.ResponseWriter, r *http.Request) {
	const (
		pause   = 100 * time.Millisecond // between two changes
		timeout = 10 * time.Second       // for a client that doesn't read
	)
	secure(w.Header(), "text/event-stream")
	controller := http.NewResponseController(w)
	send := func(event string, data any) error {
		text, err := json.Marshal(data)
		if err != nil {
			return err
		}
		if err := controller.SetWriteDeadline(time.Now().Add(timeout)); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "event: %s\ndata: %s\n\n", event, text); err != nil {
			return err
		}
		return controller.Flush()
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	go func() { // ends with the request
		select {
		case <-a.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	var fake *twiliotest.Server
	var seen uint64
	for ctx.Err() == nil {
		changed := true
		if current := a.fake(); current != fake { // at first, and after a reset
			fake, seen = current, 0
		} else {
			wait, done := context.WithTimeout(ctx, time.Second)
			count, err := fake.WaitForChange(wait, seen)
			done()
			seen, changed = count, err == nil
		}
		now := fake.Now()
		if send("tick", map[string]string{"iso": now.Format(time.RFC3339), "text": now.Format("Mon 2 Jan 2006 15:04:05") + " UTC"}) != nil ||
			changed && send("change", seen) != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}
