package twilio

import (
	"context"
	"iter"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// A SIPCredentialList is a list of user names and passwords, to be mapped to
// SIP domains.
//
// See https://www.twilio.com/docs/voice/sip/api/sip-credentiallist-resource.
type SIPCredentialList struct {
	// SID identifies the list: CL and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the list.
	AccountSID string `json:"account_sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// DateCreated is when the list was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the list was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// SubresourceURIs has the path of the credentials, under "credentials".
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the list's own path.
	URI string `json:"uri"`
}

// SIPCredentialListCreateParams are the parameters of
// [SIPCredentialListService.Create]. FriendlyName is required.
type SIPCredentialListCreateParams struct {
	// FriendlyName describes the list, in at most 64 characters. No other list
	// of the account may have it.
	FriendlyName string `url:"FriendlyName,omitempty"`
}

func (SIPCredentialListCreateParams) check(r *request) error {
	return firstError(required("FriendlyName", r.form.Get("FriendlyName")), checkFriendlyName(r.form))
}

// SIPCredentialListUpdateParams are the parameters of
// [SIPCredentialListService.Update]. FriendlyName is required.
type SIPCredentialListUpdateParams struct {
	// FriendlyName describes the list, in at most 64 characters. No other list
	// of the account may have it.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

func (SIPCredentialListUpdateParams) check(r *request) error {
	return firstError(required("FriendlyName", r.form.Get("FriendlyName")), checkFriendlyName(r.form))
}

// SIPCredentialListListParams are the parameters of
// [SIPCredentialListService.List] and [SIPCredentialListService.All].
type SIPCredentialListListParams struct {
	// Limit ends the list after so many items; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many items one request asks for, 1 to 1000. Zero lets the
	// client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p SIPCredentialListListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A SIPCredentialListService creates, reads, renames and deletes the lists of
// SIP credentials of the account that the client acts on.
//
// See https://www.twilio.com/docs/voice/sip/api/sip-credentiallist-resource.
type SIPCredentialListService struct {
	// Credentials has the credentials of a list.
	Credentials *SIPCredentialService

	lists endpoint
}

func (s *SIPCredentialListService) endpoint() endpoint { return orEmpty(s).lists }

var sipCredentialLists = &route{name: "sip.credential_lists", path: "/SIP/CredentialLists/{sid:CL}", list: "credential_lists"}

// Create makes an empty list. [CodeSIPCredentialListNameTaken] says that the
// account has a list of that name, [CodeTooManySIPCredentialLists] that it has
// 100, which is Twilio's limit.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], create it again: if the first one exists,
// Twilio refuses its name as taken, and List shows it.
func (s *SIPCredentialListService) Create(ctx context.Context, params SIPCredentialListCreateParams, opts ...RequestOption) (*SIPCredentialList, error) {
	return send[*SIPCredentialList](ctx, s.endpoint().create(params, opts))
}

// Get returns one list, without its credentials.
func (s *SIPCredentialListService) Get(ctx context.Context, sid string, opts ...RequestOption) (*SIPCredentialList, error) {
	return send[*SIPCredentialList](ctx, s.endpoint().get(opts, sid))
}

// Update renames a list.
func (s *SIPCredentialListService) Update(ctx context.Context, sid string, params SIPCredentialListUpdateParams, opts ...RequestOption) (*SIPCredentialList, error) {
	return send[*SIPCredentialList](ctx, s.endpoint().update(params, opts, sid))
}

// Delete removes a list with its credentials. [CodeSIPCredentialListInUse] says
// that the list is mapped to a domain: delete the mapping first.
func (s *SIPCredentialListService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the account's lists of credentials.
func (s *SIPCredentialListService) List(ctx context.Context, params SIPCredentialListListParams, opts ...RequestOption) (*Page[SIPCredentialList], error) {
	return pageOf[SIPCredentialList](ctx, s.endpoint().query(params, opts))
}

// All iterates over the account's lists of credentials, fetching pages as they
// are needed.
func (s *SIPCredentialListService) All(ctx context.Context, params SIPCredentialListListParams, opts ...RequestOption) iter.Seq2[*SIPCredentialList, error] {
	return all[*SIPCredentialList](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *SIPCredentialListService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[SIPCredentialList], error) {
	return pageOf[SIPCredentialList](ctx, s.endpoint().resumed(cursor, opts))
}

// A SIPCredential is a user name whose password Twilio knows. No response has
// the password.
//
// See https://www.twilio.com/docs/voice/sip/api/sip-credential-resource.
type SIPCredential struct {
	// SID identifies the credential: CR and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that owns the credential.
	AccountSID string `json:"account_sid"`
	// CredentialListSID is the list that it belongs to.
	CredentialListSID string `json:"credential_list_sid"`
	// Username is the name that SIP phones authenticate with.
	Username string `json:"username"`
	// DateCreated is when the credential was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the credential was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the credential's own path.
	URI string `json:"uri"`
}

// SIPCredentialCreateParams are the parameters of
// [SIPCredentialService.Create]. Both are required.
type SIPCredentialCreateParams struct {
	// Username is the name to authenticate with, in at most 32 characters.
	Username string `url:"Username,omitempty"`
	// Password is the password to authenticate with: at least 12 characters,
	// among them a digit, an upper and a lower case letter. Twilio never
	// returns it. It is a [Secret], made by [NewSecret], so that printing or
	// logging the parameters doesn't print it.
	Password Secret `url:"Password,omitempty"`
}

func (SIPCredentialCreateParams) check(r *request) error {
	return firstError(
		required("Username", r.form.Get("Username")),
		checkLength("Username", r.form.Get("Username"), 32),
		required("Password", r.form.Get("Password")),
		checkSIPPassword(r.form),
	)
}

// SIPCredentialUpdateParams are the parameters of
// [SIPCredentialService.Update]. A nil field leaves its value unchanged. A
// Username can't be changed.
type SIPCredentialUpdateParams struct {
	// Password replaces the password, under the rules of
	// [SIPCredentialCreateParams].
	Password *Secret `url:"Password,omitempty"`
}

func (SIPCredentialUpdateParams) check(r *request) error { return checkSIPPassword(r.form) }

// checkSIPPassword refuses passwords that Twilio does, without quoting them.
func checkSIPPassword(form url.Values) error {
	const digits, lower = "0123456789", "abcdefghijklmnopqrstuvwxyz"
	password := form.Get("Password")
	if !form.Has("Password") || utf8.RuneCountInString(password) >= 12 && strings.ContainsAny(password, digits) &&
		strings.ContainsAny(password, lower) && strings.ContainsAny(password, strings.ToUpper(lower)) {
		return nil
	}
	return &ParamError{Field: "Password",
		Reason: "is too weak for Twilio; use at least 12 characters, among them a digit, an upper and a lower case letter"}
}

// SIPCredentialListParams are the parameters of [SIPCredentialService.List] and
// [SIPCredentialService.All].
type SIPCredentialListParams struct {
	// Limit ends the list after so many credentials; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many credentials one request asks for, 1 to 1000. Zero
	// lets the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p SIPCredentialListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A SIPCredentialService creates, reads, changes and deletes the credentials of
// a list.
//
// See https://www.twilio.com/docs/voice/sip/api/sip-credential-resource.
type SIPCredentialService struct{ credentials endpoint }

func (s *SIPCredentialService) endpoint() endpoint { return orEmpty(s).credentials }

var sipCredentials = &route{name: "sip.credential_lists.credentials",
	path: "/SIP/CredentialLists/{credentialListSID:CL}/Credentials/{sid:CR}", list: "credentials"}

// Create adds a credential to a list. [CodeTooManySIPCredentials] says that the
// list has 1000, which is Twilio's limit.
//
// The client never retries it once it may have reached Twilio. After an error
// that matches [ErrOutcomeUnknown], check with List whether the credential
// exists before you create it again.
func (s *SIPCredentialService) Create(ctx context.Context, credentialListSID string, params SIPCredentialCreateParams, opts ...RequestOption) (*SIPCredential, error) {
	return send[*SIPCredential](ctx, s.endpoint().create(params, opts, credentialListSID))
}

// Get returns one credential, without its password.
func (s *SIPCredentialService) Get(ctx context.Context, credentialListSID, sid string, opts ...RequestOption) (*SIPCredential, error) {
	return send[*SIPCredential](ctx, s.endpoint().get(opts, credentialListSID, sid))
}

// Update replaces the password of a credential.
func (s *SIPCredentialService) Update(ctx context.Context, credentialListSID, sid string, params SIPCredentialUpdateParams, opts ...RequestOption) (*SIPCredential, error) {
	return send[*SIPCredential](ctx, s.endpoint().update(params, opts, credentialListSID, sid))
}

// Delete removes a credential; domains that its list is mapped to refuse it
// from then on.
func (s *SIPCredentialService) Delete(ctx context.Context, credentialListSID, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, credentialListSID, sid)
}

// List returns the first page of the credentials of a list.
func (s *SIPCredentialService) List(ctx context.Context, credentialListSID string, params SIPCredentialListParams, opts ...RequestOption) (*Page[SIPCredential], error) {
	return pageOf[SIPCredential](ctx, s.endpoint().query(params, opts, credentialListSID))
}

// All iterates over the credentials of a list, fetching pages as they are
// needed.
func (s *SIPCredentialService) All(ctx context.Context, credentialListSID string, params SIPCredentialListParams, opts ...RequestOption) iter.Seq2[*SIPCredential, error] {
	return all[*SIPCredential](ctx, s.endpoint(), params, opts, credentialListSID)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *SIPCredentialService) Resume(ctx context.Context, credentialListSID, cursor string, opts ...RequestOption) (*Page[SIPCredential], error) {
	return pageOf[SIPCredential](ctx, s.endpoint().resumed(cursor, opts, credentialListSID))
}
