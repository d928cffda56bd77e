package twilio

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

// A UsageTriggerRecurring is how often a trigger resets its count. The set is
// open: a value that is not among the constants passes through.
type UsageTriggerRecurring string

// A trigger counts from the beginning of each day, month or year, in UTC, or
// for all time, in which case it fires once.
const (
	UsageTriggerRecurringDaily   UsageTriggerRecurring = "daily"
	UsageTriggerRecurringMonthly UsageTriggerRecurring = "monthly"
	UsageTriggerRecurringYearly  UsageTriggerRecurring = "yearly"
	UsageTriggerRecurringAllTime UsageTriggerRecurring = "alltime"
)

// A UsageTriggerField is the field of a usage record that a trigger watches.
// The set is open: a value that is not among the constants passes through.
type UsageTriggerField string

// A trigger watches [UsageRecord]'s Count, Usage or Price.
const (
	UsageTriggerFieldCount UsageTriggerField = "count"
	UsageTriggerFieldUsage UsageTriggerField = "usage"
	UsageTriggerFieldPrice UsageTriggerField = "price"
)

// A UsageTrigger requests a URL once an account's usage reaches a value.
//
// See https://www.twilio.com/docs/usage/api/usage-trigger.
type UsageTrigger struct {
	// SID identifies the trigger: UT and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account whose usage is watched.
	AccountSID string `json:"account_sid"`
	// FriendlyName is a description.
	FriendlyName string `json:"friendly_name"`
	// UsageCategory is the kind of usage that is watched.
	UsageCategory UsageCategory `json:"usage_category"`
	// TriggerBy is the field of the usage record that is watched.
	TriggerBy UsageTriggerField `json:"trigger_by"`
	// TriggerValue is the value that fires the trigger, in the unit of the
	// field.
	TriggerValue decimal.NullDecimal `json:"trigger_value"`
	// CurrentValue is the usage so far, in the unit of the field.
	CurrentValue decimal.NullDecimal `json:"current_value"`
	// Recurring is how often the count is reset; empty for a trigger that fires
	// once.
	Recurring UsageTriggerRecurring `json:"recurring"`
	// CallbackURL is requested when the trigger fires.
	CallbackURL string `json:"callback_url"`
	// CallbackMethod is GET or POST.
	CallbackMethod HTTPMethod `json:"callback_method"`
	// DateFired is when the trigger last fired, in UTC; zero until it has.
	DateFired time.Time `json:"date_fired"`
	// DateCreated is when the trigger was created, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the trigger was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// APIVersion is the version of the API that made the trigger.
	APIVersion string `json:"api_version"`
	// UsageRecordURI is the path of the usage records that are watched.
	UsageRecordURI string `json:"usage_record_uri"`
	// URI is the trigger's own path.
	URI string `json:"uri"`
}

// UsageTriggerCreateParams are the parameters of [UsageTriggerService.Create].
// CallbackURL, TriggerValue and UsageCategory are required.
type UsageTriggerCreateParams struct {
	// CallbackURL is requested when the trigger fires.
	CallbackURL string `url:"CallbackUrl,omitempty"`
	// TriggerValue is a decimal number such as "25.50", in the unit of
	// TriggerBy. With a leading "+" it counts from the usage so far: "+30"
	// fires 30 units from now.
	TriggerValue string `url:"TriggerValue,omitempty"`
	// UsageCategory is the kind of usage to watch.
	UsageCategory UsageCategory `url:"UsageCategory,omitempty"`
	// TriggerBy is what to watch; Twilio's default is usage.
	TriggerBy UsageTriggerField `url:"TriggerBy,omitempty"`
	// Recurring resets the count each day, month or year. Without it, the
	// trigger fires once.
	Recurring UsageTriggerRecurring `url:"Recurring,omitempty"`
	// CallbackMethod is GET or POST (Twilio's default).
	CallbackMethod HTTPMethod `url:"CallbackMethod,omitempty"`
	// FriendlyName describes the trigger, in at most 64 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
}

