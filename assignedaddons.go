package twilio

import (
	"context"
	"iter"
	"time"
)

// An AssignedAddOn is an add-on, installed in the account, that handles the
// calls and messages of one phone number.
//
// See
// https://www.twilio.com/docs/marketplace/api/incoming-phone-number-assigned-add-ons.
type AssignedAddOn struct {
	// SID identifies the assignment: XE and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the number.
	AccountSID string `json:"account_sid"`
	// ResourceSID is the phone number that the add-on is assigned to.
	ResourceSID string `json:"resource_sid"`
	// FriendlyName is the name of the add-on.
	FriendlyName string `json:"friendly_name"`
	// Description says what the add-on does.
	Description string `json:"description"`
	// Configuration is the configuration of the installation, as JSON is
	// decoded into a map. Its members depend on the add-on.
	Configuration map[string]any `json:"configuration"`
	// UniqueName is the unique name of the installation.
	UniqueName string `json:"unique_name"`
	// DateCreated is when the add-on was assigned, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the assignment was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// SubresourceURIs has the paths of what belongs to the assignment, by name
	// ("extensions").
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the assignment's own path.
	URI string `json:"uri"`
}

// AssignedAddOnCreateParams are the parameters of
// [AssignedAddOnService.Create].
type AssignedAddOnCreateParams struct {
	// InstalledAddOnSID is the installation of the add-on in the account: XE
	// and 32 hex digits. It is required.
	InstalledAddOnSID string `url:"InstalledAddOnSid,omitempty"`
}

func (AssignedAddOnCreateParams) check(r *request) error {
	return required("InstalledAddOnSID", r.form.Get("InstalledAddOnSid"))
}

// AssignedAddOnListParams are the parameters of [AssignedAddOnService.List] and
// [AssignedAddOnService.All].
type AssignedAddOnListParams struct {
	// Limit ends the list after so many add-ons; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many add-ons one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p AssignedAddOnListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An AssignedAddOnService assigns installed add-ons to phone numbers.
//
// See
// https://www.twilio.com/docs/marketplace/api/incoming-phone-number-assigned-add-ons.
type AssignedAddOnService struct {
	// Extensions has the products that an assigned add-on handles.
	Extensions *AddOnExtensionService

	addOns endpoint
}

func (s *AssignedAddOnService) endpoint() endpoint { return orEmpty(s).addOns }

var assignedAddOns = &route{name: "incoming_phone_numbers.assigned_add_ons",
	path: "/IncomingPhoneNumbers/{phoneNumberSID:PN}/AssignedAddOns/{sid:XE}", list: "assigned_add_ons"}

// Create assigns an installed add-on to a number. The client never retries it
// once it may have reached Twilio: after an error that matches
// [ErrOutcomeUnknown], check with List whether the add-on is assigned before
// you assign it again.
func (s *AssignedAddOnService) Create(ctx context.Context, phoneNumberSID string, params AssignedAddOnCreateParams, opts ...RequestOption) (*AssignedAddOn, error) {
	return send[*AssignedAddOn](ctx, s.endpoint().create(params, opts, phoneNumberSID))
}

// Get reads one add-on of a number.
func (s *AssignedAddOnService) Get(ctx context.Context, phoneNumberSID, sid string, opts ...RequestOption) (*AssignedAddOn, error) {
	return send[*AssignedAddOn](ctx, s.endpoint().get(opts, phoneNumberSID, sid))
}

// Delete removes an add-on from a number. It stays installed in the account.
func (s *AssignedAddOnService) Delete(ctx context.Context, phoneNumberSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, phoneNumberSID, sid)
}

// List returns the first page of the add-ons of a number.
func (s *AssignedAddOnService) List(ctx context.Context, phoneNumberSID string, params AssignedAddOnListParams, opts ...RequestOption) (*Page[AssignedAddOn], error) {
	return pageOf[AssignedAddOn](ctx, s.endpoint().query(params, opts, phoneNumberSID))
}

