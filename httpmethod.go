package twilio

// An HTTPMethod is the method with which Twilio requests one of your URLs. The
// constants of net/http, such as http.MethodPost, work too.
type HTTPMethod string

// The methods that Twilio uses.
const (
	HTTPMethodGet  HTTPMethod = "GET"
	HTTPMethodPost HTTPMethod = "POST"
)
