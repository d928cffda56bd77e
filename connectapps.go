package twilio

import (
	"context"
	"iter"
)

// A ConnectAppPermission is what a Connect app may do in the accounts that
// authorize it. The set is open: a value that is not among the constants passes
// through.
type ConnectAppPermission string

// The permissions of Connect apps.
const (
	ConnectAppPermissionGetAll  ConnectAppPermission = "get-all"  // read everything
	ConnectAppPermissionPostAll ConnectAppPermission = "post-all" // create, change and delete everything
)

// A ConnectApp is an application of the account that other Twilio customers may
// authorize to act in subaccounts of theirs. It is created in Twilio's Console.
//
// See https://www.twilio.com/docs/iam/connect-apps/api.
type ConnectApp struct {
	// SID identifies the Connect app: CN and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the Connect app.
	AccountSID string `json:"account_sid"`
	// FriendlyName is the name that customers see.
	FriendlyName string `json:"friendly_name"`
	// Description is what customers read about the Connect app.
	Description string `json:"description"`
	// CompanyName is the company that customers see.
	CompanyName string `json:"company_name"`
	// HomepageURL is where customers read more.
	HomepageURL string `json:"homepage_url"`
	// AuthorizeRedirectURL is where customers are sent once they have
	// authorized the Connect app.
	AuthorizeRedirectURL string `json:"authorize_redirect_url"`
	// DeauthorizeCallbackURL is requested when a customer revokes the
	// authorization.
	DeauthorizeCallbackURL string `json:"deauthorize_callback_url"`
	// DeauthorizeCallbackMethod is how DeauthorizeCallbackURL is requested.
	DeauthorizeCallbackMethod HTTPMethod `json:"deauthorize_callback_method"`
	// Permissions are what the Connect app asks customers for.
	Permissions []ConnectAppPermission `json:"permissions"`
	// URI is the Connect app's own path.
	URI string `json:"uri"`
}

// ConnectAppUpdateParams are the parameters of [ConnectAppService.Update]. A
// nil field leaves its value unchanged.
type ConnectAppUpdateParams struct {
	// FriendlyName is the name that customers see, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
	// Description is what customers read about the Connect app.
	Description *string `url:"Description,omitempty"`
	// CompanyName is the company that customers see.
	CompanyName *string `url:"CompanyName,omitempty"`
	// HomepageURL is where customers read more.
	HomepageURL *string `url:"HomepageUrl,omitempty"`
	// AuthorizeRedirectURL is where customers are sent once they have
	// authorized the Connect app.
	AuthorizeRedirectURL *string `url:"AuthorizeRedirectUrl,omitempty"`
	// DeauthorizeCallbackURL is requested when a customer revokes the
	// authorization.
	DeauthorizeCallbackURL *string `url:"DeauthorizeCallbackUrl,omitempty"`
	// DeauthorizeCallbackMethod is how DeauthorizeCallbackURL is requested.
	DeauthorizeCallbackMethod *HTTPMethod `url:"DeauthorizeCallbackMethod,omitempty"`
	// Permissions replaces what the Connect app asks customers for. An empty
	// list leaves them unchanged, since a form can't express that there are
	// none.
	Permissions []ConnectAppPermission `url:"Permissions,omitempty"`
}

func (ConnectAppUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// ConnectAppListParams are the parameters of [ConnectAppService.List] and
// [ConnectAppService.All].
type ConnectAppListParams struct {
	// Limit ends the list after so many Connect apps; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many Connect apps one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p ConnectAppListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A ConnectAppService reads, changes and deletes the Connect apps of the
// account that the client acts on. The API can't create them; use Twilio's
// Console.
//
// See https://www.twilio.com/docs/iam/connect-apps/api.
type ConnectAppService struct{ connectApps endpoint }

func (s *ConnectAppService) endpoint() endpoint { return orEmpty(s).connectApps }

var connectApps = &route{name: "connect_apps", path: "/ConnectApps/{sid:CN}", list: "connect_apps"}

// Get returns one Connect app.
func (s *ConnectAppService) Get(ctx context.Context, sid string, opts ...RequestOption) (*ConnectApp, error) {
	return send[*ConnectApp](ctx, s.endpoint().get(opts, sid))
}

// Update changes a Connect app.
func (s *ConnectAppService) Update(ctx context.Context, sid string, params ConnectAppUpdateParams, opts ...RequestOption) (*ConnectApp, error) {
	return send[*ConnectApp](ctx, s.endpoint().update(params, opts, sid))
}

// Delete removes a Connect app.
func (s *ConnectAppService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's Connect apps.
func (s *ConnectAppService) List(ctx context.Context, params ConnectAppListParams, opts ...RequestOption) (*Page[ConnectApp], error) {
	return pageOf[ConnectApp](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's Connect apps, fetching pages as they are
// needed.
func (s *ConnectAppService) All(ctx context.Context, params ConnectAppListParams, opts ...RequestOption) iter.Seq2[*ConnectApp, error] {
	return all[*ConnectApp](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *ConnectAppService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[ConnectApp], error) {
	return pageOf[ConnectApp](ctx, s.endpoint().resumed(cursor, opts))
}
