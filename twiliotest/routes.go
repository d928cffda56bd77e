package twiliotest

import (
	"net/url"
	"slices"
	"strings"
)

// A handler serves one operation: it returns a value to encode, nil for 204, or
// a problem.
type handler func(*request) (any, *problem)

// A route is an operation. Its path is a template in the manner of Twilio's
// OpenAPI file: /Accounts/{AccountSid}/Calls/{Sid}, without the version and
// .json.
type route struct {
	method, path string
	handle       handler
	status       int // of success
}

// routes is the API. The routes of each resource stand in the resource's own
// file; all but those of Accounts are below an account.
var routes = newRouter(accountRoutes, ofAccount(
	addOnResultRoutes,
	addressRoutes,
	applicationRoutes,
	assignedAddOnRoutes,
	availablePhoneNumberRoutes,
	balanceRoutes,
	callRecordingRoutes,
	callRoutes,
	callEventRoutes,
	callNotificationRoutes,
	conferenceRecordingRoutes,
	conferenceRoutes,
	connectAppRoutes,
	incomingPhoneNumberRoutes,
	keyRoutes,
	mediaRoutes,
	messageRoutes,
	notificationRoutes,
	outgoingCallerIDRoutes,
	participantRoutes,
	paymentRoutes,
	queueMemberRoutes,
	queueRoutes,
	realtimeTranscriptions.routes(),
	recordingRoutes,
	shortCodeRoutes,
	sipCredentialListRoutes,
	sipDomainRoutes,
	sipIPListRoutes,
	sipMappingRoutes,
	signingKeyRoutes,
	siprecSessions.routes(),
	streams.routes(),
	tokenRoutes,
	transcriptionRoutes,
	usageRecordRoutes,
	usageTriggerRoutes,
	userDefinedMessageRoutes,
))

// publicRoutes are files. Their paths have no .json, and they need no
// credentials.
var publicRoutes = newRouter(ofAccount(mediaFileRoutes, payloadFileRoutes, recordingFileRoutes))

// testRoutes is the API as test credentials see it.
var testRoutes = newRouter(ofAccount(testCredentialRoutes))

// ofAccount puts routes below an account.
func ofAccount(resources ...[]route) []route {
	all := slices.Concat(resources...)
	for i := range all {
		all[i].path = "/Accounts/{AccountSid}" + all[i].path
	}
	return all
}

// A router is a tree of paths with one level for each segment.
type router struct {
	children    map[string]*router
	placeholder *router // matches segments that have no child
	methods     map[string]*route
}

func newRouter(tables ...[]route) *router {
	root := new(router)
	for _, r := range slices.Concat(tables...) {
		root.add(&r)
	}
	return root
}

func (n *router) add(r *route) {
	for segment := range segments(r.path) {
		switch {
		case strings.HasPrefix(segment, "{"):
			if n.placeholder == nil {
				n.placeholder = new(router)
			}
			n = n.placeholder
		default:
			if n.children == nil {
				n.children = make(map[string]*router)
			}
			if n.children[segment] == nil {
				n.children[segment] = new(router)
			}
			n = n.children[segment]
		}
	}
	if n.methods == nil {
		n.methods = make(map[string]*route)
	}
	n.methods[r.method] = r
}

// find returns the routes of a path by method, or nil if there is no such path.
// A literal segment wins over a placeholder, which an empty segment never
// fills.
func (n *router) find(path string) map[string]*route {
	for segment := range segments(path) {
		child := n.children[segment]
		if child == nil && segment != "" {
			child = n.placeholder
		}
		if child == nil {
			return nil
		}
		n = child
	}
	return n.methods
}

// arguments returns what stands in the path for the placeholders of the
// template, percent-decoded.
func (r *route) arguments(path string) map[string]string {
	arguments := make(map[string]string)
	values := slices.Collect(segments(path))
	for i, segment := range slices.Collect(segments(r.path)) {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			value, err := url.PathUnescape(values[i])
			if err != nil {
				value = values[i] // net/http accepts no such path
			}
			arguments[strings.TrimSuffix(name, "}")] = value
		}
	}
	return arguments
}

func segments(path string) func(yield func(string) bool) {
	return strings.SplitSeq(strings.TrimPrefix(path, "/"), "/")
}
