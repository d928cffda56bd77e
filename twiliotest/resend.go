package twiliotest

import "slices"

// Resend sends a webhook of [Server.Deliveries] once more, by its ID, and
// reports whether there is one. It returns after the response. The TwiML that an
// application responds with to a message is obeyed; what other responses say is
// ignored.
func (s *Server) Resend(id string) bool {
	found := s.state.resend(id)
	s.Advance(0)
	return found
}

func (s *state) resend(id string) bool {
	defer s.write()()
	logged := s.deliveries.all()
	i := slices.IndexFunc(logged, func(d *delivery) bool { return d.ID == id })
	if i < 0 {
		return false
	}
	d := logged[i]
	if m, ok := resourcesOf[*message](d.account).get(d.SID); ok && d.Kind == WebhookMessage {
		s.askAboutMessage(m)
		return true
	}
	s.dispatch(&delivery{
		Delivery: Delivery{
			ID: d.ID, Time: s.now(), Kind: d.Kind, AccountSID: d.AccountSID, SID: d.SID,
			Method: d.Method, URL: d.URL, Form: d.Form,
		},
		account: d.account, params: d.params,
	})
	return true
}