// All iterates over the add-ons of a number, fetching pages as they are needed.
func (s *AssignedAddOnService) All(ctx context.Context, phoneNumberSID string, params AssignedAddOnListParams, opts ...RequestOption) iter.Seq2[*AssignedAddOn, error] {
	return all[*AssignedAddOn](ctx, s.endpoint(), params, opts, phoneNumberSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *AssignedAddOnService) Resume(ctx context.Context, phoneNumberSID, cursor string, opts ...RequestOption) (*Page[AssignedAddOn], error) {
	return pageOf[AssignedAddOn](ctx, s.endpoint().resumed(cursor, opts, phoneNumberSID))
}

// An AddOnExtension is a product, such as incoming calls, that an assigned
// add-on handles.
//
// See
// https://www.twilio.com/docs/marketplace/api/incoming-phone-number-assigned-add-ons-extensions.
type AddOnExtension struct {
	// SID identifies the extension: XF and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the number.
	AccountSID string `json:"account_sid"`
	// ResourceSID is the phone number that the add-on is assigned to.
	ResourceSID string `json:"resource_sid"`
	// AssignedAddOnSID is the assignment that the extension belongs to.
	AssignedAddOnSID string `json:"assigned_add_on_sid"`
	// FriendlyName is the name of the extension.
	FriendlyName string `json:"friendly_name"`
	// ProductName is the product that uses the extension.
	ProductName string `json:"product_name"`
	// UniqueName is the unique name of the extension.
	UniqueName string `json:"unique_name"`
	// Enabled is true when the product invokes the add-on.
	Enabled bool `json:"enabled"`
	// URI is the extension's own path.
	URI string `json:"uri"`
}

// AddOnExtensionListParams are the parameters of [AddOnExtensionService.List]
// and [AddOnExtensionService.All].
type AddOnExtensionListParams struct {
	// Limit ends the list after so many extensions; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many extensions one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p AddOnExtensionListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An AddOnExtensionService reads the extensions of add-ons that are assigned to
// numbers.
//
// See
// https://www.twilio.com/docs/marketplace/api/incoming-phone-number-assigned-add-ons-extensions.
type AddOnExtensionService struct{ extensions endpoint }

func (s *AddOnExtensionService) endpoint() endpoint { return orEmpty(s).extensions }

var addOnExtensions = &route{name: "incoming_phone_numbers.assigned_add_ons.extensions",
	path: "/IncomingPhoneNumbers/{phoneNumberSID:PN}/AssignedAddOns/{assignedAddOnSID:XE}/Extensions/{sid:XF}", list: "extensions"}

// Get reads one extension of an assigned add-on.
func (s *AddOnExtensionService) Get(ctx context.Context, phoneNumberSID, assignedAddOnSID, sid string, opts ...RequestOption) (*AddOnExtension, error) {
	return send[*AddOnExtension](ctx, s.endpoint().get(opts, phoneNumberSID, assignedAddOnSID, sid))
}

// List returns the first page of the extensions of an assigned add-on.
func (s *AddOnExtensionService) List(ctx context.Context, phoneNumberSID, assignedAddOnSID string, params AddOnExtensionListParams, opts ...RequestOption) (*Page[AddOnExtension], error) {
	return pageOf[AddOnExtension](ctx, s.endpoint().query(params, opts, phoneNumberSID, assignedAddOnSID))
}

// All iterates over the extensions of an assigned add-on, fetching pages as
// they are needed.
func (s *AddOnExtensionService) All(ctx context.Context, phoneNumberSID, assignedAddOnSID string, params AddOnExtensionListParams, opts ...RequestOption) iter.Seq2[*AddOnExtension, error] {
	return all[*AddOnExtension](ctx, s.endpoint(), params, opts, phoneNumberSID, assignedAddOnSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *AddOnExtensionService) Resume(ctx context.Context, phoneNumberSID, assignedAddOnSID, cursor string, opts ...RequestOption) (*Page[AddOnExtension], error) {
	return pageOf[AddOnExtension](ctx, s.endpoint().resumed(cursor, opts, phoneNumberSID, assignedAddOnSID))
}
