package twilio_test

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
// (dial, peer), or in the answer (front).
type fault struct {
	name string
	// group names a family of faults in the table, where all of it fares alike.
	group string

	// dial fails in place of making a connection.
	dial func(ctx context.Context) error
	// peer is who is at the other end of the connection, in place of the server.
	peer func(conn *end)
	// front answers in place of the fake, which it may let have its effect.
	front func(h hit)

	room   int          // how many bytes there is room for on the way to the peer
	tls    *certificate // the server's, for TLS
	http2  bool
	far    bool // connecting takes five seconds
	expect bool // the request waits for 100 Continue
	warm   bool // the connection has been used before
	// deadline is that of the caller's context; 0 is none.
	deadline time.Duration

	// status is that of the answer, where it has one that isn't a success.
	status int
	// harmless says that the client can tell that the request had no effect.
	// Otherwise it may have had one, as far as the client knows.
	harmless bool
	// lists says that only lists can meet it.
	lists bool
	// heavy says that it costs more than all the others, so that one operation
	// of each kind has to do.
	heavy bool
}

// A hit is a request that meets a fault at the server.
type hit struct {
	run *run
	w   http.ResponseWriter
	r   *http.Request
}

// effect lets the fake do what it is asked for, and keeps the answer back.
func (h hit) effect() *httptest.ResponseRecorder { return h.run.effect(h.r) }

// conn is the server's end of the connection that the request came on.
func (h hit) conn() *end { return h.r.Context().Value(connKey{}).(*end) }

// hang waits until the client gives up.
func (h hit) hang() {
	<-h.r.Context().Done()
	panic(http.ErrAbortHandler)
}

// wait waits for something else, unless the client gives up first.
func (h hit) wait(d time.Duration) {
	select {
	case <-time.After(d):
	case <-h.r.Context().Done():
		panic(http.ErrAbortHandler)
	}
}

// raw puts bytes on the wire and ends the connection.
func (h hit) raw(format string, args ...any) {
	conn, _, err := http.NewResponseController(h.w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, format, args...)
}

// frame puts a frame of HTTP/2 on the wire, once the server has sent its own.
func (h hit) frame(kind byte, stream uint32, payload ...uint32) {
	h.wait(time.Millisecond)
	frame := binary.BigEndian.AppendUint32(nil, uint32(4*len(payload))<<8|uint32(kind))
	frame = append(frame, 0) // flags
	frame = binary.BigEndian.AppendUint32(frame, stream)
	for _, word := range payload {
		frame = binary.BigEndian.AppendUint32(frame, word)
	}
	_, _ = h.conn().Write(frame)
}

// What HTTP/2 calls them.
const (
	frameRSTStream = 3
	frameGoAway    = 7
	refusedStream  = 7
	everyStream    = 1<<31 - 1
)

// reply gives an answer that is made up.
func reply(status int, body string, header ...string) func(hit) {
	return func(h hit) {
		for i := 0; i < len(header); i += 2 {
			h.w.Header().Set(header[i], header[i+1])
		}
		h.w.WriteHeader(status)
		_, _ = io.WriteString(h.w, body)
	}
}

// after lets the fake do its work first.
func after(front func(hit)) func(hit) {
	return func(h hit) {
		h.effect()
		front(h)
	}
}

// send gives the fake's own answer.
func send(w http.ResponseWriter, rec *httptest.ResponseRecorder) {
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes())
}

// bend changes the body of the fake's answer.
func bend(change func(body string) string) func(hit) {
	return func(h hit) {
		rec := h.effect()
		body := change(rec.Body.String())
		rec.Header().Del("Content-Length")
		rec.Body = bytes.NewBufferString(body)
		send(h.w, rec)
	}
}

// next changes the next_page_uri of a page, for one that has it.
func next(uri func(own string) string) func(hit) {
	return bend(func(body string) string {
		at := strings.LastIndex(body, `"uri":"`)
		head, tail, ok := strings.Cut(body, `"next_page_uri":"`)
		if !ok || at < 0 {
			return body
		}
		own, _, _ := strings.Cut(body[at+len(`"uri":"`):], `"`)
		_, tail, _ = strings.Cut(tail, `"`)
		return head + `"next_page_uri":"` + uri(own) + `"` + tail
	})
}

// lengthOff answers with a Content-Length that isn't the body's.
func lengthOff(by int) func(hit) {
	return func(h hit) {
		rec := h.effect()
		if rec.Code == http.StatusNoContent { // which has no length to get wrong
			h.raw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
			return
		}
		h.raw("HTTP/1.1 %d x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", rec.Code, rec.Body.Len()+by, rec.Body)
	}
}

