package main

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"strings"
	"sync"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

// ErrOptedOut means that the recipient has asked for no more messages.
var ErrOptedOut = errors.New("the recipient has opted out")

// NewHandler returns the endpoint of all customers' phone numbers: Twilio
// requests /sms for each message that somebody writes to one of them, and
// /status when a message that was sent makes progress. The verifier refuses all
// other requests.
func NewHandler(verifier *webhook.Verifier, table *Table) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sms", table.receive)
	mux.HandleFunc("POST /status", table.follow)
	return verifier.Middleware(mux)
}

// A Row is a message, as far as is known.
type Row struct {
	AccountSID string
	From, To   string
	Body       string
	Status     twilio.MessageStatus
	ErrorCode  int
}

// A Table has the messages of all customers, by their SIDs. In your program it
// is a table of a database.
type Table struct {
	mu       sync.Mutex
	rows     map[string]Row
	optedOut map[conversation]bool
}

// A conversation is between a customer's number and somebody's phone.
type conversation struct{ number, phone string }

// NewTable returns an empty table.
func NewTable() *Table {
	return &Table{rows: map[string]Row{}, optedOut: map[conversation]bool{}}
}

// Row returns the message with a SID, or an empty one if there is none.
func (t *Table) Row(sid string) Row {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.rows[sid]
}

// update stores what is new about a message. The status never goes backwards,
// whichever comes first: a callback, another one, or the response to Create.
func (t *Table) update(sid string, row Row) {
	t.mu.Lock()
	defer t.mu.Unlock()
	old := t.rows[sid]
	row.Status = webhook.Later(old.Status, row.Status)
	if row.Body == "" {
		row.Body = old.Body // callbacks have none
	}
	if row.ErrorCode == 0 {
		row.ErrorCode = old.ErrorCode
	}
	t.rows[sid] = row
}

// receive stores an inbound message and replies to it. Twilio itself replies to
// STOP, START, HELP and their synonyms. A parameter that can't be read is no
// reason to lose the message.
func (t *Table) receive(w http.ResponseWriter, r *http.Request) {
	message, err := webhook.ParseMessage(r)
	if message == nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	t.update(message.SID, Row{
		AccountSID: webhook.AccountSID(r.Context()),
		From:       message.From,
		To:         message.To,
		Body:       message.Body,
		Status:     message.Status,
	})
	reply := "Thanks, we have received your message."
	switch strings.ToUpper(strings.TrimSpace(message.Body)) {
	case "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT":
		t.optOut(message, true)
		reply = ""
	case "START", "YES", "UNSTOP":
		t.optOut(message, false)
		reply = ""
	case "HELP", "INFO":
		reply = ""
	}
	w.Header().Set("Content-Type", "text/xml")
	_ = xml.NewEncoder(w).Encode(twiML{Message: reply})
}

type twiML struct {
	XMLName xml.Name `xml:"Response"`
	Message string   `xml:",omitempty"`
}

func (t *Table) optOut(message *webhook.Message, stop bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.optedOut[conversation{message.To, message.From}] = stop
}

// follow stores the progress of a message that was sent.
func (t *Table) follow(w http.ResponseWriter, r *http.Request) {
	status, err := webhook.ParseMessageStatus(r)
	if status == nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	t.update(status.SID, Row{
		AccountSID: webhook.AccountSID(r.Context()),
		From:       status.From,
		To:         status.To,
		Status:     status.Status,
		ErrorCode:  status.ErrorCode,
	})
	w.WriteHeader(http.StatusNoContent)
}

// Send sends a message and has its progress reported to the URL, unless the
// recipient has opted out. The client acts on the customer's account.
func (t *Table) Send(
	ctx context.Context, sub *twilio.Client,
	statusURL string, params twilio.MessageCreateParams,
) (sid string, err error) {
	t.mu.Lock()
	optedOut := t.optedOut[conversation{params.From, params.To}]
	t.mu.Unlock()
	if optedOut {
		return "", ErrOptedOut
	}
	params.StatusCallback = statusURL
	message, err := sub.Messages.Create(ctx, params)
	if err != nil {
		return "", err
	}
	t.update(message.SID, Row{
		AccountSID: message.AccountSID,
		From:       message.From,
		To:         message.To,
		Body:       message.Body,
		Status:     message.Status,
	})
	return message.SID, nil
}
