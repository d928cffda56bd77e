package twiliotest

import "strings"

// A handler answers one kind of request: with a value to encode, with nil for 204, or with a problem.
type handler func(*request) (any, *problem)

type route struct {
	handle    handler
	status    int      // of success
	variables []string // the names of those segments of the path that are any
}

// A router is a node of the tree of paths: one level for every segment.
type router struct {
	methods  map[string]route
	children map[string]*router
	any      *router // for segments that are no child's
}

func (n *router) add(method, path string, r route) {
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			r.variables = append(r.variables, strings.TrimSuffix(name, "}"))
			if n.any == nil {
				n.any = new(router)
			}
			n = n.any
			continue
		}
		if n.children == nil {
			n.children = make(map[string]*router)
		}
		if n.children[segment] == nil {
			n.children[segment] = new(router)
		}
		n = n.children[segment]
	}
	if n.methods == nil {
		n.methods = make(map[string]route)
	}
	n.methods[method] = r
}

// match finds the methods of a path, nil when there is no such path, and the values of its variables in their order. A
// literal segment wins over a variable, and an empty segment is nobody's SID.
func (n *router) match(path string) (methods map[string]route, values []string) {
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		child := n.children[segment]
		if child == nil {
			if n.any == nil || segment == "" {
				return nil, nil
			}
			child, values = n.any, append(values, segment)
		}
		n = child
	}
	return n.methods, values
}

// entry is a line of a table of routes.
type entry struct {
	method, path string
	handle       handler
	status       int
}

func routerOf(entries []entry) *router {
	r := new(router)
	for _, e := range entries {
		r.add(e.method, e.path, route{handle: e.handle, status: e.status})
	}
	return r
}

const under = "/Accounts/{AccountSid}"

// routes is the API.
var routes = routerOf([]entry{
	{"GET", "/Accounts", listAccounts, 200},
	{"POST", "/Accounts", createAccount, 201},
	{"GET", "/Accounts/{Sid}", fetchAccount, 200},
	{"POST", "/Accounts/{Sid}", updateAccount, 200},

	{"GET", under + "/Calls", listCalls, 200},
	{"POST", under + "/Calls", whileActive(createCall), 201},
	{"GET", under + "/Calls/{Sid}", fetch(callsOf), 200},
	{"POST", under + "/Calls/{Sid}", updateCall, 200},
	{"DELETE", under + "/Calls/{Sid}", deleteCall, 204},

	{"GET", under + "/Messages", listMessages, 200},
	{"POST", under + "/Messages", whileActive(createMessage), 201},
	{"GET", under + "/Messages/{Sid}", fetch(messagesOf), 200},
	{"POST", under + "/Messages/{Sid}", updateMessage, 200},
	{"DELETE", under + "/Messages/{Sid}", deleteMessage, 204},
	{"POST", under + "/Messages/{Sid}/Feedback", createFeedback, 200},
	{"GET", under + "/Messages/{Parent}/Media", listMedia, 200},
	{"GET", under + "/Messages/{Parent}/Media/{Sid}", fetchMedia, 200},
	{"DELETE", under + "/Messages/{Parent}/Media/{Sid}", deleteMedia, 204},

	{"GET", under + "/IncomingPhoneNumbers", listNumbers(""), 200},
	{"POST", under + "/IncomingPhoneNumbers", whileActive(createNumber("")), 201},
	{"GET", under + "/IncomingPhoneNumbers/Local", listNumbers(local), 200},
	{"POST", under + "/IncomingPhoneNumbers/Local", whileActive(createNumber(local)), 201},
	{"GET", under + "/IncomingPhoneNumbers/Mobile", listNumbers(mobile), 200},
	{"POST", under + "/IncomingPhoneNumbers/Mobile", whileActive(createNumber(mobile)), 201},
	{"GET", under + "/IncomingPhoneNumbers/TollFree", listNumbers(tollFree), 200},
	{"POST", under + "/IncomingPhoneNumbers/TollFree", whileActive(createNumber(tollFree)), 201},
	{"GET", under + "/IncomingPhoneNumbers/{Sid}", fetch(numbersOf), 200},
	{"POST", under + "/IncomingPhoneNumbers/{Sid}", updateNumber, 200},
	{"DELETE", under + "/IncomingPhoneNumbers/{Sid}", deleteNumber, 204},

	{"GET", under + "/AvailablePhoneNumbers", listCountries, 200},
	{"GET", under + "/AvailablePhoneNumbers/{CountryCode}", fetchCountry, 200},
	{"GET", under + "/AvailablePhoneNumbers/{CountryCode}/{Type}", searchNumbers, 200},

	{"GET", under + "/Addresses", listAddresses, 200},
	{"POST", under + "/Addresses", createAddress, 201},
	{"GET", under + "/Addresses/{Sid}", fetch(addressesOf), 200},
	{"POST", under + "/Addresses/{Sid}", updateAddress, 200},
	{"DELETE", under + "/Addresses/{Sid}", deleteAddress, 204},
	{"GET", under + "/Addresses/{Sid}/DependentPhoneNumbers", listDependentNumbers, 200},

	{"GET", under + "/Keys", listKeys("keys", keysOf), 200},
	{"POST", under + "/Keys", createKey(keysOf), 201},
	{"GET", under + "/Keys/{Sid}", notWithKeys(fetch(keysOf)), 200},
	{"POST", under + "/Keys/{Sid}", updateKey(keysOf), 200},
	{"DELETE", under + "/Keys/{Sid}", deleteKey(keysOf), 204},
	{"GET", under + "/SigningKeys", listKeys("signing_keys", signingKeysOf), 200},
	{"POST", under + "/SigningKeys", createKey(signingKeysOf), 201},
	{"GET", under + "/SigningKeys/{Sid}", notWithKeys(fetch(signingKeysOf)), 200},
	{"POST", under + "/SigningKeys/{Sid}", updateKey(signingKeysOf), 200},
	{"DELETE", under + "/SigningKeys/{Sid}", deleteKey(signingKeysOf), 204},

	{"GET", under + "/OutgoingCallerIds", listCallerIDs, 200},
	{"POST", under + "/OutgoingCallerIds", whileActive(createValidation), 200},
	{"GET", under + "/OutgoingCallerIds/{Sid}", fetch(callerIDsOf), 200},
	{"POST", under + "/OutgoingCallerIds/{Sid}", updateCallerID, 200},
	{"DELETE", under + "/OutgoingCallerIds/{Sid}", remove(callerIDsOf), 204},

	{"GET", under + "/Balance", fetchBalance, 200},
	{"GET", under + "/Usage/Records", listUsage(""), 200},
	{"GET", under + "/Usage/Records/{Period}", listUsagePeriod, 200},
	{"GET", under + "/Usage/Triggers", listTriggers, 200},
	{"POST", under + "/Usage/Triggers", createTrigger, 201},
	{"GET", under + "/Usage/Triggers/{Sid}", fetchTrigger, 200},
	{"POST", under + "/Usage/Triggers/{Sid}", updateTrigger, 200},
	{"DELETE", under + "/Usage/Triggers/{Sid}", remove(triggersOf), 204},

	// What the fake doesn't model but an account's subresource_uris lead to: lists with nothing in them.
	{"GET", under + "/Applications", emptyList("applications"), 200},
	{"GET", under + "/AuthorizedConnectApps", emptyList("authorized_connect_apps"), 200},
	{"GET", under + "/Conferences", emptyList("conferences"), 200},
	{"GET", under + "/ConnectApps", emptyList("connect_apps"), 200},
	{"GET", under + "/Notifications", emptyList("notifications"), 200},
	{"GET", under + "/Queues", emptyList("queues"), 200},
	{"GET", under + "/Recordings", emptyList("recordings"), 200},
	{"GET", under + "/SMS/ShortCodes", emptyList("short_codes"), 200},
	{"GET", under + "/Transcriptions", emptyList("transcriptions"), 200},
})

