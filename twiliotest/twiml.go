package twiliotest

import (
	"encoding/xml"
	"errors"
	"io"
	"mime"
	"net/url"
	"slices"
	"strings"
)

// A document is TwiML: the verbs of a Response.
type document struct{ verbs []*element }

// An element is a verb or a noun of TwiML.
type element struct {
	name     string
	attrs    map[string]string
	text     string // without the spaces around it
	children []*element
}

func (e *element) attr(name string) string { return e.attrs[name] }

var (
	errNotOneRoot = errors.New("the document is not one element")
	errNoResponse = errors.New("the root element must be Response")
)

// parseTwiML reads a document. Names are case-sensitive, and the text of an
// element leaves out that of its children.
func parseTwiML(text string) (*document, error) {
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	root := new(element)
	open := []*element{root}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		at := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attrs: make(map[string]string)}
			for _, attr := range token.Attr {
				e.attrs[attr.Name.Local] = attr.Value
			}
			at.children = append(at.children, e)
			open = append(open, e)
		case xml.EndElement:
			at.text = strings.TrimSpace(at.text)
			open = open[:len(open)-1]
		case xml.CharData:
			at.text += string(token)
		}
	}
	switch {
	case len(root.children) != 1 || strings.TrimSpace(root.text) != "":
		return nil, errNotOneRoot
	case root.children[0].name != "Response":
		return nil, errNoResponse
	}
	return &document{root.children[0].children}, nil
}

// A documentError is why a response is no TwiML.
type documentError struct {
	code int
	text string
}

// twimlTypes are the media types of TwiML.
var twimlTypes = []string{"text/xml", "application/xml", "text/html"}

// documentOf reads the response of a webhook. Plain text that isn't TwiML is
// said or sent, as the verb plain does, and sound is played.
func documentOf(d *delivery, plain string) (*document, *documentError) {
	mediaType, _, _ := mime.ParseMediaType(d.ContentType)
	body := strings.TrimSpace(d.Body)
	switch {
	case strings.HasPrefix(mediaType, "audio/"):
		return &document{[]*element{{name: "Play", text: d.URL}}}, nil
	case body == "":
		return nil, &documentError{11770, "The TwiML response body is empty"}
	case mediaType != "text/plain" && !slices.Contains(twimlTypes, mediaType):
		return nil, &documentError{12300, "The Content-Type " + d.ContentType + " is not that of TwiML"}
	}
	doc, err := parseTwiML(body)
	switch {
	case err == nil:
		return doc, nil
	case mediaType == "text/plain":
		return &document{[]*element{{name: plain, text: body}}}, nil
	}
	return nil, &documentError{parseCode(err), "Document parse failure: " + err.Error()}
}

// parseCode is the code of an error of parseTwiML.
func parseCode(err error) int {
	if errors.Is(err, errNoResponse) {
		return 12102
	}
	return 12100
}

// resolveURL is a URL in a document, which may be relative to that of the
// document.
func resolveURL(base, ref string) string {
	if ref == "" {
		return ""
	}
	b, err := url.Parse(base)
	if err != nil {
		return ref
	}
	u, err := b.Parse(ref)
	if err != nil {
		return ref
	}
	return u.String()
}
