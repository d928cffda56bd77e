package twilio

import (
	"context"
	"iter"
	"time"

	"github.com/shopspring/decimal"
)

// A UsageCategory is a kind of usage that Twilio counts and bills. There are
// hundreds, and Twilio adds to them: the constants are those that most bills
// need, and any other value passes through.
//
// Categories nest and overlap, so never add up all of them: calls includes
// calls-inbound and calls-outbound, and totalprice is the sum of everything.
// [UsageService.Bill] adds up each charge once.
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
	// UsageCategoryChannels is messages over channels other than SMS and MMS,
	// such as WhatsApp. RCS has categories of its own.
	UsageCategoryChannels       UsageCategory = "channels"
	UsageCategoryWhatsApp       UsageCategory = "channels-whatsapp"
	UsageCategoryRCS            UsageCategory = "usage-rcs-messages"
	UsageCategoryPhoneNumbers   UsageCategory = "phonenumbers"
	UsageCategoryRecordings     UsageCategory = "recordings"
	UsageCategoryTranscriptions UsageCategory = "transcriptions"
)

// UsageCategoryOther isn't one of Twilio's categories: it is the line of a
// [Bill] with the part of Twilio's total that is on no other line.
const UsageCategoryOther UsageCategory = "other"

// A UsageRecord is what an account used of one category from StartDate to
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
	// AsOf is the time up to which the record is complete, in UTC. Twilio adds
	// later usage afterwards.
	AsOf time.Time `json:"as_of"`
	// Count is the number of events in CountUnit, such as calls.
	Count int `json:"count"`
	// CountUnit is a unit such as "calls" or "messages".
	CountUnit string `json:"count_unit"`
	// Usage is the amount that is billed, in UsageUnit, such as minutes.
	Usage decimal.NullDecimal `json:"usage"`
	// UsageUnit is a unit such as "minutes" or "messages".
	UsageUnit string `json:"usage_unit"`
	// Price is the charge in PriceUnit. Unlike the price of a call or a
	// message, it is positive.
	Price decimal.NullDecimal `json:"price"`
	// PriceUnit is the currency of Price: an ISO 4217 code, in lower case as
	// Twilio sends it.
	PriceUnit string `json:"price_unit"`
	// APIVersion is the version of the API that made the record.
	APIVersion string `json:"api_version"`
	// SubresourceURIs has the paths of the same category over other periods, by
	// name ("daily", "last_month", …).
	SubresourceURIs SubresourceURIs `json:"subresource_uris"`
	// URI is the path of the list that holds this record.
	URI string `json:"uri"`
}

// UsageRecordListParams are the filters of [UsageRecordService] and
// [UsageRecordPeriodService].
type UsageRecordListParams struct {
	// Category selects one category. Empty selects all of them, which overlap.
	Category UsageCategory `url:"Category,omitempty"`
	// StartDate is the first day to count, in UTC; its time of day is dropped.
	StartDate time.Time `url:"StartDate,omitempty" layout:"2006-01-02"`
	// EndDate is the last day to count, in UTC, all of it; its time of day is
	// dropped.
	EndDate time.Time `url:"EndDate,omitempty" layout:"2006-01-02"`
	// IncludeSubaccounts adds the usage of all subaccounts to the main
	// account's. The default is off, and is sent as false, since Twilio's own
	// default is on: a sum over the main account and its subaccounts would
	// count every customer twice.
	IncludeSubaccounts bool `url:"IncludeSubaccounts"`
	// Limit ends the list after so many records; zero means no limit.
	Limit int `url:"-"`
	// PageSize is how many records one request asks for, 1 to 1000. Zero lets
	// the client choose.
	PageSize int `url:"PageSize,omitempty"`
}

func (p UsageRecordListParams) paging() (limit, pageSize int) { return p.Limit, p.PageSize }

