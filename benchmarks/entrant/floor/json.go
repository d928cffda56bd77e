package floor

import (
	"encoding/json"
	"net/http"

	"github.com/twilio-subaccounts/twilio-subaccounts-go/benchmarks/entrant"
)

// JSON is net/http and encoding/json with typed fields: what a good engineer
// writes without a library.
func JSON(url string) entrant.Entrant { return entrant.Of(floor{url, viaJSON}) }

var viaJSON = format{
	call: func(resp *http.Response) (*Call, error) {
		call := new(Call)
		return call, json.NewDecoder(resp.Body).Decode(call)
	},
	page: func(resp *http.Response) ([]Call, string, error) {
		var page struct {
			Calls []Call `json:"calls"`
			Next  string `json:"next_page_uri"`
		}
		err := json.NewDecoder(resp.Body).Decode(&page)
		return page.Calls, page.Next, err
	},
}
