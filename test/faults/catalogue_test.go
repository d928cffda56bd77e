package faults

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A fault is something that goes wrong with a request: on the way to Twilio
// (dial, peer) or in the response (respond).
type fault struct {
	name string
	// group names a family of faults, which the table names in their place if
	// they all have the same results.
	group string

	// dial fails instead of making a connection.
	dial func(ctx context.Context) error
	// peer is at the other end of the connection in place of the server.
	peer func(conn *connEnd)
	// respond responds in place of the fake. It may call effect first.
	respond func(h faultyRequest)

	buffer         int          // how many bytes there is room for on the way to the peer
	tls            *certificate // the server's, for TLS
	http2          bool
	slowDial       bool // connecting takes five seconds
	expectContinue bool // the request waits for 100 Continue
	reuse          bool // the connection has been used before
	// deadline is that of the caller's context. Zero is none.
	deadline time.Duration

	// status is that of the response, if it isn't a success.
	status int
	// noEffect says that the client can tell that the request had no effect.
	// Otherwise it may have had one, as far as the client knows.
	noEffect bool
	// listsOnly says that only lists can meet it.
	listsOnly bool
	// expensive says that it takes more memory and time than all the others, so
	// that few operations meet it.
	expensive bool
}

// A faultyRequest is a request that meets a fault at the server.
type faultyRequest struct {
	session *session
	w       http.ResponseWriter
	r       *http.Request
}

// effect lets the fake process the request, and keeps its response back.
func (h faultyRequest) effect() *httptest.ResponseRecorder { return h.session.effect(h.r) }

// conn is the server's end of the connection that the request came on.
func (h faultyRequest) conn() *connEnd { return h.r.Context().Value(connKey{}).(*connEnd) }

// hang waits until the client gives up.
func (h faultyRequest) hang() {
	<-h.r.Context().Done()
	panic(http.ErrAbortHandler)
}

// hangInBody is hang for a response that has a body; without one the client has all
// of it, and uses the connection again.
func (h faultyRequest) hangInBody() {
	if h.r.Method != http.MethodDelete {
		h.hang()
	}
}

// wait waits, unless the client gives up first.
func (h faultyRequest) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-h.r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// writeRaw writes bytes to the connection and closes it.
func (h faultyRequest) writeRaw(format string, args ...any) {
	conn, _, err := http.NewResponseController(h.w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, format, args...)
}

// writeFrame writes a frame of HTTP/2, after those of the server.
func (h faultyRequest) writeFrame(kind byte, stream uint32, payload ...uint32) {
	h.wait(time.Millisecond)
	frame := binary.BigEndian.AppendUint32(nil, uint32(4*len(payload))<<8|uint32(kind))
	frame = append(frame, 0) // flags
	frame = binary.BigEndian.AppendUint32(frame, stream)
	for _, word := range payload {
		frame = binary.BigEndian.AppendUint32(frame, word)
	}
	_, _ = h.conn().Write(frame)
}

// goAway writes a GOAWAY with the last stream that the server will process, and
// closes the connection a second later, as net/http's server does. A client of
// net/http leaves that to the server if the frame arrives when one request has
// just ended and another is about to use the connection.
func (h faultyRequest) goAway(last uint32) {
	h.writeFrame(frameGoAway, 0, last, 0)
	conn := h.conn()
	time.AfterFunc(time.Second, func() { _ = conn.Close() })
}

// Frame types, an error code and the largest stream ID of HTTP/2.
const (
	frameRSTStream = 3
	frameGoAway    = 7
	refusedStream  = 7
	everyStream    = 1<<31 - 1
)

// respondWith responds with a status, a body, and pairs of header names and
// values.
func respondWith(status int, body string, header ...string) func(faultyRequest) {
	return func(h faultyRequest) {
		for i := 0; i < len(header); i += 2 {
			h.w.Header().Set(header[i], header[i+1])
		}
		h.w.WriteHeader(status)
		_, _ = io.WriteString(h.w, body)
	}
}

// afterEffect lets the fake process the request first.
func afterEffect(respond func(faultyRequest)) func(faultyRequest) {
	return func(h faultyRequest) {
		h.effect()
		respond(h)
	}
}

