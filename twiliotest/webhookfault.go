package twiliotest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// A WebhookFault is something that goes wrong with a webhook; see
// [Server.InjectWebhook].
//
// Kind, URL, Skip, Times and Rate select the webhooks; the other fields say
// what happens to them.
//
//	WebhookFault{Kind: WebhookMessageStatus, Lost: true}
//	WebhookFault{Kind: WebhookMessageStatus, Delay: 5 * time.Second} // sent arrives after delivered
//	WebhookFault{URL: "/status", Twice: true, Times: -1}
//	WebhookFault{URL: "/sms", Reset: ResetAfter}
type WebhookFault struct {
	// Kind is what the webhooks are about; empty means anything.
	Kind WebhookKind
	// URL is a substring of the webhooks' URLs, in which * stands for any
	// characters. Empty means any.
	URL string
	// Skip is how many matching webhooks pass first.
	Skip int
	// Times is how many webhooks the fault applies to; 0 means one, -1 means
	// every matching webhook from now on.
	Times int
	// Rate is the probability with which the fault applies to a matching
	// webhook, above 0 and up to 1; 0 means always. [WithSeed] varies the random
	// numbers.
	Rate float64

	// Lost keeps the webhook from being sent.
	Lost bool
	// Delay sends the webhook later, on the server's clock, so that another may
	// overtake it.
	Delay time.Duration
	// Twice sends the webhook a second time, with the same idempotency token.
	// What the second response says is ignored.
	Twice bool
	// Reset makes every attempt to connect fail (ResetBefore), or loses the
	// responses of the requests that were made (ResetAfter).
	Reset When
}

// Validate returns an error that names the field which no fault can have, or
// nil.
func (f WebhookFault) Validate() error {
	switch {
	case f.Kind != "" && !slices.Contains(webhookKinds, f.Kind):
		return fmt.Errorf("twiliotest: WebhookFault.Kind is %q; use one of %s", f.Kind, webhookKinds)
	case f.Skip < 0:
		return fmt.Errorf("twiliotest: WebhookFault.Skip is %d; use 0 or more", f.Skip)
	case f.Times < -1:
		return fmt.Errorf("twiliotest: WebhookFault.Times is %d; use -1 for all webhooks", f.Times)
	case !(f.Rate >= 0 && f.Rate <= 1): // so that NaN is refused, too
		return fmt.Errorf("twiliotest: WebhookFault.Rate is %v; use a probability from 0 to 1", f.Rate)
	case f.Delay < 0:
		return fmt.Errorf("twiliotest: WebhookFault.Delay is %v; use 0 or more", f.Delay)
	case f.Reset < ResetNever || f.Reset > ResetAfter:
		return fmt.Errorf("twiliotest: WebhookFault.Reset is %d; use one of the constants", f.Reset)
	}
	return nil
}

// InjectWebhook makes the webhooks that match go wrong, like [Server.Inject] for
// requests to the API. A fault that isn't valid panics; see
// [WebhookFault.Validate].
func (s *Server) InjectWebhook(faults ...WebhookFault) {
	for _, fault := range faults {
		if err := fault.Validate(); err != nil {
			panic(err.Error())
		}
	}
	defer s.state.write()()
	for _, fault := range faults {
		s.state.webhookFaults.list = append(s.state.webhookFaults.list, &armedWebhookFault{fault, cmp.Or(fault.Times, 1)})
	}
}

// WebhookFaults returns the injected faults of webhooks that aren't used up, like
// [Server.Faults].
func (s *Server) WebhookFaults() []WebhookFault {
	defer s.state.read()()
	all := make([]WebhookFault, 0, len(s.state.webhookFaults.list))
	for _, armed := range s.state.webhookFaults.list {
		fault := armed.WebhookFault
		fault.Times = max(-1, armed.remaining)
		all = append(all, fault)
	}
	return all
}

// ClearWebhookFaults removes all injected faults of webhooks.
func (s *Server) ClearWebhookFaults() {
	defer s.state.write()()
	s.state.webhookFaults.list = nil
}

type armedWebhookFault struct {
	WebhookFault
	remaining int // how many webhooks it still applies to; negative means all
}

type webhookFaults struct {
	random *rand.Rand
	list   []*armedWebhookFault
}

// match returns the fault that applies to a webhook, or one that does nothing.
func (f *webhookFaults) match(d *delivery) WebhookFault {
	for i, fault := range f.list {
		if fault.Kind != "" && fault.Kind != d.Kind || !matchesPath(fault.URL, d.URL) ||
			!applies(&fault.Skip, &fault.remaining, fault.Rate, f.random) {
			continue
		}
		if fault.remaining == 0 {
			f.list = slices.Delete(f.list, i, i+1)
		}
		return fault.WebhookFault
	}
	return WebhookFault{}
}