func (UsageRecordListParams) check(r *request) error {
	start, startErr := time.Parse(time.DateOnly, r.form.Get("StartDate"))
	end, endErr := time.Parse(time.DateOnly, r.form.Get("EndDate"))
	if startErr == nil && endErr == nil && end.Before(start) {
		return &ParamError{Field: "EndDate", Reason: "is before StartDate, so nothing can match; swap them"}
	}
	return nil
}

// A UsageRecordService reads what the account that the client acts on used, and
// its official price. Days begin and end in UTC.
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
	// LastMonth has one record for each category, over the previous month.
	LastMonth *UsageRecordPeriodService
	// Monthly has one record for each category and month.
	Monthly *UsageRecordPeriodService
	// ThisMonth has one record for each category, over this month so far.
	ThisMonth *UsageRecordPeriodService
	// Today has one record for each category, over this day so far.
	Today *UsageRecordPeriodService
	// Yearly has one record for each category and year.
	Yearly *UsageRecordPeriodService
	// Yesterday has one record for each category, over the previous day.
	Yesterday *UsageRecordPeriodService

	records endpoint
}

func (s *UsageRecordService) endpoint() endpoint { return orEmpty(s).records }

var (
	usageRecords          = usageRecordsOver("usage.records", "")
	usageRecordsAllTime   = usageRecordsOver("usage.records.all_time", "/AllTime")
	usageRecordsDaily     = usageRecordsOver("usage.records.daily", "/Daily")
	usageRecordsLastMonth = usageRecordsOver("usage.records.last_month", "/LastMonth")
	usageRecordsMonthly   = usageRecordsOver("usage.records.monthly", "/Monthly")
	usageRecordsThisMonth = usageRecordsOver("usage.records.this_month", "/ThisMonth")
	usageRecordsToday     = usageRecordsOver("usage.records.today", "/Today")
	usageRecordsYearly    = usageRecordsOver("usage.records.yearly", "/Yearly")
	usageRecordsYesterday = usageRecordsOver("usage.records.yesterday", "/Yesterday")
)

func usageRecordsOver(name, period string) *route {
	return &route{name: name, path: "/Usage/Records" + period, list: "usage_records", pageSize: 100} // 1,000 has been too much for the server
}

// List returns the first page of the usage records that match.
func (s *UsageRecordService) List(ctx context.Context, params UsageRecordListParams, opts ...RequestOption) (*Page[UsageRecord], error) {
	return pageOf[UsageRecord](ctx, s.endpoint().query(params, opts))
}

// All iterates over the usage records that match, fetching pages as they are
// needed.
func (s *UsageRecordService) All(ctx context.Context, params UsageRecordListParams, opts ...RequestOption) iter.Seq2[*UsageRecord, error] {
	return all[*UsageRecord](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *UsageRecordService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[UsageRecord], error) {
	return pageOf[UsageRecord](ctx, s.endpoint().resumed(cursor, opts))
}

// A UsageRecordPeriodService reads usage records over one period, or divided
// into periods of one length.
//
// See https://www.twilio.com/docs/usage/api/usage-record#list-subresources.
type UsageRecordPeriodService struct{ records endpoint }

func (s *UsageRecordPeriodService) endpoint() endpoint { return orEmpty(s).records }

// List returns the first page of the usage records that match.
func (s *UsageRecordPeriodService) List(ctx context.Context, params UsageRecordListParams, opts ...RequestOption) (*Page[UsageRecord], error) {
	return pageOf[UsageRecord](ctx, s.endpoint().query(params, opts))
}

// All iterates over the usage records that match, fetching pages as they are
// needed.
func (s *UsageRecordPeriodService) All(ctx context.Context, params UsageRecordListParams, opts ...RequestOption) iter.Seq2[*UsageRecord, error] {
	return all[*UsageRecord](ctx, s.endpoint(), params, opts)
}

// Resume continues a list at the cursor of one of its pages or errors.
func (s *UsageRecordPeriodService) Resume(ctx context.Context, cursor string, opts ...RequestOption) (*Page[UsageRecord], error) {
	return pageOf[UsageRecord](ctx, s.endpoint().resumed(cursor, opts))
}
