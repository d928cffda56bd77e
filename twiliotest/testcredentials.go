package twiliotest

import "time"

var testCredentialRoutes = []route{
	{"POST", "/Calls", testCall, 201},
	{"POST", "/Messages", testMessage, 201},
	{"POST", "/IncomingPhoneNumbers", testNumber, 201},
}

// magic is the phone number that Twilio's test credentials know, without its
// last digit; see https://www.twilio.com/docs/iam/test-credentials.
const magic = "+1500555000"

// The error codes of the magic phone numbers. 0 means that the number works.
var (
	magicBuy         = map[string]int{magic + "0": 21422, magic + "1": 21421}
	magicMessageFrom = map[string]int{magic + "1": 21212, magic + "7": 21606, magic + "8": 21611, magic + "6": 0}
	magicMessageTo   = map[string]int{
		magic + "1": 21211, magic + "2": 21612, magic + "3": 21408, magic + "4": 21610, magic + "9": 21614,
	}
	magicCallFrom = map[string]int{magic + "1": 21212, magic + "6": 0}
	magicCallTo   = map[string]int{magic + "1": 21217, magic + "2": 21214, magic + "3": 21215, magic + "4": 21216}
)

// checkMagic checks a sender and a recipient. A sender that isn't a magic
// number fails with the other code.
func checkMagic(
	from string, senders map[string]int, other int, to string, recipients map[string]int,
) *problem {
	code, mustAccount := senders[from]
	switch {
	case from != "" && !mustAccount:
		return fail(other)
	case code != 0:
		return fail(code)
	case recipients[to] != 0:
		return fail(recipients[to])
	}
	return nil
}

// dryRun runs a handler on an empty copy of the account, so that it responds as
// usual and changes nothing.
func dryRun(rq *request, handle handler) (any, *problem) {
	c := rq.config
	c.testCredentials, c.anyMessagingService = false, true
	c.accountSID, c.authToken = rq.account.SID, rq.account.token
	twin := *rq
	now := rq.now
	c.clock = func() time.Time { return now }
	c.seed = rq.secret()
	twin.state = newState(c)
	twin.account = twin.state.main
	return handle(&twin)
}

func testCall(rq *request) (any, *problem) {
	from, to := normalize(rq.form.Get("From")), normalize(rq.form.Get("To"))
	if prob := checkMagic(from, magicCallFrom, 21210, to, magicCallTo); prob != nil {
		return nil, prob
	}
	return dryRun(rq, createCall)
}

func testMessage(rq *request) (any, *problem) {
	from, to := normalize(rq.form.Get("From")), normalize(rq.form.Get("To"))
	if prob := checkMagic(from, magicMessageFrom, 21606, to, magicMessageTo); prob != nil {
		return nil, prob
	}
	return dryRun(rq, createMessage)
}

// testNumber buys the one number that test credentials can buy.
func testNumber(rq *request) (any, *problem) {
	phone, area := normalize(rq.form.Get("PhoneNumber")), rq.form.Get("AreaCode")
	switch {
	case (phone == "") == (area == ""):
		return nil, fail(21421)
	case magicBuy[phone] != 0:
		return nil, fail(magicBuy[phone])
	case area != "" && area != "500":
		return nil, fail(21452)
	case phone != "" && phone != magic+"6":
		return nil, fail(21422)
	}
	return dryRun(rq, func(rq *request) (any, *problem) {
		p := rq.params()
		n := newNumber(magic + "6")
		n.Status = "new"
		n.configure(p)
		if p.prob != nil {
			return nil, p.prob
		}
		rq.addNumber(rq.account, n)
		return n.wire(), nil
	})
}
