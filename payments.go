package twilio

import (
	"context"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// A PaymentMethod is what a caller pays with. The set is open: a value that is
// not among the constants passes through.
type PaymentMethod string

// What a caller can pay with.
const (
	PaymentMethodCreditCard PaymentMethod = "credit-card"
	PaymentMethodACHDebit   PaymentMethod = "ach-debit"
)

// A PaymentBankAccountType is the kind of account that an ACH debit is from.
// The set is open.
type PaymentBankAccountType string

// The kinds of bank accounts.
const (
	PaymentBankAccountConsumerChecking   PaymentBankAccountType = "consumer-checking"
	PaymentBankAccountConsumerSavings    PaymentBankAccountType = "consumer-savings"
	PaymentBankAccountCommercialChecking PaymentBankAccountType = "commercial-checking"
)

// A PaymentTokenType is the kind of token that the payment processor makes of a
// card or an account. The set is open.
type PaymentTokenType string

// The kinds of tokens.
const (
	PaymentTokenOneTime       PaymentTokenType = "one-time"
	PaymentTokenReusable      PaymentTokenType = "reusable"
	PaymentTokenPaymentMethod PaymentTokenType = "payment-method"
)

// A PaymentCapture is what the caller is to enter next. The set is open.
type PaymentCapture string

// What a caller can be asked to enter. A matcher asks for the same once more.
const (
	PaymentCaptureCardNumber            PaymentCapture = "payment-card-number"
	PaymentCaptureCardNumberMatcher     PaymentCapture = "payment-card-number-matcher"
	PaymentCaptureExpirationDate        PaymentCapture = "expiration-date"
	PaymentCaptureExpirationDateMatcher PaymentCapture = "expiration-date-matcher"
	PaymentCaptureSecurityCode          PaymentCapture = "security-code"
	PaymentCaptureSecurityCodeMatcher   PaymentCapture = "security-code-matcher"
	PaymentCapturePostalCode            PaymentCapture = "postal-code"
	PaymentCapturePostalCodeMatcher     PaymentCapture = "postal-code-matcher"
	PaymentCaptureBankRoutingNumber     PaymentCapture = "bank-routing-number"
	PaymentCaptureBankAccountNumber     PaymentCapture = "bank-account-number"
)

// A PaymentStatus ends a payment session. The set is open.
type PaymentStatus string

// How a payment session can end.
const (
	// PaymentStatusComplete passes what was captured on to the processor.
	PaymentStatusComplete PaymentStatus = "complete"
	// PaymentStatusCancel discards it.
	PaymentStatusCancel PaymentStatus = "cancel"
)

// A Payment is a session in which a caller pays during a call, by entering card
// or account data with the keys of a phone. What the caller enters goes to the
// payment processor, past you; StatusCallback reports the progress.
//
// See https://www.twilio.com/docs/voice/api/payment-resource.
type Payment struct {
	// SID identifies the session: PK and 32 hex digits.
	SID string `json:"sid"`
	// AccountSID is the account that the session belongs to.
	AccountSID string `json:"account_sid"`
	// CallSID is the call of the person who pays.
	CallSID string `json:"call_sid"`
	// DateCreated is when the session began, in UTC.
	DateCreated time.Time `json:"date_created"`
	// DateUpdated is when the session was last changed, in UTC.
	DateUpdated time.Time `json:"date_updated"`
	// URI is the session's own path.
	URI string `json:"uri"`
}

// PaymentCreateParams are the parameters of [PaymentService.Create].
// IdempotencyKey and StatusCallback are required.
type PaymentCreateParams struct {
	// IdempotencyKey is a string of your own that no other create has, such as
	// a random one. Creates with the same key start one session.
	IdempotencyKey string `url:"IdempotencyKey,omitempty"`
	// StatusCallback is the URL that Twilio reports the progress to.
	StatusCallback string `url:"StatusCallback,omitempty"`
	// PaymentMethod is credit-card (Twilio's default) or ach-debit.
	PaymentMethod PaymentMethod `url:"PaymentMethod,omitempty"`
	// BankAccountType is required for an ACH debit.
	BankAccountType PaymentBankAccountType `url:"BankAccountType,omitempty"`
	// ChargeAmount is what to charge, in Currency: positive, and less than
	// 1,000,000. Without an amount, or with 0, the card or account becomes a
	// token and nothing is charged.
	ChargeAmount decimal.NullDecimal `url:"ChargeAmount,omitempty"`
	// Currency is the ISO 4217 code of ChargeAmount; USD by default.
	Currency string `url:"Currency,omitempty"`
	// Description is passed on to the processor.
	Description string `url:"Description,omitempty"`
	// Input is how the caller enters data; dtmf is the only value.
	Input string `url:"Input,omitempty"`
	// MinPostalCodeLength is how many digits a postal code must have.
	MinPostalCodeLength int `url:"MinPostalCodeLength,omitempty"`
	// Parameter is a JSON object without objects in it, as text, for the
	// payment processor. ACH debits require one.
	Parameter string `url:"Parameter,omitempty"`
	// PaymentConnector is the unique name of the Pay Connector; "Default" if it
	// is empty.
	PaymentConnector string `url:"PaymentConnector,omitempty"`
	// PostalCode is new(false) to leave out the postal code.
	PostalCode *bool `url:"PostalCode,omitempty"`
	// SecurityCode is new(false) to leave out the security code of a card.
	SecurityCode *bool `url:"SecurityCode,omitempty"`
	// Timeout is how long to wait for the next digit, in seconds; 5 by default,
	// at most 600.
	Timeout int `url:"Timeout,omitempty"`
	// TokenType is the kind of token to make; reusable by default.
	TokenType PaymentTokenType `url:"TokenType,omitempty"`
	// ValidCardTypes are the kinds of cards to accept, separated by spaces;
	// "visa mastercard amex" by default.
	ValidCardTypes string `url:"ValidCardTypes,omitempty"`
	// RequireMatchingInputs are the fields that the caller must enter twice,
	// separated by commas: payment-card-number, expiration-date, security-code
	// and postal-code.
	RequireMatchingInputs string `url:"RequireMatchingInputs,omitempty"`
	// Confirmation asks the caller to confirm what was entered before it goes
	// to the processor.
	Confirmation bool `url:"Confirmation,omitempty"`
}

func (PaymentCreateParams) check(r *request) error {
	return firstError(
		required("IdempotencyKey", r.form.Get("IdempotencyKey")),
		required("StatusCallback", r.form.Get("StatusCallback")),
		checkChargeAmount(r.form.Get("ChargeAmount")),
		inRange("Timeout", number(r.form.Get("Timeout")), 0, 600),
	)
}

func (PaymentCreateParams) repeatable(r *request) bool { return hasIdempotencyKey(r) }

// checkChargeAmount checks an amount; what isn't a number is Twilio's to
// refuse.
func checkChargeAmount(text string) error {
	if amount, err := strconv.ParseFloat(text, 64); err == nil && (amount < 0 || amount >= 1e6) {
		return &ParamError{Field: "ChargeAmount", Reason: "isn't at least 0 and less than 1,000,000; set an amount in that range"}
	}
	return nil
}

// PaymentUpdateParams are the parameters of [PaymentService.Update].
// IdempotencyKey, StatusCallback and one of Capture and Status are required.
type PaymentUpdateParams struct {
	// IdempotencyKey is a string of your own that no other update has, such as
	// a random one. Updates with the same key take effect once.
	IdempotencyKey *string `url:"IdempotencyKey,omitempty"`
	// StatusCallback is the URL that Twilio reports the progress to.
	StatusCallback *string `url:"StatusCallback,omitempty"`
	// Capture is what the caller is to enter now.
	Capture *PaymentCapture `url:"Capture,omitempty"`
	// Status ends the session.
	Status *PaymentStatus `url:"Status,omitempty"`
}

func (PaymentUpdateParams) check(r *request) error {
	return firstError(
		required("IdempotencyKey", r.form.Get("IdempotencyKey")),
		required("StatusCallback", r.form.Get("StatusCallback")),
		exactlyOne(namedParam{"Capture", r.form.Get("Capture")}, namedParam{"Status", r.form.Get("Status")}),
	)
}

func (PaymentUpdateParams) repeatable(r *request) bool { return hasIdempotencyKey(r) }

// A PaymentService lets callers pay during a call.
//
// See https://www.twilio.com/docs/voice/api/payment-resource.
type PaymentService struct{ payments endpoint }

func (s *PaymentService) endpoint() endpoint { return orEmpty(s).payments }

var payments = &route{name: "calls.payments", path: "/Calls/{callSID:CA}/Payments/{sid:PK}"}

// Create begins a payment session on a call that is in progress. The client
// retries it, because Twilio begins one session for one IdempotencyKey.
func (s *PaymentService) Create(ctx context.Context, callSID string, params PaymentCreateParams, opts ...RequestOption) (*Payment, error) {
	return send[*Payment](ctx, s.endpoint().create(params, opts, callSID))
}

// Update asks the caller for the next piece of data, or ends the session.
// Twilio responds before it is done, and reports the result to StatusCallback.
func (s *PaymentService) Update(ctx context.Context, callSID, sid string, params PaymentUpdateParams, opts ...RequestOption) (*Payment, error) {
	return send[*Payment](ctx, s.endpoint().update(params, opts, callSID, sid))
}
