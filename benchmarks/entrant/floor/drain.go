package floor

import (
	"io"
	"net/http"
	"strings"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// Drain reads the bytes and looks at none of them but the next page's URI: the
// cost of the transfer itself. Its calls are empty.
func Drain(url string) entrant.Entrant { return entrant.Of(floor{url, drained}) }

// blank stands for the calls of a page that wasn't decoded.
var blank [entrant.PageSize]Call

var drained = format{
	call: func(resp *http.Response) (*Call, error) {
		_, err := io.Copy(io.Discard, resp.Body)
		return &blank[0], err
	},
	page: func(resp *http.Response) ([]Call, string, error) {
		var end tail
		_, err := io.Copy(&end, resp.Body)
		_, next, _ := strings.Cut(string(end.last), `"next_page_uri": "`)
		next, _, _ = strings.Cut(next, `"`)
		return blank[:], next, err
	},
}

// tail keeps the end of what is written to it.
type tail struct{ last []byte }

func (t *tail) Write(p []byte) (int, error) {
	const enough = 1024
	t.last = append(t.last, p[max(0, len(p)-enough):]...)
	t.last = append(t.last[:0], t.last[max(0, len(t.last)-enough):]...)
	return len(p), nil
}