// unending answers for ever, a piece at a time.
func unending(head, piece string, pause time.Duration) func(hit) {
	return after(func(h hit) {
		conn, _, err := http.NewResponseController(h.w).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		for _, err = io.WriteString(conn, head); err == nil; _, err = io.WriteString(conn, piece) {
			if pause > 0 {
				select {
				case <-time.After(pause):
				case <-h.run.net.down:
					return
				}
			}
		}
	})
}

// bomb answers with 40 MB of spaces, packed.
func bomb(status int) func(hit) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
	_ = z.Close()
	packed := strings.Repeat(b.String(), 40)
	return after(reply(status, packed, "Content-Encoding", "gzip"))
}

// half sends one half of the fake's answer, does something, and sends the other.
func half(between func(hit)) func(hit) {
	return func(h hit) {
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

// handshake is a server that gets no further than that.
func handshake(config *tls.Config) func(*end) {
	return func(conn *end) {
		defer conn.Close()
		server := tls.Server(conn, config)
		if server.Handshake() == nil {
			_, _ = io.Copy(io.Discard, server)
		}
	}
}

// greeted waits for the first byte, and goes on.
func greeted(then func(*end)) func(*end) {
	return func(conn *end) {
		defer conn.Close()
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			then(conn)
		}
	}
}

// midBody reads a request's header, and resets the connection while the client
// waits for room to write the rest.
func midBody(conn *end) {
	defer conn.Close()
	var head []byte
	for b := make([]byte, 1); !bytes.HasSuffix(head, []byte("\r\n\r\n")); head = append(head, b...) {
		if _, err := conn.Read(b); err != nil {
			return
		}
	}
	conn.reset()
}

// quietContinue reads a body that waits for 100 Continue, and never says so.
func quietContinue(h hit) {
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
	problem  = `{"code":%d,"message":"no","more_info":"https://www.twilio.com/docs/errors/%[1]d","status":%d}`
	htmlText = "<html><h1>Sorry</h1></html>"
	xmlText  = `<?xml version="1.0"?><TwilioResponse/>`
)

// faults returns all of them, in the order of a request's life.
func faults() []fault {
	const year = 365 * 24 * time.Hour
	start := time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC) // of a bubble's clock
	spaces := strings.Repeat(" ", 64<<10)
	good, stranger := certify(start.Add(-year), start.Add(year)), certify(start.Add(-year), start.Add(year))
	later := certify(start.Add(26*year), start.Add(28*year))
	good.trusted.AddCert(later.server.Leaf)
	old := good.serverConfig()
	old.MinVersion, old.MaxVersion = tls.VersionTLS11, tls.VersionTLS11

	all := []fault{
		{name: "connection refused", harmless: true, dial: func(context.Context) error { return dialError(syscall.ECONNREFUSED) }},
		{name: "DNS: no such host", harmless: true, dial: func(context.Context) error {
			return dialError(&net.DNSError{Err: "no such host", Name: "api.twilio.com", IsNotFound: true})
		}},
		{name: "DNS: no answer", harmless: true, dial: func(context.Context) error {
			return dialError(&net.DNSError{Err: "i/o timeout", Name: "api.twilio.com", IsTimeout: true})
		}},
		{name: "connecting gets no answer", harmless: true, dial: unanswered},
		{name: "connecting gets no answer, the context ends first", harmless: true, dial: unanswered, deadline: 5 * time.Second},
		{name: "TLS: certificate not trusted", harmless: true, tls: &good, peer: handshake(stranger.serverConfig())},
		{name: "TLS: certificate not valid yet, as for a clock that is years behind", harmless: true, tls: &good, peer: handshake(later.serverConfig())},
		{name: "TLS: no version in common", harmless: true, tls: &good, peer: handshake(old)},
		{name: "TLS: the other side speaks plain HTTP", harmless: true, tls: &good, peer: greeted(func(conn *end) {
			_, _ = io.WriteString(conn, "HTTP/1.1 400 Bad Request\r\n\r\n")
		})},
		{name: "TLS: handshake hangs", harmless: true, tls: &good, peer: greeted(func(conn *end) { _, _ = io.Copy(io.Discard, conn) })},
		{name: "TLS: reset during the handshake", harmless: true, tls: &good, peer: greeted((*end).reset)},
		{name: "TLS: closed during the handshake", harmless: true, tls: &good, peer: greeted(func(*end) {})},

		{name: "reset before the request is read", peer: greeted((*end).reset)},
		{name: "reset while the body is written", peer: midBody, room: 16},
		{name: "reset before the effect", front: func(h hit) { h.conn().reset() }},
		{name: "reset after the effect", front: after(func(h hit) { h.conn().reset() })},
		{name: "closed before the effect", front: func(h hit) { h.raw("") }},
		{name: "closed after the effect", front: after(func(h hit) { h.raw("") })},
		{name: "closed before the effect, on a connection in use", warm: true, front: func(h hit) { h.raw("") }},
		{name: "time-out before the effect", front: hit.hang},
		{name: "time-out after the effect", front: after(hit.hang)},
		{name: "context ends before the effect", front: hit.hang, deadline: 10 * time.Second},
		{name: "context ends after the effect", front: after(hit.hang), deadline: 10 * time.Second},
		{name: "answer after 25 s", front: func(h hit) {
			rec := h.effect()
			h.wait(25 * time.Second)
			send(h.w, rec)
		}},
		{name: "no 100 Continue", expect: true, front: quietContinue},
		{name: "100 Continue, and no more", expect: true, front: after(hit.hang)},
		{name: "103 Early Hints without end", front: unending("", "HTTP/1.1 103 Early Hints\r\nLink: "+strings.Repeat("x", 4<<10)+"\r\n\r\n", 0)},
	}

	limited := func(name, body string, header ...string) fault {
		return fault{name: name, harmless: true, status: 429, front: reply(429, body, header...)}
	}
	busy := fmt.Sprintf(problem, 20429, 429)
	date := func(d time.Duration) string { return start.Add(d).Format(http.TimeFormat) }
	beyond := limited("429, Retry-After beyond the context", busy, "Retry-After", "8")
	beyond.deadline = 5 * time.Second
	all = append(all,
		limited("429 with code 20429", busy),
		limited("429 without a code", ""),
		limited("429 of a proxy, as HTML", htmlText),
		limited("429 with code 21611", fmt.Sprintf(problem, 21611, 429)),
		limited("429, Retry-After: 2", busy, "Retry-After", "2"),
		beyond,
		limited("429, Retry-After beyond the longest wait", busy, "Retry-After", "86400"),
		limited("429, Retry-After a date", busy, "Retry-After", date(5*time.Second)),
		limited("429, Retry-After a date that is past, as for a local clock that is ahead", busy, "Retry-After", date(-year)),
		limited("429, Retry-After a date that is far, as for a local clock that is behind", busy, "Retry-After", date(year)),
		limited("429, Retry-After that can't be read", busy, "Retry-After", "soon"),
	)
	for _, status := range []int{400, 401, 403, 404, 408, 409, 421, 425} {
		all = append(all, fault{name: strconv.Itoa(status), group: "400, 408, 409, 421, 425", harmless: true, status: status,
			front: reply(status, fmt.Sprintf(problem, 20001, status))})
		if status == 401 || status == 403 || status == 404 {
			all[len(all)-1].group = ""
		}
	}
	for _, status := range []int{500, 502, 503, 504} {
		for _, form := range []struct{ name, body string }{{"JSON", fmt.Sprintf(problem, 20500, status)}, {"HTML", htmlText}, {"XML", xmlText}, {"nothing", ""}} {
			all = append(all, fault{name: fmt.Sprintf("%d with %s", status, form.name), status: status, front: reply(status, form.body),
				group: "500, 502, 503, 504, each with JSON, HTML, XML, nothing"})
		}
	}
	for _, status := range []int{501, 520, 524} {
		all = append(all, fault{name: strconv.Itoa(status), group: "501, 520, 524", status: status, front: reply(status, htmlText)})
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		f := fault{name: fmt.Sprintf("%d to another host", status), status: status,
			front: reply(status, "", "Location", "https://elsewhere.example/")}
		if status != 303 { // the others say that the same request belongs elsewhere
			f.harmless, f.group = true, "301, 302, 307, 308 to another host"
		}
		all = append(all, f)
	}
	all = append(all,
		fault{name: "101 Switching Protocols", status: 101, front: func(h hit) {
			conn, _, err := http.NewResponseController(h.w).Hijack()
			if err == nil {
				fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
				_, _ = io.Copy(io.Discard, conn)
				_ = conn.Close()
			}
		}},
		fault{name: "302 without Location", harmless: true, status: 302, front: reply(302, "")},
		fault{name: "304", status: 304, front: reply(304, "")},
		fault{name: "500 after the effect", status: 500, front: after(reply(500, fmt.Sprintf(problem, 20500, 500)))},
		fault{name: "503 with HTML after the effect", status: 503, front: after(reply(503, htmlText))},

		fault{name: "not HTTP", front: after(func(h hit) { h.raw("Ahoy!\r\n\r\n") })},
		fault{name: "cut-off header", front: after(func(h hit) { h.raw("HTTP/1.1 200 OK\r\nContent-Ty") })},
		fault{name: "endless header", front: unending("HTTP/1.1 200 OK\r\n", strings.Repeat("x", 500)+": "+strings.Repeat("x", 500)+"\r\n", 0)},
		fault{name: "cut-off body", front: half(func(hit) { panic(http.ErrAbortHandler) })},
		fault{name: "reset during the body", front: half(func(h hit) { h.conn().reset() })},
		fault{name: "time-out during the body", front: half(hit.hang)},
		fault{name: "cut-off body of a 500", status: 500, front: func(h hit) { h.raw("HTTP/1.1 500 x\r\nContent-Length: 100\r\n\r\n<html>") }},
		fault{name: "Content-Length too large", front: lengthOff(10)},
		fault{name: "Content-Length too small", front: lengthOff(-10)},
		fault{name: "Content-Length that isn't a number", front: after(func(h hit) { h.raw("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}") })},
		fault{name: "broken chunks", front: after(func(h hit) { h.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n{}") })},
		fault{name: "endless body", heavy: true, front: unending("HTTP/1.1 200 OK\r\n\r\n", spaces, 0)},
		fault{name: "endless body of a 500", heavy: true, status: 500, front: unending("HTTP/1.1 500 x\r\n\r\n", spaces, 0)},
		fault{name: "body in slow drips", front: unending("HTTP/1.1 200 OK\r\n\r\n", " ", time.Second)},
		fault{name: "gzip bomb", heavy: true, front: bomb(200)},
		fault{name: "gzip bomb in a 500", status: 500, heavy: true, front: bomb(500)},
		fault{name: "broken gzip", front: after(reply(200, "{}", "Content-Encoding", "gzip"))},
		fault{name: "200 with HTML", front: after(reply(200, htmlText))},
		fault{name: "200 with XML", front: after(reply(200, xmlText))},
		fault{name: "200 with nothing", front: after(reply(200, ""))},
		fault{name: "201 with nothing", front: after(reply(201, ""))},
		fault{name: "204 with garbage", front: after(func(h hit) { h.raw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\ngarbage") })},
		fault{name: "200 with cut-off JSON", front: bend(func(body string) string { return body[:len(body)/2] })},
		fault{name: "200 with JSON of another shape", front: after(reply(200, `["Ahoy"]`))},

		fault{name: "next_page_uri to another host", lists: true, front: next(func(own string) string { return "https://elsewhere.example" + own })},
		fault{name: "next_page_uri to another host, without a scheme", lists: true, front: next(func(own string) string { return "//elsewhere.example" + own })},
		fault{name: "next_page_uri to another account", lists: true, front: next(func(own string) string {
			return strings.Replace(own, "/Accounts", "/Accounts/"+other, 1)
		})},
		fault{name: "next_page_uri to itself", lists: true, front: next(func(own string) string { return own })},
		fault{name: "next_page_uri that isn't one", lists: true, front: next(func(string) string { return "%zz" })},

		fault{name: "HTTP/2: stream reset after the effect", http2: true, front: after(func(hit) { panic(http.ErrAbortHandler) })},
		fault{name: "HTTP/2: stream refused", http2: true, front: func(h hit) {
			h.frame(frameRSTStream, h.run.stream(h.conn()), refusedStream)
			h.hang()
		}},
		fault{name: "HTTP/2: GOAWAY that names the request as never processed", http2: true, far: true, front: func(h hit) {
			h.frame(frameGoAway, 0, 0, 0)
			h.hang()
		}},
		fault{name: "HTTP/2: GOAWAY that names the request as processed, then closed", http2: true, front: after(func(h hit) {
			h.frame(frameGoAway, 0, everyStream, 0)
			_ = h.conn().Close()
		})},
		fault{name: "HTTP/2: GOAWAY with the answer", http2: true, front: func(h hit) {
			h.w.Header().Set("Connection", "close")
			send(h.w, h.effect())
		}},
		fault{name: "HTTP/2: GOAWAY during the answer, which goes on", http2: true, front: half(func(h hit) { h.frame(frameGoAway, 0, everyStream, 0) })},
		fault{name: "HTTP/2: GOAWAY during the answer, which breaks off", http2: true, front: half(func(h hit) {
			h.frame(frameGoAway, 0, everyStream, 0)
			_ = h.conn().Close()
		})},
		fault{name: "HTTP/2: reset during the answer", http2: true, front: half(func(h hit) { h.conn().reset() })},
	)
	return all
}

// unanswered is a dial whose packets are lost. It ends as a net.Dialer does.
func unanswered(ctx context.Context) error {
	select {
	case <-time.After(10 * time.Second):
		return dialError(cmp.Or[error](ctx.Err(), syscall.ETIMEDOUT))
	case <-ctx.Done():
		return dialError(ctx.Err())
	}
}