// magicRoutes is the API as test credentials see it.
var magicRoutes = routerOf([]entry{
	{"POST", under + "/Calls", magicCall, 201},
	{"POST", under + "/Messages", magicMessage, 201},
	{"POST", under + "/IncomingPhoneNumbers", magicNumber, 201},
})

// whileActive lets a handler run for active accounts only: others can neither call nor send nor buy.
func whileActive(handle handler) handler {
	return func(rq *request) (any, *problem) {
		if !rq.account.active() {
			return nil, failf(20003, "The account is %s", rq.account.Status)
		}
		return handle(rq)
	}
}

// lookup finds the resource that the path names by {Sid}.
func lookup[T resource](rq *request, from func(*holdings) *collection[T]) (T, *problem) {
	item, ok := from(rq.account.holdings()).get(rq.vars["Sid"])
	if !ok {
		return item, failf(20404, "The requested resource %s%s.json was not found", root, rq.path)
	}
	return item, nil
}

// fetch answers with the resource that the path names.
func fetch[T resource](from func(*holdings) *collection[T]) handler {
	return func(rq *request) (any, *problem) {
		item, bad := lookup(rq, from)
		if bad != nil {
			return nil, bad
		}
		return item.wire(), nil
	}
}

// remove deletes the resource that the path names.
func remove[T resource](from func(*holdings) *collection[T]) handler {
	return func(rq *request) (any, *problem) {
		item, bad := lookup(rq, from)
		if bad != nil {
			return nil, bad
		}
		from(rq.account.holdings()).remove(item)
		return nil, nil
	}
}

// list answers with a page of the account's resources that match the filters.
func list[T resource](rq *request, key string, from func(*holdings) *collection[T], match func(T) bool) (any, *problem) {
	return page(rq, key, from(rq.account.holdings()), match, T.wire)
}

func emptyList(key string) handler {
	return func(rq *request) (any, *problem) {
		return list(rq, key, func(*holdings) *collection[*call] { return new(collection[*call]) }, all)
	}
}

// all is the filter that leaves nothing out.
func all[T resource](T) bool { return true }
