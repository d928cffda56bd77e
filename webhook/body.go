package webhook

import (
	"bytes"
	"errors"
	"io"
	"math"
	"net/http"
)

var (
	errBodyUnreadable = errors.New("the body can't be read")
	errBodyTooLarge   = errors.New("the body is too large; raise WithMaxBody if Twilio sent it")
)

// readBody returns a request's body, and restores it so that it can be read
// again. It fails beyond limit bytes; a negative limit means no limit.
func readBody(r *http.Request, limit int64) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if limit >= 0 && r.ContentLength > limit {
		return nil, errBodyTooLarge
	}
	from := io.Reader(r.Body)
	if limit >= 0 && limit < math.MaxInt64 {
		from = io.LimitReader(r.Body, limit+1)
	}
	text, err := io.ReadAll(from)
	if err != nil {
		return nil, errBodyUnreadable
	}
	if limit >= 0 && int64(len(text)) > limit {
		return nil, errBodyTooLarge
	}
	restoreBody(r, text)
	return text, nil
}

// restoreBody makes a body that was read readable again.
func restoreBody(r *http.Request, text []byte) {
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = body{bytes.NewReader(text), r.Body}
	}
}

// A body reads what was read before, and closes the original.
type body struct {
	io.Reader
	io.Closer
}