// forward sends the fake's own response.
func forward(w http.ResponseWriter, rec *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// editBody changes the body of the fake's response.
func editBody(change func(body string) string) func(faultyRequest) {
	return func(h faultyRequest) {
		rec := h.effect()
		body := change(rec.Body.String())
		rec.Header().Del("Content-Length")
		rec.Body = bytes.NewBufferString(body)
		forward(h.w, rec)
	}
}

// editNextPage changes the next_page_uri of a page that has one, or the
// next_page_url. Its argument is the path of the page.
func editNextPage(uri func(own string) string) func(faultyRequest) {
	return editBody(func(body string) string {
		next, page := `"next_page_uri":"`, `"uri":"`
		at := strings.LastIndex(body, page)
		if meta := strings.Index(body, `"meta":{`); meta >= 0 {
			next, page = `"next_page_url":"`, `"url":"https://`
			at = meta + strings.Index(body[meta:], page)
		}
		head, tail, ok := strings.Cut(body, next)
		if !ok || at < 0 {
			return body
		}
		own, _, _ := strings.Cut(body[at+len(page):], `"`)
		_, tail, _ = strings.Cut(tail, `"`)
		return head + next + uri(own[strings.Index(own, "/"):]) + `"` + tail
	})
}

// wrongLength responds with a Content-Length that is off by some bytes.
func wrongLength(by int) func(faultyRequest) {
	return func(h faultyRequest) {
		rec := h.effect()
		if rec.Code == http.StatusNoContent { // which has no length to get wrong
			h.writeRaw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
			return
		}
		h.writeRaw("HTTP/1.1 %d x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", rec.Code, rec.Body.Len()+by, rec.Body)
	}
}

// endless responds without end, a piece at a time.
func endless(head, piece string, pause time.Duration) func(faultyRequest) {
	return afterEffect(func(h faultyRequest) {
		conn, _, err := http.NewResponseController(h.w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		for _, err = io.WriteString(conn, head); err == nil; _, err = io.WriteString(conn, piece) {
			if pause > 0 {
				select {
				case <-time.After(pause):
				case <-h.session.net.down:
					return
				}
			}
		}
	})
}

// gzipBomb responds with 40 MB of spaces, compressed.
func gzipBomb(status int) func(faultyRequest) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
	_ = z.Close()
	packed := strings.Repeat(b.String(), 40)
	return afterEffect(respondWith(status, packed, "Content-Encoding", "gzip"))
}

// halfThen sends one half of the fake's response, calls a function, and sends
// the other half.
func halfThen(between func(faultyRequest)) func(faultyRequest) {
	return func(h faultyRequest) {
		rec := h.effect()
		maps.Copy(h.w.Header(), rec.Header())
		h.w.WriteHeader(rec.Code)
		first := rec.Body.Next(rec.Body.Len() / 2)
		_, _ = h.w.Write(first)
		_ = http.NewResponseController(h.w).Flush()
		h.wait(time.Millisecond) // the client has read it then
		between(h)
		_, _ = h.w.Write(rec.Body.Bytes())
	}
}

// tlsServer is a peer that makes a TLS handshake and never responds.
func tlsServer(config *tls.Config) func(*connEnd) {
	return func(conn *connEnd) {
		defer conn.Close()
		server := tls.Server(conn, config)
		if server.Handshake() == nil {
			_, _ = io.Copy(io.Discard, server)
		}
	}
}

// afterFirstByte is a peer that waits for the first byte.
func afterFirstByte(then func(*connEnd)) func(*connEnd) {
	return func(conn *connEnd) {
		defer conn.Close()
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			then(conn)
		}
	}
}

// resetMidBody reads the header of a request and resets the connection while
// the client waits to write the rest.
func resetMidBody(conn *connEnd) {
	defer conn.Close()
	var head []byte
	for b := make([]byte, 1); !bytes.HasSuffix(head, []byte("\r\n\r\n")); head = append(head, b...) {
		if _, err := conn.Read(b); err != nil {
			return
		}
	}
	conn.reset()
}

