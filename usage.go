package twilio

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

// UsageCategory is a kind of usage that Twilio counts and bills. There are
// hundreds, and Twilio adds to them: the constants are those that most bills
// need, and any other value passes through.
//
// Categories nest and overlap, so never add up all of them: calls holds
// calls-inbound and calls-outbound, and totalprice is the sum of everything.
//
// See https://www.twilio.com/docs/usage/api/usage-record#usage-categories.
type UsageCategory string

// The categories that most bills need.
const (
	// UsageCategoryTotalPrice is the whole bill.
	UsageCategoryTotalPrice    UsageCategory = "totalprice"
	UsageCategoryCalls         UsageCategory = "calls"
	UsageCategoryCallsInbound  UsageCategory = "calls-inbound"
	UsageCategoryCallsOutbound UsageCategory = "calls-outbound"
	UsageCategorySMS           UsageCategory = "sms"
	UsageCategorySMSInbound    UsageCategory = "sms-inbound"
	UsageCategorySMSOutbound   UsageCategory = "sms-outbound"
	UsageCategoryMMS           UsageCategory = "mms"
	UsageCategoryMMSInbound    UsageCategory = "mms-inbound"
	UsageCategoryMMSOutbound   UsageCategory = "mms-outbound"
	UsageCategoryPhoneNumbers  UsageCategory = "phonenumbers"
	UsageCategoryRecordings    UsageCategory = "recordings"
)

// UsageRecord is what an account used of one category from StartDate to
// EndDate, and its official price.
//
// See https://www.twilio.com/docs/usage/api/usage-record.
type UsageRecord struct {
	// AccountSID is the account that the usage is charged to.
	AccountSID string `json:"account_sid"`
	// Category is the kind of usage.
	Category UsageCategory `json:"category"`
	// Description is Category in words.
	Description string `json:"description"`
	// StartDate is the first day that is counted: midnight UTC.
	StartDate time.Time `json:"start_date"`
	// EndDate is the last day that is counted, all of it: midnight UTC at its
	// beginning.
	EndDate time.Time `json:"end_date"`
	// AsOf is the time up to which the record is complete, in UTC. Later usage is
	// added later.
	AsOf time.Time `json:"as_of"`
	// Count is the number of events in CountUnit, such as calls.
	Count int `json:"count"`
	// CountUnit is "calls", "messages" and the like.
	CountUnit string `json:"count_unit"`
	// Usage is the amount that is billed, in UsageUnit, such as minutes.
	Usage decimal.NullDecimal `json:"usage"`
	// UsageUnit is "minutes", "messages" and the like.
	UsageUnit string `json:"usage_unit"`
	// Price is the charge in PriceUnit. Unlike the price of a call or a message,
	// it is positive.
	Price decimal.NullDecimal `json:"price"`
	// PriceUnit is the currency of Price: an ISO 4217 code, in small letters as
	// Twilio sends it.
	PriceUnit string `json:"price_unit"`
	// APIVersion is the version of the API that made the record.
	APIVersion string `json:"api_version"`
	// SubresourceURIs has the paths of the same category over other periods, by
	// name ("daily", "last_month", …).
	SubresourceURIs map[string]string `json:"subresource_uris"`
	// URI is the path of the list that holds this record.
	URI string `json:"uri"`
}

// UsageRecordListParams are the filters of the lists of usage records.
type UsageRecordListParams struct {
	// Category selects one category. Empty selects all of them, which overlap.
	Category UsageCategory `url:"Category,omitempty"`
	// StartDate is the first day to count, in UTC; its time of day is dropped.
	StartDate time.Time `url:"StartDate,omitempty" layout:"2006-01-02"`
	// EndDate is the last day to count, in UTC, all of it; its time of day is
	// dropped.
	EndDate time.Time `url:"EndDate,omitempty" layout:"2006-01-02"`
	// IncludeSubaccounts adds the usage of all subaccounts to the main account's.
	// It is off unless you ask, and sent as false, although Twilio's own default
	// is on: a sum over the main account and its subaccounts would count every
	// customer twice.
	IncludeSubaccounts bool `url:"IncludeSubaccounts"`
	// Limit ends the list after so many records; 0 means no limit.
	Limit int `url:"-"`
	// PageSize is how many records one request asks for, 1 to 1000; 0 means as
	// many as help.
	PageSize int `url:"PageSize,omitempty"`
}

