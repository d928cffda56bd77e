package twiliotest

// callParts is what belongs to a call. Few calls have any.
type callParts struct {
	media         collection[*mediaSession]
	payments      collection[*payment]
	subscriptions collection[*userDefinedMessageSubscription]

	byKey map[string]resource // what was created with an IdempotencyKey, by kind and key
}

// below is what the call has, to read.
func (c *call) below() *callParts {
	if c.parts == nil {
		return new(callParts)
	}
	return c.parts
}

// own is what the call has, to add to.
func (c *call) own() *callParts {
	if c.parts == nil {
		c.parts = &callParts{byKey: make(map[string]resource)}
	}
	return c.parts
}

func (c *call) path() string { return root + "/Accounts/" + c.AccountSID + "/Calls/" + c.SID }

// callInProgress finds the call that the path is below, which has to be in
// progress.
func (rq *request) callInProgress() (*call, *problem) {
	c, prob := lookupBy[*call](rq, "CallSid")
	if prob == nil && c.Status != "in-progress" {
		prob = failf(21220, "The call is %s and not in progress", c.Status)
	}
	return c, prob
}

// once creates a part of a call, or returns the one of the kind that was
// created with the same IdempotencyKey.
func (rq *request) once(c *call, kind string, create func() resource) any {
	own, key := c.own(), rq.form.Get("IdempotencyKey")
	if known, ok := own.byKey[kind+key]; ok && key != "" {
		return known.wire()
	}
	created := create()
	own.byKey[kind+key] = created
	return created.wire()
}
