package twilio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
)

// A PhoneNumberType is a kind of phone number that Twilio sells. The values are
// the names that [AvailablePhoneNumberCountry].SubresourceURIs has.
type PhoneNumberType string

// Numbers are sold by kind. Few countries have all of them; see
// [AvailablePhoneNumberService].
const (
	PhoneNumberLocal            PhoneNumberType = "local"
	PhoneNumberTollFree         PhoneNumberType = "toll_free"
	PhoneNumberMobile           PhoneNumberType = "mobile"
	PhoneNumberNational         PhoneNumberType = "national"
	PhoneNumberVoip             PhoneNumberType = "voip"
	PhoneNumberSharedCost       PhoneNumberType = "shared_cost"
	PhoneNumberMachineToMachine PhoneNumberType = "machine_to_machine"
)

// BuyParams are the parameters of [IncomingPhoneNumberService.Buy].
type BuyParams struct {
	// Country is where the number is from: an ISO 3166-1 code such as "US".
	Country string
	// Type is the kind of number; local by default.
	Type PhoneNumberType
	// Search selects among the numbers that are for sale. Its Limit is how many
	// of them Buy tries at most, 50 by default.
	Search AvailablePhoneNumberListParams
	// Number is the configuration of the number, such as its webhooks and the
	// address or bundle that it requires. Leave its PhoneNumber and AreaCode
	// empty: Buy chooses the number, by Search.AreaCode for example.
	Number IncomingPhoneNumberCreateParams
}

const buyOperation = "incoming_phone_numbers.buy"

// Buy searches for numbers and buys the first, which Twilio charges for at
// once. If someone else has bought it in the meantime
// ([CodePhoneNumberNotAvailable]), Buy tries the next. Any other refusal, such
// as [CodeAddressSIDRequired], is returned, since Twilio would refuse the other
// numbers too.
//
// One Buy never buys two numbers. If the outcome of a purchase is unknown, Buy
// checks whether the account owns that number, and otherwise requests the same
// number a second time, but no other. If the outcome is still unknown after
// that, the error matches [ErrOutcomeUnknown]: check with List before you call
// Buy again. To find a number that was bought before a crash, set
// Number.FriendlyName, or use [AccountService.Provision].
//
// If no number matches the search, or all that match are gone, the error
// matches [ErrNoPhoneNumber]. For a Type that the country doesn't have, it
// matches [ErrNotFound].
//
// Two calls at once for the same account may return the same number, since
// Twilio may treat the purchase of a number that the account already owns as a
// success. Make such calls one after the other.
//
// The options apply to each request.
//
// See
// https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource.
func (s *IncomingPhoneNumberService) Buy(ctx context.Context, params BuyParams, opts ...RequestOption) (*IncomingPhoneNumber, error) {
	if err := firstError(s.endpoint().ready(), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation(buyOperation, err)
	}
	if err := s.checkBuy(ctx, params); err != nil {
		return nil, err
	}
	number, _, err := s.buyFirst(ctx, params, opts, nil)
	return number, err
}

// checkBuy refuses params that Buy can't work with.
func (s *IncomingPhoneNumberService) checkBuy(ctx context.Context, params BuyParams) error {
	market := s.endpoint().client.AvailablePhoneNumbers.ofType(params.Type)
	err := checkCountry("Country", params.Country)
	switch {
	case err != nil:
	case market == nil:
		err = &ParamError{Field: "Type", Reason: "isn't a kind of number that Twilio sells; use one of the PhoneNumber constants"}
	case params.Number.PhoneNumber != "":
		err = &ParamError{Field: "Number.PhoneNumber", Reason: "is set, but Buy chooses the number; leave it empty, or use Create"}
	case params.Number.AreaCode != "":
		err = &ParamError{Field: "Number.AreaCode", Reason: "is set, but Buy chooses the number; set Search.AreaCode"}
	default:
		params.Number.PhoneNumber = params.Country // stands for the number
		err = firstError(
			market.numbers.request("list", http.MethodGet, params.Search, nil, []string{params.Country}).refusal(ctx),
			nonNegative("Search.Limit", params.Search.Limit),
			s.endpoint().request("create", http.MethodPost, params.Number, nil, nil).refusal(ctx),
		)
	}
	return withOperation(buyOperation, err)
}

