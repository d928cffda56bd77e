package twilio

import (
	"net/url"
	"strings"
)

// A route is one resource of the API: where it is, and what its lists look
// like.
type route struct {
	name string // begins the names of its operations: "calls"

	// path is the path of one instance, under the account unless it begins with
	// /Accounts itself, or the URL of one on the host of another product:
	//
	//	/Conferences/{conferenceSID:CF}/Participants/{callSID:*}
	//	https://messaging.twilio.com/v1/Services/{sid:MG}
	//
	// A placeholder names the argument that fills it and says what may stand
	// there: a SID that begins with one of the prefixes (SM|MM), a country
	// (ISO), or any text (*). Without its last placeholder the path is that of
	// the list.
	path string

	list string // the member of a list's response that holds the items

	// pageSize is what a list asks for unless the caller says otherwise; 0 is
	// for as many items as a page can have.
	pageSize int
}

// isRoot reports whether the resource lives beside the account that a client
// acts on, not under it.
func (r *route) isRoot() bool { return strings.HasPrefix(r.path, "/Accounts") }

// product takes the host of another product off the path. The host is empty for
// resources of the API.
func (r *route) product() (host, path string) {
	rest, ok := strings.CutPrefix(r.path, "https://")
	if !ok {
		return "", r.path
	}
	host, path, _ = strings.Cut(rest, "/")
	return host, "/" + path
}

// expand fills the placeholders of the path. One argument fewer than there are
// placeholders makes the path of the list.
func (r *route) expand(account string, args []string) (*url.URL, error) {
	host, path := r.product()
	var b strings.Builder
	b.Grow(len(apiRoot) + len(path) + 80) // 80 for the SIDs and .json
	if host == "" {
		b.WriteString(apiRoot)
		if !r.isRoot() {
			b.WriteString("/Accounts/")
			b.WriteString(account)
		}
	}
	for {
		literal, after, found := strings.Cut(path, "{")
		if !found {
			b.WriteString(literal)
			break
		}
		if len(args) == 0 {
			b.WriteString(strings.TrimSuffix(literal, "/"))
			break
		}
		b.WriteString(literal)
		placeholder, tail, _ := strings.Cut(after, "}")
		name, kind, _ := strings.Cut(placeholder, ":")
		segment, err := pathSegment(name, kind, args[0])
		if err != nil {
			return nil, err
		}
		b.WriteString(segment)
		path, args = tail, args[1:]
	}
	if host == "" {
		b.WriteString(".json")
	}
	u := &url.URL{Host: host, Path: b.String()}
	if strings.Contains(u.Path, "%") {
		u.RawPath = u.Path
		var err error
		if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
			return nil, err // never: the escapes are our own
		}
	}
	return u, nil
}

// pathSegment returns an argument as it goes into a path.
func pathSegment(name, kind, value string) (string, error) {
	switch kind {
	case "ISO":
		return strings.ToUpper(value), checkCountry(name, value)
	case "*":
		return url.PathEscape(value), checkSegment(name, value)
	default:
		return value, checkSID(name, value, kind)
	}
}

// checkSegment refuses what would change the path even when it is escaped.
func checkSegment(field, value string) error {
	switch value {
	case "":
		return &ParamError{Field: field, Reason: "is empty; pass a value"}
	case ".", "..":
		return &ParamError{Field: field, Reason: "would change the path; it can't be . or .."}
	default:
		return nil
	}
}

// checkSID requires one of the prefixes in kinds (SM|MM), and characters that
// don't change the path. It doesn't require hex digits, because Twilio's own
// documents use placeholders.
func checkSID(field, sid, kinds string) error {
	switch {
	case sid == "":
		return &ParamError{Field: field, Reason: "is empty; pass a SID that begins with " + strings.ReplaceAll(kinds, "|", " or ")}
	case !isSIDOf(sid, kinds):
		return &ParamError{Field: field, Reason: "is not a SID of the right kind; pass one that begins with " + strings.ReplaceAll(kinds, "|", " or ")}
	case strings.ContainsFunc(sid, func(r rune) bool { return !isSIDRune(r) }):
		return &ParamError{Field: field, Reason: "has a character that no SID has; pass the SID as Twilio returned it"}
	default:
		return nil
	}
}

// isSIDOf reports whether a SID begins with one of the kinds and is longer.
func isSIDOf(sid, kinds string) bool {
	for kind := range strings.SplitSeq(kinds, "|") {
		if strings.HasPrefix(sid, kind) && len(sid) > len(kind) {
			return true
		}
	}
	return false
}

func isSIDRune(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}

// checkCountry requires two letters, which can't change the path.
func checkCountry(field, code string) error {
	// Not with ToUpper, which turns the long s, "ſ", two bytes long, into S.
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	if len(code) != 2 || strings.Trim(code, letters) != "" {
		return &ParamError{Field: field, Reason: "isn't an ISO 3166-1 country code; use two letters, such as US"}
	}
	return nil
}
