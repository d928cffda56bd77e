package twiliotest

import (
	"cmp"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

var bundleRoutes = []route{
	{"GET", "/v2/RegulatoryCompliance/Bundles", listBundles, 200},
	{"GET", "/v2/RegulatoryCompliance/Bundles/{Sid}", fetchBundle, 200},
	{"POST", "/v2/RegulatoryCompliance/Bundles/{Sid}/Clones", cloneBundle, 201},
}

const approved = "twilio-approved"

// A bundle is the documents that regulated phone numbers require.
type bundle struct {
	record
	AccountSID     string     `json:"account_sid"`
	RegulationSID  nullString `json:"regulation_sid"`
	FriendlyName   string     `json:"friendly_name"`
	Status         string     `json:"status"`
	ValidUntil     isoTime    `json:"valid_until"`
	Email          nullString `json:"email"`
	StatusCallback nullString `json:"status_callback"`
}

const bundlesURL = "https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles/"

func (b *bundle) wire() any {
	at := bundlesURL + b.SID
	return &struct {
		*bundle
		isoDates
		URL   string `json:"url"`
		Links links  `json:"links"`
	}{b, b.isoDates(), at, links{
		"bundle_copies": at + "/Copies", "evaluations": at + "/Evaluations", "item_assignments": at + "/ItemAssignments",
	}}
}

// AddBundle adds a regulatory bundle to an account and returns it. It is approved
// unless it has another Status. Which country and type of number a bundle is for
// isn't modelled.
func (s *Server) AddBundle(accountSID string, b twilio.Bundle) *twilio.Bundle {
	return added[twilio.Bundle](s, func() resource {
		a := s.mustAccount(accountSID)
		stored := &bundle{
			record:         record{SID: b.SID, Created: at(b.DateCreated), Updated: at(b.DateUpdated)},
			RegulationSID:  nullString(b.RegulationSID),
			FriendlyName:   cmp.Or(b.FriendlyName, "Bundle"),
			Status:         cmp.Or(string(b.Status), approved),
			ValidUntil:     isoTime{b.ValidUntil},
			Email:          nullString(b.Email),
			StatusCallback: nullString(b.StatusCallback),
		}
		s.state.addBundle(a, stored)
		return stored
	})
}

func (s *state) addBundle(a *account, b *bundle) {
	s.initRecord(&b.record, "BU")
	b.AccountSID = a.SID
	addTo(a, b)
}

// checkBundle checks that a number's bundle is an approved one of the account
// that is to own the number. Bundles that the fake doesn't have pass.
func (s *state) checkBundle(sid nullString, owner *account) *problem {
	for a := range s.accounts.all() {
		if b, ok := resourcesOf[*bundle](a).get(string(sid)); ok && (a != owner || b.Status != approved) {
			return fail(21649)
		}
	}
	return nil
}

func listBundles(rq *request) (any, *problem) {
	p := rq.filters()
	validUntil := p.dateFilter("ValidUntilDate", rq.secondGrain)
	ends := p.bool("HasValidUntilDate")
	if p.prob != nil {
		return nil, p.prob
	}
	status, name, regulation := p.Get("Status"), p.Get("FriendlyName"), p.Get("RegulationSid")
	return list(rq, "results", func(b *bundle) bool {
		return (status == "" || b.Status == status) &&
			(name == "" || b.FriendlyName == name) &&
			(regulation == "" || string(b.RegulationSID) == regulation) &&
			(ends == nil || *ends != b.ValidUntil.IsZero()) &&
			validUntil.holds(b.ValidUntil.Time)
	})
}

func fetchBundle(rq *request) (any, *problem) { return fetch[*bundle](rq) }

func cloneBundle(rq *request) (any, *problem) {
	original, prob := lookup[*bundle](rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	target := p.required("TargetAccountSid", 20001)
	draft := p.bool("MoveToDraft")
	if original.Status != approved {
		p.reject(failf(20001, "Only an approved bundle can be cloned"))
	}
	if p.prob != nil {
		return nil, p.prob
	}
	to, ok := rq.accounts.get(target) // of the same organization
	if !ok {
		return nil, fail(20404)
	}
	clone := *original
	clone.record = record{}
	clone.FriendlyName = cmp.Or(p.Get("FriendlyName"), original.FriendlyName)
	if draft != nil && *draft {
		clone.Status = "draft"
	}
	rq.addBundle(to, &clone)
	return &struct {
		*bundle
		isoDates
		SID       string `json:"-"`
		BundleSID string `json:"bundle_sid"`
		URL       string `json:"url"`
	}{&clone, clone.isoDates(), clone.SID, clone.SID, bundlesURL + clone.SID}, nil
}