// ofType returns the service for numbers of a kind, or nil.
func (s *AvailablePhoneNumberService) ofType(t PhoneNumberType) *AvailablePhoneNumberKindService {
	switch t {
	case PhoneNumberLocal, "":
		return s.Local
	case PhoneNumberTollFree:
		return s.TollFree
	case PhoneNumberMobile:
		return s.Mobile
	case PhoneNumberNational:
		return s.National
	case PhoneNumberVoip:
		return s.Voip
	case PhoneNumberSharedCost:
		return s.SharedCost
	case PhoneNumberMachineToMachine:
		return s.MachineToMachine
	default:
		return nil
	}
}

// buyFirst searches for numbers and buys the first that isn't gone. Whenever
// one is gone, it calls find, unless that is nil, and returns what that finds;
// bought is then false.
func (s *IncomingPhoneNumberService) buyFirst(ctx context.Context, params BuyParams, opts []RequestOption,
	find func(context.Context) (*IncomingPhoneNumber, error),
) (number *IncomingPhoneNumber, bought bool, err error) {
	market := s.endpoint().client.AvailablePhoneNumbers.ofType(params.Type)
	offers, err := market.List(ctx, params.Country, params.Search, opts...)
	if !hasValue(err) {
		return nil, false, err
	}
	err = firstError(err, &ParamError{Operation: buyOperation, Field: "Search", Reason: "matches no number that is for sale; change the search"})
	for _, offer := range offers.Items {
		if offer.PhoneNumber == "" {
			continue // it can't be read, and the next one will do
		}
		params.Number.PhoneNumber = offer.PhoneNumber
		if number, err = s.purchase(ctx, params.Number, opts); !isGone(err) {
			return number, number != nil, err
		}
		if find == nil {
			continue
		}
		if found, err := find(ctx); found != nil || err != nil {
			return found, false, err
		}
	}
	return nil, false, &noPhoneNumberError{tried: len(offers.Items), last: err}
}

// purchase buys a number and no other. A purchase whose outcome is unknown can
// be retried, since an account can't own a number twice.
func (s *IncomingPhoneNumberService) purchase(ctx context.Context, params IncomingPhoneNumberCreateParams, opts []RequestOption) (*IncomingPhoneNumber, error) {
	number, err := send[*IncomingPhoneNumber](ctx, s.endpoint().create(params, opts))
	if !errors.Is(err, ErrOutcomeUnknown) {
		return number, err
	}
	owned, lookErr := s.confirmPurchase(ctx, params.PhoneNumber, opts)
	if owned == nil && lookErr == nil {
		if number, retryErr := send[*IncomingPhoneNumber](ctx, s.endpoint().create(params, opts)); number != nil {
			return number, retryErr
		}
		owned, lookErr = s.confirmPurchase(ctx, params.PhoneNumber, opts)
	}
	if owned != nil && lookErr == nil {
		return owned, nil
	}
	return nil, err
}

// confirmPurchase returns the number if the account owns it, or nil.
func (s *IncomingPhoneNumberService) confirmPurchase(ctx context.Context, phoneNumber string, opts []RequestOption) (*IncomingPhoneNumber, error) {
	for owned, err := range s.All(ctx, IncomingPhoneNumberListParams{PhoneNumber: phoneNumber}, opts...) {
		if err != nil || owned.PhoneNumber == phoneNumber {
			return owned, err
		}
	}
	return nil, nil //nolint:nilnil // not owning it isn't an error
}

// isGone reports whether someone else owns a number that was to be bought.
func isGone(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == CodePhoneNumberNotAvailable && !errors.Is(err, ErrOutcomeUnknown)
}

// A noPhoneNumberError says that none of a search's numbers could be bought.
type noPhoneNumberError struct {
	tried int
	last  error // of the last of them, or of the search
}

// Error names no number.
func (e *noPhoneNumberError) Error() string {
	if e.tried == 0 {
		return e.last.Error()
	}
	return fmt.Sprintf("twilio: %s: %s found, but none is still for sale; search again: %v", buyOperation, plural(e.tried, "number"), e.last)
}

// Is makes errors.Is find ErrNoPhoneNumber.
func (e *noPhoneNumberError) Is(target error) bool { return target == ErrNoPhoneNumber }

// Unwrap returns the error of the last number, or of the search.
func (e *noPhoneNumberError) Unwrap() error { return e.last }

// LogValue makes slog print the error as a group.
func (e *noPhoneNumberError) LogValue() slog.Value {
	return slog.GroupValue(slog.Int("tried", e.tried), slog.Attr{Key: "error", Value: logValue(e.last)})
}
