package twilio

import (
	"context"
	"iter"
	"net/http"
	"time"
)

// A BundleStatus is the state of a bundle's review. The set is open: a value
// that is not among the constants passes through.
type BundleStatus string

// The states of a bundle.
const (
	BundleStatusDraft                 BundleStatus = "draft"
	BundleStatusPendingReview         BundleStatus = "pending-review"
	BundleStatusInReview              BundleStatus = "in-review"
	BundleStatusTwilioRejected        BundleStatus = "twilio-rejected"
	BundleStatusTwilioApproved        BundleStatus = "twilio-approved"
	BundleStatusProvisionallyApproved BundleStatus = "provisionally-approved"
)

// A BundleNumberType is a type of phone number that bundles are required for.
// The set is open: a value that is not among the constants passes through.
type BundleNumberType string

// The types of phone numbers.
const (
	BundleNumberTypeLocal    BundleNumberType = "local"
	BundleNumberTypeMobile   BundleNumberType = "mobile"
	BundleNumberTypeNational BundleNumberType = "national"
	BundleNumberTypeTollFree BundleNumberType = "toll-free"
)

// A BundleEndUserType is who uses a number. The set is open.
type BundleEndUserType string

// The types of end users.
const (
	BundleEndUserTypeIndividual BundleEndUserType = "individual"
	BundleEndUserTypeBusiness   BundleEndUserType = "business"
)

// A BundleSortBy is what a list of bundles is sorted by. The set is open.
type BundleSortBy string

// What lists of bundles can be sorted by.
const (
	BundleSortByValidUntil  BundleSortBy = "valid-until"
	BundleSortByDateUpdated BundleSortBy = "date-updated"
)

// A BundleSortDirection is the order of a list of bundles. The set is open.
type BundleSortDirection string

// The orders of lists of bundles.
const (
	BundleSortDirectionAscending  BundleSortDirection = "ASC"
	BundleSortDirectionDescending BundleSortDirection = "DESC"
)

