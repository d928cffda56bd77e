package twiliotest

var userDefinedMessageRoutes = []route{
	{"POST", "/Calls/{CallSid}/UserDefinedMessages", createUserDefinedMessage, 201},
	{"POST", "/Calls/{CallSid}/UserDefinedMessageSubscriptions", createUserDefinedMessageSubscription, 201},
	{"DELETE", "/Calls/{CallSid}/UserDefinedMessageSubscriptions/{Sid}", deleteUserDefinedMessageSubscription, 204},
}

// A userDefinedMessage goes to the application at the other end of a call,
// which the server doesn't have.
type userDefinedMessage struct {
	record
	AccountSID string `json:"account_sid"`
	CallSID    string `json:"call_sid"`
}

func (m *userDefinedMessage) wire() any { return m }

func createUserDefinedMessage(rq *request) (any, *problem) {
	c, prob := rq.callInProgress()
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	p.required("Content", 20001)
	if p.prob != nil {
		return nil, p.prob
	}
	return rq.once(c, "KX", func() resource {
		m := &userDefinedMessage{AccountSID: c.AccountSID, CallSID: c.SID}
		rq.initRecord(&m.record, "KX")
		return m
	}), nil
}

// A userDefinedMessageSubscription is a URL for messages from an application.
type userDefinedMessageSubscription struct {
	record
	AccountSID string `json:"account_sid"`
	CallSID    string `json:"call_sid"`
	URI        string `json:"uri"`
}

func (s *userDefinedMessageSubscription) wire() any { return s }

func createUserDefinedMessageSubscription(rq *request) (any, *problem) {
	c, prob := rq.callInProgress()
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	p.required("Callback", 20001)
	p.webhook("Callback", "Method")
	if p.prob != nil {
		return nil, p.prob
	}
	return rq.once(c, "ZY", func() resource {
		s := &userDefinedMessageSubscription{AccountSID: c.AccountSID, CallSID: c.SID}
		rq.initRecord(&s.record, "ZY")
		s.URI = c.path() + "/UserDefinedMessageSubscriptions/" + s.SID + ".json"
		c.own().subscriptions.add(s)
		return s
	}), nil
}

func deleteUserDefinedMessageSubscription(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	s, ok := c.below().subscriptions.get(rq.vars["Sid"])
	if !ok {
		return nil, rq.notFound()
	}
	c.own().subscriptions.remove(s)
	return nil, nil
}
