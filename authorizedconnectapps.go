package twilio

import (
	"context"
	"iter"
)

// An AuthorizedConnectApp is a Connect app of another Twilio customer that may
// act in the account.
//
// See https://www.twilio.com/docs/iam/connect-apps/authorized-api.
type AuthorizedConnectApp struct {
	// ConnectAppSID identifies the Connect app: CN and 32 hex digits.
	ConnectAppSID string `json:"connect_app_sid"`
	// AccountSID is the account that authorized the Connect app.
	AccountSID string `json:"account_sid"`
	// ConnectAppFriendlyName is the name of the Connect app.
	ConnectAppFriendlyName string `json:"connect_app_friendly_name"`
	// ConnectAppDescription describes the Connect app.
	ConnectAppDescription string `json:"connect_app_description"`
	// ConnectAppCompanyName is the company behind the Connect app.
	ConnectAppCompanyName string `json:"connect_app_company_name"`
	// ConnectAppHomepageURL is where to read more about the Connect app.
	ConnectAppHomepageURL string `json:"connect_app_homepage_url"`
	// Permissions are what the Connect app may do in the account.
	Permissions []ConnectAppPermission `json:"permissions"`
	// URI is the authorization's own path.
	URI string `json:"uri"`
}

// AuthorizedConnectAppListParams are the parameters of
// [AuthorizedConnectAppService.List] and [AuthorizedConnectAppService.All].
type AuthorizedConnectAppListParams struct {
	// Limit ends the list after so many Connect apps; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many Connect apps one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p AuthorizedConnectAppListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// An AuthorizedConnectAppService reads which Connect apps may act in the
// account that the client acts on. The API can't authorize an app or revoke an
// authorization; the account's owner does that in Twilio's Console.
//
// See https://www.twilio.com/docs/iam/connect-apps/authorized-api.
type AuthorizedConnectAppService struct{ connectApps endpoint }

func (s *AuthorizedConnectAppService) endpoint() endpoint { return orEmpty(s).connectApps }

var authorizedConnectApps = &route{name: "authorized_connect_apps", path: "/AuthorizedConnectApps/{connectAppSID:CN}",
	list: "authorized_connect_apps"}

// Get returns one Connect app that the account has authorized.
func (s *AuthorizedConnectAppService) Get(ctx context.Context, connectAppSID string, opts ...RequestOption) (*AuthorizedConnectApp, error) {
	return send[*AuthorizedConnectApp](ctx, s.endpoint().get(opts, connectAppSID))
}

// List returns the first page of the Connect apps that the account has
// authorized.
func (s *AuthorizedConnectAppService) List(ctx context.Context, params AuthorizedConnectAppListParams, opts ...RequestOption) (*Page[AuthorizedConnectApp], error) {
	return pageOf[AuthorizedConnectApp](ctx, s.endpoint().query(params, opts))
}

// All iterates over the Connect apps that the account has authorized, fetching
// pages as they are needed.
func (s *AuthorizedConnectAppService) All(ctx context.Context, params AuthorizedConnectAppListParams, opts ...RequestOption) iter.Seq2[*AuthorizedConnectApp, error] {
	return all[*AuthorizedConnectApp](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *AuthorizedConnectAppService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[AuthorizedConnectApp], error) {
	return pageOf[AuthorizedConnectApp](ctx, s.endpoint().resumed(cursor, opts))
}
