package twiliotest

var callNotificationRoutes = []route{
	{"GET", "/Calls/{CallSid}/Notifications", listCallNotifications, 200},
	{"GET", "/Calls/{CallSid}/Notifications/{Sid}", fetchCallNotification, 200},
}

// The notifications of a call are those of its account that name it.
func listCallNotifications(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	return notificationsOf(rq, c)
}

func fetchCallNotification(rq *request) (any, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob != nil {
		return nil, prob
	}
	n, prob := lookup[*notification](rq)
	if prob != nil {
		return nil, prob
	}
	if string(n.CallSID) != c.SID {
		return nil, rq.notFound()
	}
	return n.whole(n.uriBelow(c)), nil
}
