package webhook

import (
	"errors"
	"net/http"
	"strings"
)

// candidates is the number of URLs that Twilio may have signed for a request:
// each host with each target.
const candidates = 3 * 5

var errTarget = errors.New("the request's URL is not one that a server receives; pass the request unchanged")

// An address is the URL of a request exactly as it was received, neither
// decoded nor encoded again, because that is what a signature covers.
type address struct {
	scheme, host, target string
	root                 bool // the request's path is only a slash, or empty
}

// addressOf returns the URL of a request that was received, or of one that is
// about to be sent.
func addressOf(r *http.Request) (address, error) {
	a := address{scheme: "http", host: r.Host, target: r.RequestURI}
	if r.TLS != nil {
		a.scheme = "https"
	}
	if r.URL.IsAbs() {
		a.scheme = r.URL.Scheme
	}
	if a.host == "" {
		a.host = r.URL.Host
	}
	if a.target == "" { // a request that is about to be sent
		a.target = r.URL.RequestURI()
	}
	if !strings.HasPrefix(a.target, "/") {
		_, rest, absolute := strings.Cut(a.target, "://")
		if !absolute {
			return address{}, errTarget
		}
		a.target = ""
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			a.target = rest[i:]
		}
	}
	path, _, _ := strings.Cut(a.target, "?")
	a.root = path == "" || path == "/"
	if isUpgrade(r) {
		a.scheme = webSocketScheme(a.scheme)
	}
	return a, nil
}

// isUpgrade reports whether a request opens a WebSocket, as those of Media
// Streams and ConversationRelay do.
func isUpgrade(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// webSocketScheme returns the scheme that the URL of a WebSocket has in TwiML.
// Twilio signs that URL, although the server receives an HTTP request.
func webSocketScheme(scheme string) string {
	switch scheme {
	case "https":
		return "wss"
	case "http":
		return "ws"
	default:
		return scheme
	}
}

func (a address) isWebSocket() bool { return a.scheme == "wss" || a.scheme == "ws" }

func (a address) String() string { return a.scheme + "://" + a.host + a.target }

// query returns the query as it was sent.
func (a address) query() string {
	_, query, _ := strings.Cut(a.target, "?")
	return query
}

// candidates returns the URLs that Twilio may have signed. Their number is the
// same for every request, so some of them may be equal.
func (a address) candidates(r *http.Request) (urls [candidates]string) {
	hosts, targets := a.hosts(), a.targets(r)
	for i := range urls {
		a.host, a.target = hosts[i%len(hosts)], targets[i/len(hosts)]
		urls[i] = a.String()
	}
	return urls
}

// hosts returns the host as it was received, without its port, and with the
// scheme's default port. Which of them Twilio signs depends on the product.
func (a address) hosts() [3]string {
	bare := a.host
	if i := strings.LastIndexByte(a.host, ':'); i > strings.LastIndexByte(a.host, ']') {
		bare = a.host[:i]
	}
	port := a.host
	if bare == a.host {
		port += defaultPort(a.scheme)
	}
	return [3]string{a.host, bare, port}
}

func defaultPort(scheme string) string {
	switch scheme {
	case "https", "wss":
		return ":443"
	default:
		return ":80"
	}
}

// sipCharacters are characters that Twilio has been seen to sign unencoded in
// the query of a GET request, and to send encoded.
var sipCharacters = strings.NewReplacer("%3A", ":", "%3a", ":", "%40", "@")

// targets returns the path and query as they were received, with apostrophes
// encoded, with apostrophes decoded, with SIP addresses decoded, and with a
// slash after the path or without it. The slash is optional where a request has
// no other path, since HTTP adds it to a URL such as https://example.com?x=1,
// and for WebSockets, for which Twilio's documentation advises it.
func (a address) targets(r *http.Request) [5]string {
	sip, slash := a.target, a.target
	path, query, hasQuery := strings.Cut(a.target, "?")
	if hasQuery {
		query = "?" + query
	}
	if r.Method == http.MethodGet {
		sip = path + sipCharacters.Replace(query)
	}
	switch {
	case a.root && strings.HasSuffix(path, "/"):
		slash = strings.TrimSuffix(path, "/") + query
	case a.root, a.isWebSocket() && !strings.HasSuffix(path, "/"):
		slash = path + "/" + query
	}
	return [5]string{
		a.target,
		strings.ReplaceAll(a.target, "'", "%27"),
		strings.ReplaceAll(a.target, "%27", "'"),
		sip,
		slash,
	}
}
