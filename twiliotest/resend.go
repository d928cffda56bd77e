package twiliotest

import (
	"maps"
	"slices"
)

// Resend sends a webhook of [Server.Deliveries] again, by its ID, and reports
// whether there is one. It returns after the response. The TwiML that an
// application responds with to a message is obeyed; what other responses say is
// ignored.
func (s *Server) Resend(id string) bool {
	if !s.state.resend(id) {
		return false
	}
	s.Advance(0)
	return true
}

func (s *state) resend(id string) bool {
	defer s.write()()
	i := slices.IndexFunc(s.deliveries.ring, func(d Delivery) bool { return d.ID == id })
	if i < 0 {
		return false
	}
	sent := s.deliveries.ring[i]
	a, ok := s.accounts.get(sent.AccountSID)
	if !ok {
		return false
	}
	if m, ok := resourcesOf[*message](a).get(sent.SID); ok && sent.Kind == WebhookMessage {
		s.askAboutMessage(m)
		return true
	}
	var params pairs
	for _, name := range slices.Sorted(maps.Keys(sent.Form)) {
		for _, value := range sent.Form[name] {
			params = append(params, [2]string{name, value})
		}
	}
	s.dispatch(&delivery{
		Delivery: Delivery{
			ID: sent.ID, Time: s.now(), Kind: sent.Kind, AccountSID: sent.AccountSID, SID: sent.SID,
			Method: sent.Method, URL: sent.URL, Form: sent.Form,
		},
		account: a, params: params,
	})
	return true
}