func (UsageTriggerCreateParams) check(r *request) error {
	return firstError(
		required("CallbackURL", r.form.Get("CallbackUrl")),
		required("TriggerValue", r.form.Get("TriggerValue")),
		required("UsageCategory", r.form.Get("UsageCategory")),
		checkFriendlyName(r.form),
	)
}

// UsageTriggerUpdateParams are the parameters of [UsageTriggerService.Update].
// A nil field leaves its value unchanged. What a trigger watches can't be
// changed: delete the trigger and create another.
type UsageTriggerUpdateParams struct {
	// CallbackURL is requested when the trigger fires.
	CallbackURL *string `url:"CallbackUrl,omitempty"`
	// CallbackMethod is GET or POST.
	CallbackMethod *HTTPMethod `url:"CallbackMethod,omitempty"`
	// FriendlyName describes the trigger, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

func (UsageTriggerUpdateParams) check(r *request) error { return checkFriendlyName(r.form) }

// UsageTriggerListParams are the filters of [UsageTriggerService.List] and
// [UsageTriggerService.All].
type UsageTriggerListParams struct {
	// Recurring selects triggers whose count is reset this often;
	// UsageTriggerRecurringAllTime selects those that fire once.
	Recurring UsageTriggerRecurring `url:"Recurring,omitempty"`
	// TriggerBy selects triggers that watch this field.
	TriggerBy UsageTriggerField `url:"TriggerBy,omitempty"`
	// UsageCategory selects triggers that watch this kind of usage.
	UsageCategory UsageCategory `url:"UsageCategory,omitempty"`
	// Limit ends the list after so many triggers; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many triggers one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p UsageTriggerListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// A UsageTriggerService creates, reads, updates and deletes the usage triggers
// of the account that the client acts on.
//
// See https://www.twilio.com/docs/usage/api/usage-trigger.
type UsageTriggerService struct{ triggers endpoint }

func (s *UsageTriggerService) endpoint() endpoint { return orEmpty(s).triggers }

var usageTriggers = &route{name: "usage.triggers", path: "/Usage/Triggers/{sid:UT}", list: "usage_triggers"}

// Create creates a trigger. The client never retries it once it may have
// reached Twilio: after an error that matches [ErrOutcomeUnknown], check with
// List whether the trigger exists before you create another.
func (s *UsageTriggerService) Create(ctx context.Context, params UsageTriggerCreateParams, opts ...RequestOption) (*UsageTrigger, error) {
	return send[*UsageTrigger](ctx, s.endpoint().create(params, opts))
}

// Get reads one trigger.
func (s *UsageTriggerService) Get(ctx context.Context, sid string, opts ...RequestOption) (*UsageTrigger, error) {
	return send[*UsageTrigger](ctx, s.endpoint().get(opts, sid))
}

// Update changes a trigger's callback or name.
func (s *UsageTriggerService) Update(ctx context.Context, sid string, params UsageTriggerUpdateParams, opts ...RequestOption) (*UsageTrigger, error) {
	return send[*UsageTrigger](ctx, s.endpoint().update(params, opts, sid))
}

// Delete deletes a trigger; it won't fire again.
func (s *UsageTriggerService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return s.endpoint().delete(ctx, opts, sid)
}

// List returns the first page of the triggers that match.
func (s *UsageTriggerService) List(ctx context.Context, params UsageTriggerListParams, opts ...RequestOption) (*Page[UsageTrigger], error) {
	return pageOf[UsageTrigger](ctx, s.endpoint().query(params, opts))
}

// All iterates over the triggers that match, fetching pages as they are needed.
func (s *UsageTriggerService) All(ctx context.Context, params UsageTriggerListParams, opts ...RequestOption) iter.Seq2[*UsageTrigger, error] {
	return all[*UsageTrigger](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *UsageTriggerService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[UsageTrigger], error) {
	return pageOf[UsageTrigger](ctx, s.endpoint().resumed(cursor, opts))
}