func (p UsageRecordListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (p UsageRecordListParams) check() error {
	day := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	if !p.EndDate.IsZero() && day(p.EndDate).Before(day(p.StartDate)) {
		return &ParamError{Field: "EndDate", Reason: "lies before StartDate, so that nothing can match"}
	}
	return nil
}

// UsageService groups what an account used and the triggers that watch it.
type UsageService struct {
	// Records has what was used, and its price.
	Records *UsageRecordService
	// Triggers has the webhooks that are called when usage reaches a value.
	Triggers *UsageTriggerService
}

func newUsageService(c *Client) *UsageService {
	return &UsageService{
		Records: &UsageRecordService{
			AllTime:   &UsageRecordPeriodService{c, usageRecordsAllTime},
			Daily:     &UsageRecordPeriodService{c, usageRecordsDaily},
			LastMonth: &UsageRecordPeriodService{c, usageRecordsLastMonth},
			Monthly:   &UsageRecordPeriodService{c, usageRecordsMonthly},
			ThisMonth: &UsageRecordPeriodService{c, usageRecordsThisMonth},
			Today:     &UsageRecordPeriodService{c, usageRecordsToday},
			Yearly:    &UsageRecordPeriodService{c, usageRecordsYearly},
			Yesterday: &UsageRecordPeriodService{c, usageRecordsYesterday},
			client:    c,
		},
		Triggers: &UsageTriggerService{c},
	}
}

// UsageRecordService reads what the account that the client acts on used, and
// the official price of it. Days begin and end in UTC.
//
// Its own lists have one record for each category, over all the time from
// StartDate to EndDate. The services in its fields divide or choose the time.
//
// See https://www.twilio.com/docs/usage/api/usage-record.
type UsageRecordService struct {
	// AllTime has one record for each category, over all time.
	AllTime *UsageRecordPeriodService
	// Daily has one record for each category and day.
	Daily *UsageRecordPeriodService
	// LastMonth has one record for each category, over the month before this.
	LastMonth *UsageRecordPeriodService
	// Monthly has one record for each category and month.
	Monthly *UsageRecordPeriodService
	// ThisMonth has one record for each category, over this month so far.
	ThisMonth *UsageRecordPeriodService
	// Today has one record for each category, over this day so far.
	Today *UsageRecordPeriodService
	// Yearly has one record for each category and year.
	Yearly *UsageRecordPeriodService
	// Yesterday has one record for each category, over the day before this.
	Yesterday *UsageRecordPeriodService

	client *Client
}

var (
	usageRecords          = usageRecordsOf("usage.records", "")
	usageRecordsAllTime   = usageRecordsOf("usage.records.all_time", "/AllTime")
	usageRecordsDaily     = usageRecordsOf("usage.records.daily", "/Daily")
	usageRecordsLastMonth = usageRecordsOf("usage.records.last_month", "/LastMonth")
	usageRecordsMonthly   = usageRecordsOf("usage.records.monthly", "/Monthly")
	usageRecordsThisMonth = usageRecordsOf("usage.records.this_month", "/ThisMonth")
	usageRecordsToday     = usageRecordsOf("usage.records.today", "/Today")
	usageRecordsYearly    = usageRecordsOf("usage.records.yearly", "/Yearly")
	usageRecordsYesterday = usageRecordsOf("usage.records.yesterday", "/Yesterday")
)

func usageRecordsOf(name, path string) *route {
	return &route{name: name, path: "/Usage/Records" + path, list: "usage_records"}
}

// List returns the first page of the usage records that match.
func (s *UsageRecordService) List(ctx context.Context, params UsageRecordListParams, opts ...RequestOption) (*Page[UsageRecord], error) {
	return list[UsageRecord](ctx, s.client, usageRecords, params, opts)
}

// All iterates over the usage records that match, fetching pages as they are
// needed.
func (s *UsageRecordService) All(ctx context.Context, params UsageRecordListParams, opts ...RequestOption) iter.Seq2[*UsageRecord, error] {
	return all[UsageRecord](ctx, s.client, usageRecords, params, opts)
}

// Resume goes on with a list from the cursor of one of its pages or errors.
func (s *UsageRecordService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[UsageRecord], error) {
	return resume[UsageRecord](ctx, s.client, usageRecords, cursor, opts)
}

// UsageRecordPeriodService reads usage records over one period, or divided into
// periods of one length.
//
// See https://www.twilio.com/docs/usage/api/usage-record#list-subresources.
type UsageRecordPeriodService struct {
	client  *Client
	records *route
}

// List returns the first page of the usage records that match.
func (s *UsageRecordPeriodService) List(ctx context.Context, params UsageRecordListParams, opts ...RequestOption) (*Page[UsageRecord], error) {
	return list[UsageRecord](ctx, s.client, s.records, params, opts)
}

// All iterates over the usage records that match, fetching pages as they are
// needed.
func (s *UsageRecordPeriodService) All(ctx context.Context, params UsageRecordListParams, opts ...RequestOption) iter.Seq2[*UsageRecord, error] {
	return all[UsageRecord](ctx, s.client, s.records, params, opts)
}

// Resume goes on with a list from the cursor of one of its pages or errors.
func (s *UsageRecordPeriodService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[UsageRecord], error) {
	return resume[UsageRecord](ctx, s.client, s.records, cursor, opts)
}

// UsageTriggerRecurring is how often a trigger starts to count anew. The set is
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

// UsageTriggerField is the field of a usage record that a trigger watches. The
// set is open: a value that is not among the constants passes through.
type UsageTriggerField string

// A trigger watches [UsageRecord]'s Count, Usage or Price.
const (
	UsageTriggerFieldCount UsageTriggerField = "count"
	UsageTriggerFieldUsage UsageTriggerField = "usage"
	UsageTriggerFieldPrice UsageTriggerField = "price"
)

// UsageTrigger calls a webhook once an account's usage reaches a value.
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
	// TriggerValue is what CurrentValue has to reach, in the unit of the field.
	TriggerValue decimal.NullDecimal `json:"trigger_value"`
	// CurrentValue is how far the usage has come.
	CurrentValue decimal.NullDecimal `json:"current_value"`
	// Recurring is how often the count starts anew; empty for a trigger that
	// fires once.
	Recurring UsageTriggerRecurring `json:"recurring"`
	// CallbackURL is requested when the trigger fires.
	CallbackURL string `json:"callback_url"`
	// CallbackMethod is GET or POST.
	CallbackMethod string `json:"callback_method"`
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
// CallbackURL, TriggerValue and UsageCategory are needed.
type UsageTriggerCreateParams struct {
	// CallbackURL is requested when the trigger fires.
	CallbackURL string `url:"CallbackUrl,omitempty"`
	// TriggerValue is a decimal number such as "25.50", in the unit of
	// TriggerBy. With a leading "+" it counts from the usage so far: "+30" fires
	// 30 units from now.
	TriggerValue string `url:"TriggerValue,omitempty"`
	// UsageCategory is the kind of usage to watch.
	UsageCategory UsageCategory `url:"UsageCategory,omitempty"`
	// TriggerBy is what to watch; Twilio's default is usage.
	TriggerBy UsageTriggerField `url:"TriggerBy,omitempty"`
	// Recurring makes the trigger count anew each day, month or year. Without
	// it, the trigger fires once.
	Recurring UsageTriggerRecurring `url:"Recurring,omitempty"`
	// CallbackMethod is GET or POST (Twilio's default).
	CallbackMethod string `url:"CallbackMethod,omitempty"`
	// FriendlyName describes the trigger, in at most 64 characters.
	FriendlyName string `url:"FriendlyName,omitempty"`
}

func (p UsageTriggerCreateParams) check() error {
	return firstOf(
		required("CallbackURL", p.CallbackURL),
		required("TriggerValue", p.TriggerValue),
		required("UsageCategory", string(p.UsageCategory)),
		checkFriendlyName(p.FriendlyName),
	)
}

// UsageTriggerUpdateParams are the parameters of [UsageTriggerService.Update].
// A nil field leaves its value alone. What a trigger watches can't be changed:
// delete it and create another.
type UsageTriggerUpdateParams struct {
	// CallbackURL is requested when the trigger fires.
	CallbackURL *string `url:"CallbackUrl,omitempty"`
	// CallbackMethod is GET or POST.
	CallbackMethod *string `url:"CallbackMethod,omitempty"`
	// FriendlyName describes the trigger, in at most 64 characters.
	FriendlyName *string `url:"FriendlyName,omitempty"`
}

func (p UsageTriggerUpdateParams) check() error {
	if p.FriendlyName == nil {
		return nil
	}
	return checkFriendlyName(*p.FriendlyName)
}

// UsageTriggerListParams are the filters of [UsageTriggerService.List] and
// [UsageTriggerService.All].
type UsageTriggerListParams struct {
	// Recurring selects triggers that start anew so often;
	// UsageTriggerRecurringAllTime selects those that fire once.
	Recurring UsageTriggerRecurring `url:"Recurring,omitempty"`
	// TriggerBy selects triggers that watch this field.
	TriggerBy UsageTriggerField `url:"TriggerBy,omitempty"`
	// UsageCategory selects triggers that watch this kind of usage.
	UsageCategory UsageCategory `url:"UsageCategory,omitempty"`
	// Limit ends the list after so many triggers; 0 means no limit.
	Limit int `url:"-"`
	// PageSize is how many triggers one request asks for, 1 to 1000; 0 means as
	// many as help.
	PageSize int `url:"PageSize,omitempty"`
}

func (p UsageTriggerListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

// UsageTriggerService creates, reads, changes and deletes the usage triggers of
// the account that the client acts on.
//
// See https://www.twilio.com/docs/usage/api/usage-trigger.
type UsageTriggerService service

var usageTriggers = &route{name: "usage.triggers", path: "/Usage/Triggers", list: "usage_triggers", sid: []string{"UT"}}

// Create makes a trigger. It is never repeated by the client once it may have
// reached Twilio: after an error that is [ErrOutcomeUnknown], look with List
// before you create again.
func (s *UsageTriggerService) Create(ctx context.Context, params UsageTriggerCreateParams, opts ...RequestOption) (*UsageTrigger, error) {
	return create[UsageTrigger](ctx, s.client, usageTriggers, params, opts)
}

// Get reads one trigger.
func (s *UsageTriggerService) Get(ctx context.Context, sid string, opts ...RequestOption) (*UsageTrigger, error) {
	return get[UsageTrigger](ctx, s.client, usageTriggers, sid, opts)
}

// Update changes a trigger's callback or name.
func (s *UsageTriggerService) Update(ctx context.Context, sid string, params UsageTriggerUpdateParams, opts ...RequestOption) (*UsageTrigger, error) {
	return update[UsageTrigger](ctx, s.client, usageTriggers, sid, params, opts)
}

// Delete removes a trigger; it won't fire again.
func (s *UsageTriggerService) Delete(ctx context.Context, sid string, opts ...RequestOption) error {
	return usageTriggers.delete(ctx, s.client, sid, opts)
}

// List returns the first page of the triggers that match.
func (s *UsageTriggerService) List(ctx context.Context, params UsageTriggerListParams, opts ...RequestOption) (*Page[UsageTrigger], error) {
	return list[UsageTrigger](ctx, s.client, usageTriggers, params, opts)
}

// All iterates over the triggers that match, fetching pages as they are needed.
func (s *UsageTriggerService) All(ctx context.Context, params UsageTriggerListParams, opts ...RequestOption) iter.Seq2[*UsageTrigger, error] {
	return all[UsageTrigger](ctx, s.client, usageTriggers, params, opts)
}

// Resume goes on with a list from the cursor of one of its pages or errors.
func (s *UsageTriggerService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[UsageTrigger], error) {
	return resume[UsageTrigger](ctx, s.client, usageTriggers, cursor, opts)
}