// A Bundle has the documents about the user of phone numbers that a country's
// regulation requires.
//
// See https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles.
type Bundle struct {
	// SID identifies the bundle: BU and 32 hex digits.
	SID string `json:"sid" also:"bundle_sid"`
	// AccountSID is the account that the bundle belongs to.
	AccountSID string `json:"account_sid"`
	// RegulationSID is the regulation that the bundle satisfies (RN…).
	RegulationSID string `json:"regulation_sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// Status is the state of the review.
	Status BundleStatus `json:"status"`
	// ValidUntil is when the bundle expires, in UTC; zero if it doesn't.
	ValidUntil time.Time `json:"valid_until"`
	// Email is where Twilio writes to when the status changes.
	Email string `json:"email"`
	// StatusCallback is the URL that receives changes of the status.
	StatusCallback string `json:"status_callback"`
	// DateCreated is when the bundle was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the bundle was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URL is where the bundle is.
	URL string `json:"url"`
	// Links has the URLs of what belongs to the bundle, by name.
	Links SubresourceURIs `json:"links"`
}

func (b *Bundle) dates() []time.Time { return []time.Time{b.ValidUntil} }

// BundleListParams are the filters of [BundleService.List] and
// [BundleService.All].
type BundleListParams struct {
	// Status selects bundles in this state.
	Status BundleStatus `url:"Status,omitempty"`
	// BundleSIDs selects bundles by their SIDs, at most 20, separated by
	// commas.
	BundleSIDs string `url:"BundleSids,omitempty"`
	// FriendlyName selects bundles by their description.
	FriendlyName string `url:"FriendlyName,omitempty"`
	// RegulationSID selects bundles for a regulation (RN…).
	RegulationSID string `url:"RegulationSid,omitempty"`
	// ISOCountry selects bundles for a country, by its ISO 3166-1 code.
	ISOCountry string `url:"IsoCountry,omitempty"`
	// NumberType selects bundles for a type of numbers.
	NumberType BundleNumberType `url:"NumberType,omitempty"`
	// EndUserType selects bundles of individuals or of businesses.
	EndUserType BundleEndUserType `url:"EndUserType,omitempty"`
	// HasValidUntilDate selects bundles that expire, or that don't; nil selects
	// both.
	HasValidUntilDate *bool `url:"HasValidUntilDate,omitempty"`
	// ValidUntilDate selects bundles that expire on this day (UTC).
	ValidUntilDate time.Time `url:"ValidUntilDate,omitempty" layout:"2006-01-02"`
	// ValidUntilDateAfter selects bundles that expire at this time or later, to
	// the nanosecond.
	ValidUntilDateAfter time.Time `url:"ValidUntilDate>,omitempty" layout:"2006-01-02"`
	// ValidUntilDateBefore selects bundles that expire before this time, to the
	// nanosecond.
	ValidUntilDateBefore time.Time `url:"ValidUntilDate<,omitempty" layout:"2006-01-02"`
	// SortBy is what the list is sorted by; by default the date of creation.
	SortBy BundleSortBy `url:"SortBy,omitempty"`
	// SortDirection is the order of the list; descending by default.
	SortDirection BundleSortDirection `url:"SortDirection,omitempty"`
	// Limit ends the list after so many bundles; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many bundles one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p BundleListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p BundleListParams) check(r *request) error {
	return oneRange(r, "ValidUntilDate", p.ValidUntilDateAfter, p.ValidUntilDateBefore)
}

func (p BundleListParams) normalized() any {
	p.ValidUntilDateBefore = nextDay(p.ValidUntilDateBefore)
	return p
}

func (p BundleListParams) ranges() []timeRange {
	return []timeRange{{After: p.ValidUntilDateAfter, Before: p.ValidUntilDateBefore, param: "ValidUntilDate"}}
}

// BundleCloneParams are the parameters of [BundleService.Clone].
type BundleCloneParams struct {
	// TargetAccountSID is the account that gets the clone. It is required.
	TargetAccountSID string `url:"TargetAccountSid,omitempty"`
	// MoveToDraft makes the clone a draft, which can be changed, in place of an
	// approved bundle.
	MoveToDraft bool `url:"MoveToDraft,omitempty"`
	// FriendlyName describes the clone.
	FriendlyName string `url:"FriendlyName,omitempty"`
}

func (BundleCloneParams) check(r *request) error {
	return checkSID("TargetAccountSID", r.form.Get("TargetAccountSid"), "AC")
}

// A RegulatoryService has the resources of regulatory compliance.
type RegulatoryService struct {
	// Bundles are the documents that phone numbers of some countries require.
	Bundles *BundleService
}

// A BundleService reads and clones the bundles of the account that
// authenticates. For those of a subaccount, use its own credentials, by
// [Client.WithCredentials].
//
// See https://www.twilio.com/docs/phone-numbers/regulatory/api/bundles.
type BundleService struct{ bundles, clones endpoint }

func (s *BundleService) endpoint() endpoint { return orEmpty(s).bundles }

var (
	bundles      = &route{name: "regulatory.bundles", path: "https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles/{sid:BU}", list: "results"}
	bundleClones = &route{name: "regulatory.bundles", path: "https://numbers.twilio.com/v2/RegulatoryCompliance/Bundles/{sid:BU}/Clones"}
)

// Get reads one bundle.
func (s *BundleService) Get(ctx context.Context, sid string, opts ...RequestOption) (*Bundle, error) {
	return send[*Bundle](ctx, s.endpoint().get(opts, sid))
}

// List returns the first page of the bundles that match.
func (s *BundleService) List(ctx context.Context, params BundleListParams, opts ...RequestOption) (*Page[Bundle], error) {
	return pageOf[Bundle](ctx, s.endpoint().query(params, opts))
}

// All iterates over the bundles that match, fetching pages as they are needed.
func (s *BundleService) All(ctx context.Context, params BundleListParams, opts ...RequestOption) iter.Seq2[*Bundle, error] {
	return all[*Bundle](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *BundleService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[Bundle], error) {
	return pageOf[Bundle](ctx, s.endpoint().resumed(cursor, opts))
}

// Clone copies an approved bundle to another account of the same organization,
// where it is approved at once, and returns the clone. A phone number that
// requires a bundle needs it to move to that account. The main account's
// credentials clone its own bundles to its subaccounts.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], list the bundles of the target account,
// with its own credentials, before you clone again.
//
// See https://www.twilio.com/docs/phone-numbers/regulatory/api/bundle-clones.
func (s *BundleService) Clone(ctx context.Context, sid string, params BundleCloneParams, opts ...RequestOption) (*Bundle, error) {
	clone := new(Bundle)
	return valueOrError(clone, orEmpty(s).clones.request("clone", http.MethodPost, params, opts, []string{sid}).into(ctx, clone))
}
