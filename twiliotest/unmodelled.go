package twiliotest

import (
	"net/http"
	"strings"
)

// notModelled is the problem of an operation that Twilio has and the fake
// lacks. It says so, since any of Twilio's own errors would be misleading.
func notModelled(format string, args ...any) *problem {
	p := failf(0, "twiliotest, the fake of Twilio, does not model "+format, args...)
	p.MoreInfo, p.Status = "", http.StatusNotImplemented
	return p
}

// isOtherHost reports whether a request is for a product with a host of its
// own, such as studio.twilio.com.
func isOtherHost(host string) bool { return isTwilio(host) && !strings.HasPrefix(host, "api.") }