// silentContinue reads the body of a request that expects 100 Continue, and
// responds without it.
func silentContinue(h faultyRequest) {
	conn, buffer, err := http.NewResponseController(h.w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	body := make([]byte, max(h.r.ContentLength, 0))
	if _, err := io.ReadFull(buffer, body); err != nil {
		return
	}
	h.r.Body = io.NopCloser(bytes.NewReader(body))
	rec := h.effect()
	fmt.Fprintf(conn, "HTTP/1.1 %d x\r\nConnection: close\r\n\r\n%s", rec.Code, rec.Body)
}

const (
	errorJSON = `{"code":%d,"message":"no","more_info":"https://www.twilio.com/docs/errors/%[1]d","status":%d}`
	htmlText  = "<html><h1>Sorry</h1></html>"
	xmlText   = `<?xml version="1.0"?><TwilioResponse/>`
)

// faults returns all faults, in the order of a request's life.
func faults() []fault {
	const year = 365 * 24 * time.Hour
	start := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) // of a bubble's clock
	spaces := strings.Repeat(" ", 64<<10)
	good, stranger := newCertificate(start.Add(-year), start.Add(year)), newCertificate(start.Add(-year), start.Add(year))
	later := newCertificate(start.Add(26*year), start.Add(28*year))
	good.trusted.AddCert(later.server.Leaf)
	old := good.serverConfig()
	old.MinVersion, old.MaxVersion = tls.VersionTLS11, tls.VersionTLS11

	all := []fault{
		{name: "connection refused", noEffect: true, dial: func(context.Context) error { return dialError(syscall.ECONNREFUSED) }},
		{name: "DNS: no such host", noEffect: true, dial: func(context.Context) error {
			return dialError(&net.DNSError{Err: "no such host", Name: "api.twilio.com", IsNotFound: true})
		}},
		{name: "DNS: time-out", noEffect: true, dial: func(context.Context) error {
			return dialError(&net.DNSError{Err: "i/o timeout", Name: "api.twilio.com", IsTimeout: true})
		}},
		{name: "connecting times out", noEffect: true, dial: dialTimeout},
		{name: "connecting hangs, the context ends first", noEffect: true, dial: dialTimeout, deadline: 5 * time.Second},
		{name: "TLS: certificate not trusted", noEffect: true, tls: &good, peer: tlsServer(stranger.serverConfig())},
		{name: "TLS: certificate not valid yet (a local clock that is years behind)", noEffect: true, tls: &good, peer: tlsServer(later.serverConfig())},
		{name: "TLS: no version in common", noEffect: true, tls: &good, peer: tlsServer(old)},
		{name: "TLS: the other side speaks plain HTTP", noEffect: true, tls: &good, peer: afterFirstByte(func(conn *connEnd) {
			_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
		})},
		{name: "TLS: handshake hangs", noEffect: true, tls: &good, peer: afterFirstByte(func(conn *connEnd) { _, _ = io.Copy(io.Discard, conn) })},
		{name: "TLS: reset during the handshake", noEffect: true, tls: &good, peer: afterFirstByte((*connEnd).reset)},
		{name: "TLS: closed during the handshake", noEffect: true, tls: &good, peer: afterFirstByte(func(*connEnd) {})},

		{name: "reset before the request is read", peer: afterFirstByte((*connEnd).reset)},
		{name: "reset while the body is written", peer: resetMidBody, buffer: 16},
		{name: "reset before the effect", respond: func(h faultyRequest) { h.conn().reset() }},
		{name: "reset after the effect", respond: afterEffect(func(h faultyRequest) { h.conn().reset() })},
		{name: "closed before the effect", respond: func(h faultyRequest) { h.writeRaw("") }},
		{name: "closed after the effect", respond: afterEffect(func(h faultyRequest) { h.writeRaw("") })},
		{name: "closed before the effect, on a reused connection", reuse: true, respond: func(h faultyRequest) { h.writeRaw("") }},
		{name: "time-out before the effect", respond: faultyRequest.hang},
		{name: "time-out after the effect", respond: afterEffect(faultyRequest.hang)},
		{name: "context ends before the effect", respond: faultyRequest.hang, deadline: 10 * time.Second},
		{name: "context ends after the effect", respond: afterEffect(faultyRequest.hang), deadline: 10 * time.Second},
		{name: "response after 25 s", respond: func(h faultyRequest) {
			rec := h.effect()
			h.wait(25 * time.Second)
			forward(h.w, rec)
		}},
		{name: "no 100 Continue", expectContinue: true, respond: silentContinue},
		{name: "100 Continue and no response", expectContinue: true, respond: afterEffect(faultyRequest.hang)},
		{name: "endless 103 Early Hints", respond: endless("", "HTTP/1.1 103 Early Hints\r\nLink: "+strings.Repeat("x", 4<<10)+"\r\n\r\n", 0)},
	}

	limited := func(name, body string, header ...string) fault {
		return fault{name: name, noEffect: true, status: 429, respond: respondWith(429, body, header...)}
	}
	busy := fmt.Sprintf(errorJSON, 20429, 429)
	date := func(d time.Duration) string { return start.Add(d).Format(http.TimeFormat) }
	beyond := limited("429, Retry-After beyond the context", busy, "Retry-After", "8")
	beyond.deadline = 5 * time.Second
	all = append(all,
		limited("429 with code 20429", busy),
		limited("429 without a code", ""),
		limited("429 of a proxy, as HTML", htmlText),
		limited("429 with code 21611", fmt.Sprintf(errorJSON, 21611, 429)),
		limited("429, Retry-After: 2", busy, "Retry-After", "2"),
		beyond,
		limited("429, Retry-After beyond the longest wait", busy, "Retry-After", "86400"),
		limited("429, Retry-After a date", busy, "Retry-After", date(5*time.Second)),
		limited("429, Retry-After a past date (a local clock that is ahead)", busy, "Retry-After", date(-year)),
		limited("429, Retry-After a far date (a local clock that is behind)", busy, "Retry-After", date(year)),
		limited("429, malformed Retry-After", busy, "Retry-After", "soon"),
	)
	for _, status := range []int{400, 401, 403, 404, 408, 409, 421, 425} {
		all = append(all, fault{name: strconv.Itoa(status), group: "400, 408, 409, 421, 425", noEffect: true, status: status,
			respond: respondWith(status, fmt.Sprintf(errorJSON, 20001, status))})
		if status == 401 || status == 403 || status == 404 {
			all[len(all)-1].group = ""
		}
	}
	for _, status := range []int{500, 502, 503, 504} {
		for _, form := range []struct{ name, body string }{{"JSON", fmt.Sprintf(errorJSON, 20500, status)}, {"HTML", htmlText}, {"XML", xmlText}, {"nothing", ""}} {
			all = append(all, fault{name: fmt.Sprintf("%d with %s", status, form.name), status: status, respond: respondWith(status, form.body),
				group: "500, 502, 503, 504, each with JSON, HTML, XML, nothing"})
		}
	}
	for _, status := range []int{501, 520, 524} {
		all = append(all, fault{name: strconv.Itoa(status), group: "501, 520, 524", status: status, respond: respondWith(status, htmlText)})
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		f := fault{name: fmt.Sprintf("%d to another host", status), status: status,
			respond: respondWith(status, "", "Location", "https://elsewhere.example/")}
		if status != 303 { // the others say that the same request belongs elsewhere
			f.noEffect, f.group = true, "301, 302, 307, 308 to another host"
		}
		all = append(all, f)
	}
	all = append(all,
		fault{name: "101 Switching Protocols", status: 101, respond: func(h faultyRequest) {
			conn, _, err := http.NewResponseController(h.w).Hijack()
			if err == nil {
				fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
			}
		}},
		fault{name: "302 without Location", noEffect: true, status: 302, respond: respondWith(302, "")},
		fault{name: "304", status: 304, respond: respondWith(304, "")},
		fault{name: "500 after the effect", status: 500, respond: afterEffect(respondWith(500, fmt.Sprintf(errorJSON, 20500, 500)))},
		fault{name: "503 with HTML after the effect", status: 503, respond: afterEffect(respondWith(503, htmlText))},

		fault{name: "not HTTP", respond: afterEffect(func(h faultyRequest) { h.writeRaw("Ahoy!\r\n\r\n") })},
		fault{name: "cut-off header", respond: afterEffect(func(h faultyRequest) { h.writeRaw("HTTP/1.1 200 OK\r\nContent-Ty") })},
		fault{name: "endless header", respond: endless("HTTP/1.1 200 OK\r\n", strings.Repeat("x", 500)+": "+strings.Repeat("x", 500)+"\r\n", 0)},
		fault{name: "cut-off body", respond: halfThen(func(faultyRequest) { panic(http.ErrAbortHandler) })},
		fault{name: "reset during the body", respond: halfThen(func(h faultyRequest) { h.conn().reset() })},
		fault{name: "time-out during the body", respond: halfThen(faultyRequest.hangInBody)},
		fault{name: "cut-off body of a 500", status: 500, respond: func(h faultyRequest) { h.writeRaw("HTTP/1.1 500 x\r\nContent-Length: 100\r\n\r\n<html>") }},
		fault{name: "Content-Length too large", respond: wrongLength(10)},
		fault{name: "Content-Length too small", respond: wrongLength(-10)},
		fault{name: "Content-Length that isn't a number", respond: afterEffect(func(h faultyRequest) { h.writeRaw("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}") })},
		fault{name: "broken chunks", respond: afterEffect(func(h faultyRequest) { h.writeRaw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n{}") })},
		fault{name: "endless body", expensive: true, respond: endless("HTTP/1.1 200 OK\r\n\r\n", spaces, 0)},
		fault{name: "endless body of a 500", expensive: true, status: 500, respond: endless("HTTP/1.1 500 x\r\n\r\n", spaces, 0)},
		fault{name: "body of one byte a second", respond: endless("HTTP/1.1 200 OK\r\n\r\n", " ", time.Second)},
		fault{name: "gzip bomb", expensive: true, respond: gzipBomb(200)},
		fault{name: "gzip bomb in a 500", status: 500, expensive: true, respond: gzipBomb(500)},
		fault{name: "broken gzip", respond: afterEffect(respondWith(200, "{}", "Content-Encoding", "gzip"))},
		fault{name: "200 with HTML", respond: afterEffect(respondWith(200, htmlText))},
		fault{name: "200 with XML", respond: afterEffect(respondWith(200, xmlText))},
		fault{name: "200 with nothing", respond: afterEffect(respondWith(200, ""))},
		fault{name: "201 with nothing", respond: afterEffect(respondWith(201, ""))},
		fault{name: "204 with garbage", respond: afterEffect(func(h faultyRequest) { h.writeRaw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\ngarbage") })},
		fault{name: "200 with cut-off JSON", respond: editBody(func(body string) string { return body[:len(body)/2] })},
		fault{name: "200 with JSON of another shape", respond: afterEffect(respondWith(200, `["Ahoy"]`))},
		fault{name: "200 with an empty object", respond: afterEffect(respondWith(200, `{}`))},
		fault{name: "200 with null", respond: afterEffect(respondWith(200, `null`))},
		fault{name: "200 with an error", respond: afterEffect(respondWith(200, `{"code":20500,"message":"no","status":500}`))},

		fault{name: "next_page_uri to another host", listsOnly: true, respond: editNextPage(func(own string) string { return "https://elsewhere.example" + own })},
		fault{name: "next_page_uri to another host, without a scheme", listsOnly: true, respond: editNextPage(func(own string) string { return "//elsewhere.example" + own })},
		fault{name: "next_page_uri to another account", listsOnly: true, respond: editNextPage(func(own string) string {
			if strings.HasPrefix(own, "/v") { // of a product, where no path names an account
				return "/Accounts/" + other + own
			}
			return strings.Replace(own, "/Accounts", "/Accounts/"+other, 1)
		})},
		fault{name: "next_page_uri to itself", listsOnly: true, respond: editNextPage(func(own string) string { return own })},
		fault{name: "next_page_uri that isn't one", listsOnly: true, respond: editNextPage(func(string) string { return "%zz" })},

		fault{name: "HTTP/2: stream reset after the effect", http2: true, respond: afterEffect(func(faultyRequest) { panic(http.ErrAbortHandler) })},
		fault{name: "HTTP/2: stream refused", http2: true, respond: func(h faultyRequest) {
			h.writeFrame(frameRSTStream, h.session.streamID(h.conn()), refusedStream)
			h.hang()
		}},
		fault{name: "HTTP/2: GOAWAY that names the request as never processed", http2: true, slowDial: true, respond: func(h faultyRequest) {
			h.goAway(0)
			h.hang()
		}},
		fault{name: "HTTP/2: GOAWAY that names the request as processed, then closed", http2: true, respond: afterEffect(func(h faultyRequest) {
			h.goAway(everyStream)
			_ = h.conn().Close()
		})},
		fault{name: "HTTP/2: GOAWAY with the response", http2: true, respond: func(h faultyRequest) {
			h.w.Header().Set("Connection", "close")
			forward(h.w, h.effect())
		}},
		fault{name: "HTTP/2: GOAWAY during the response, which continues", http2: true, respond: halfThen(func(h faultyRequest) { h.goAway(everyStream) })},
		fault{name: "HTTP/2: GOAWAY during the response, which breaks off", http2: true, respond: halfThen(func(h faultyRequest) {
			h.goAway(everyStream)
			_ = h.conn().Close()
		})},
		fault{name: "HTTP/2: reset during the response", http2: true, respond: halfThen(func(h faultyRequest) { h.conn().reset() })},
	)
	return all
}

// dialTimeout is a dial whose packets are lost. It ends as that of a net.Dialer
// does.
func dialTimeout(ctx context.Context) error {
	select {
	case <-time.After(10 * time.Second):
		return dialError(cmp.Or[error](ctx.Err(), syscall.ETIMEDOUT))
	case <-ctx.Done():
		return dialError(ctx.Err())
	}
}
