package twiliotest

import (
	"net/http"
	"strings"
)

// emptyRoutes are lists that the URIs of modelled resources lead to, and that
// are empty because the fake creates nothing that would be in them.
var emptyRoutes = []route{
	{"GET", "/Calls/{CallSid}/Recordings", emptyListBelow[*call]("CallSid", "recordings"), 200},
	{"GET", "/Conferences/{ConferenceSid}/Recordings", emptyListBelow[*conference]("ConferenceSid", "recordings"), 200},
	{"GET", "/Recordings", emptyList("recordings"), 200},
	{"GET", "/Transcriptions", emptyList("transcriptions"), 200},
}

// unmodelled are the paths at and below which Twilio has operations that the
// fake lacks. Routes win over them.
var unmodelled = newRouter(ofAccount([]route{
	{path: "/Calls/{CallSid}/Recordings"},
	{path: "/Conferences/{ConferenceSid}/Recordings"},
	{path: "/Recordings"},
	{path: "/Transcriptions"},
}))

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
