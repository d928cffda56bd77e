package twilio

// An HTTPMethod is the method that Twilio requests a URL of yours with. The
// constants of net/http, such as http.MethodPost, fit as well.
type HTTPMethod string

// The methods that Twilio uses.
const (
	HTTPMethodGet  HTTPMethod = "GET"
	HTTPMethodPost HTTPMethod = "POST"
)
