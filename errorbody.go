package twilio

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/internal/lenient"
)

// errorBody is what Twilio says in a response that isn't a success.
type errorBody struct {
	code     int
	message  string
	moreInfo string
	details  map[string]any
}

// maxMessage bounds a message. Twilio's have a line or two.
const maxMessage = 4 << 10

// readErrorBody reads what it can of a body of any form: JSON of one of the
// families below, XML, which the API writes where a path doesn't end in .json,
// or anything else, which says nothing. A body that breaks off is read as far
// as it goes.
//
//	{code, message, more_info, status, details}
//	{code, message, httpStatusCode, params, userError}
//	{status, message, detail, code, moreInfo}
//	{type, title, status, code, detail, instance, errors: [{detail, pointer}]}   RFC 9457
//	{errors: [{code, message, infoUrl, context}]}
//	<TwilioResponse><RestException><Code>, <Message>, <MoreInfo>, <Status>
func readErrorBody(body []byte) (e errorBody) {
	body = bytes.TrimLeft(body, " \t\r\n\uFEFF")
	if bytes.HasPrefix(body, []byte("<")) {
		e.readXML(body)
	} else {
		var document map[string]any
		_, _ = lenient.Unmarshal(body, &document) // what was read before an error is in it
		e.readJSON(document)
	}
	if len(e.message) > maxMessage {
		e.message = strings.ToValidUTF8(e.message[:maxMessage], "") + "…"
	}
	return e
}

func (e *errorBody) readXML(body []byte) {
	var document struct {
		Exception struct{ Code, Message, Detail, MoreInfo string } `xml:"RestException"`
	}
	decoder := xml.NewDecoder(bytes.NewReader(bytes.ToValidUTF8(body, []byte("\uFFFD"))))
	decoder.Strict = false                                                                   // so that HTML's entities are no error
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // ASCII, nearly always
	_ = decoder.Decode(&document)                                                            // as above
	exception := document.Exception
	e.code = codeOf(exception.Code)
	e.message = firstText(exception.Message, exception.Detail)
	e.moreInfo = firstText(exception.MoreInfo)
}

func (e *errorBody) readJSON(document map[string]any) {
	for _, name := range []string{"code", "error_code", "errorCode"} {
		if e.code == 0 {
			e.code = codeOf(document[name])
		}
	}
	e.message = firstText(document["message"], document["error_message"], document["detail"], document["title"],
		document["errorMessage"], document["error_description"], document["error"])
	e.moreInfo = firstText(document["more_info"], document["moreInfo"], document["infoUrl"], document["type"])
	e.details, _ = document["details"].(map[string]any)
	for _, name := range []string{"params", "errors"} {
		if value := document[name]; value != nil && e.details == nil {
			e.details = map[string]any{name: value}
		}
	}
	// Some put the error one level down.
	inner, _ := document["error"].(map[string]any)
	if list, ok := document["errors"].([]any); ok && len(list) > 0 {
		inner, _ = list[0].(map[string]any)
	}
	if inner != nil && e.code == 0 && e.message == "" {
		inner := map[string]any{"code": inner["code"], "message": firstText(inner["message"], inner["detail"]), "more_info": firstText(inner["more_info"], inner["infoUrl"])}
		details := e.details
		e.readJSON(inner)
		e.details = details
	}
}

// codeOf reads a code, 0 where it is none.
func codeOf(value any) int {
	switch v := value.(type) {
	case float64:
		if v == math.Trunc(v) && math.Abs(v) <= math.MaxInt32 {
			return int(v)
		}
	case string:
		if code, err := strconv.ParseInt(strings.TrimSpace(v), 10, 32); err == nil {
			return int(code)
		}
	}
	return 0
}

// firstText returns the first value that is text, or may stand for it.
func firstText(values ...any) string {
	for _, value := range values {
		switch v := value.(type) {
		case string:
			if v != "" {
				return v
			}
		case float64, bool:
			return fmt.Sprint(v)
		}
	}
	return ""
}
