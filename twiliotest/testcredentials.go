package twiliotest

import "time"

var testCredentialRoutes = []route{
	{"POST", "/Calls", magicCall, 201},
	{"POST", "/Messages", magicMessage, 201},
	{"POST", "/IncomingPhoneNumbers", magicNumber, 201},
}

// The magic numbers that test credentials know, for https://www.twilio.com/docs/iam/test-credentials. They are all of
// this number with one more digit.
const magic = "+1500555000"

// The errors that the magic numbers stand for, by the last digit.
var (
	magicBuy         = map[string]int{magic + "0": 21422, magic + "1": 21421}
	magicMessageFrom = map[string]int{magic + "1": 21212, magic + "7": 21606, magic + "8": 21611, magic + "6": 0}
	magicMessageTo   = map[string]int{
		magic + "1": 21211, magic + "2": 21612, magic + "3": 21408, magic + "4": 21610, magic + "9": 21614,
	}
	magicCallFrom = map[string]int{magic + "1": 21212, magic + "6": 0}
	magicCallTo   = map[string]int{magic + "1": 21217, magic + "2": 21214, magic + "3": 21215, magic + "4": 21216}
)

// spell checks a sender and a recipient, of which the sender must be one of the magic numbers or else the code.
func spell(from string, senders map[string]int, other int, to string, recipients map[string]int) *problem {
	code, known := senders[from]
	switch {
	case from != "" && !known:
		return fail(other)
	case code != 0:
		return fail(code)
	case recipients[to] != 0:
		return fail(recipients[to])
	}
	return nil
}

// pretend runs a handler on an empty twin of the account, so that it answers as ever and changes nothing.
func pretend(rq *request, handle handler) (any, *problem) {
	c := rq.config
	c.testCredentials = false
	c.accountSID, c.authToken = rq.account.SID, rq.account.token
	twin := *rq
	now := rq.now
	c.clock = func() time.Time { return now }
	c.seed = rq.secret()
	twin.state = newState(c)
	twin.account = twin.state.main
	return handle(&twin)
}

func magicCall(rq *request) (any, *problem) {
	from, to := endpoint(rq.form.Get("From")), endpoint(rq.form.Get("To"))
	if bad := spell(from, magicCallFrom, 21210, to, magicCallTo); bad != nil {
		return nil, bad
	}
	return pretend(rq, createCall)
}

func magicMessage(rq *request) (any, *problem) {
	from, to := endpoint(rq.form.Get("From")), endpoint(rq.form.Get("To"))
	if bad := spell(from, magicMessageFrom, 21606, to, magicMessageTo); bad != nil {
		return nil, bad
	}
	return pretend(rq, createMessage)
}

// magicNumber buys a number that stays new. Anything but the magic number is not available to test credentials.
func magicNumber(rq *request) (any, *problem) {
	phone, area := endpoint(rq.form.Get("PhoneNumber")), rq.form.Get("AreaCode")
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
	return pretend(rq, func(rq *request) (any, *problem) {
		p := rq.params()
		n := newNumber(magic + "6")
		n.Status = "new"
		n.configure(p)
		if p.bad != nil {
			return nil, p.bad
		}
		rq.addNumber(rq.account, n)
		return n.wire(), nil
	})
}
