package twilio

import (
	"context"
	"iter"
)

// TransferParams say where a phone number goes.
type TransferParams struct {
	// To is the account that gets the number: the main account or one of its
	// subaccounts.
	To string
	// AddressSID is an address of the account that gets the number, for numbers
	// that require one.
	AddressSID string
	// BundleSID is a regulatory bundle of the account that gets the number.
	BundleSID string
	// IdentitySID is an identity of the account that gets the number.
	IdentitySID string
}

// TransferFailure is a phone number that couldn't be moved.
type TransferFailure struct {
	// Number is the phone number, where it is still.
	Number *IncomingPhoneNumber
	// Err says why.
	Err error
}

// TransferReport is what [IncomingPhoneNumberService.TransferAll] did.
type TransferReport struct {
	// Moved are the numbers that the new account has now.
	Moved []*IncomingPhoneNumber
	// Failed are the numbers that couldn't be moved.
	Failed []TransferFailure
}

// Transfer moves a phone number from the account that the client acts on to
// another, with the main account's AuthToken, and looks it up there before it
// says so. A number that is there already is a success, so that it can be
// repeated after any error.
//
// A number that requires an address is refused with a [*ParamError] unless
// AddressSID names one of the new account. Voice and SMS settings may have to be
// made anew; A2P registrations, toll-free verifications, Trust Hub enrolments
// and WhatsApp senders don't follow.
//
// See https://www.twilio.com/docs/iam/api/subaccounts#exchanging-numbers.
func (s *IncomingPhoneNumberService) Transfer(ctx context.Context, sid string, params TransferParams) (*IncomingPhoneNumber, error) {
	if err := checkSID("sid", sid, "PN"); err != nil {
		return nil, withOperation(transferOperation, err)
	}
	to, err := s.destination(ctx, params)
	if err != nil {
		return nil, err
	}
	return s.transfer(ctx, to, sid, params)
}

const transferOperation = "incoming_phone_numbers.transfer"

// destination returns a client that acts on the account that gets the numbers.
// It makes sure that the credentials are a main account's before anything
// changes: Twilio moves numbers for no others, and tells so late.
func (s *IncomingPhoneNumberService) destination(ctx context.Context, params TransferParams) (*Client, error) {
	to := s.numbers.client.Subaccount(params.To)
	err := firstError(checkSID("To", params.To, "AC"), s.numbers.client.invalid, to.invalid)
	if err == nil && s.numbers.client.credentials.isKey() {
		err = &ParamError{Field: "credentials", Reason: "are an API key's; moving numbers takes the main account's AuthToken"}
	}
	if err != nil {
		return nil, withOperation(transferOperation, err)
	}
	own, err := s.numbers.client.Accounts.Get(ctx, s.numbers.client.credentials.accountSID)
	if err != nil {
		return nil, err
	}
	if own.OwnerAccountSID != own.SID {
		return nil, &ParamError{Operation: transferOperation, Field: "credentials",
			Reason: "are a subaccount's; moving numbers takes the main account's AuthToken"}
	}
	return to, nil
}

func (s *IncomingPhoneNumberService) transfer(ctx context.Context, to *Client, sid string, params TransferParams) (*IncomingPhoneNumber, error) {
	there := func() (*IncomingPhoneNumber, error) { return to.IncomingPhoneNumbers.Get(ctx, sid) }
	number, err := s.Get(ctx, sid)
	if err == nil && s.numbers.client.accountSID == params.To {
		return number, nil
	}
	if err == nil {
		if err := params.checkAddress(number); err != nil {
			return nil, err
		}
		_, err = s.Update(ctx, sid, IncomingPhoneNumberUpdateParams{
			AccountSID:  &params.To,
			AddressSID:  ptrIfSet(params.AddressSID),
			BundleSID:   ptrIfSet(params.BundleSID),
			IdentitySID: ptrIfSet(params.IdentitySID),
		})
	}
	// Whether it moved just now, earlier, or by somebody else's hand, and
	// whatever became of the answer: it has moved if it is there.
	moved, lookErr := there()
	switch {
	case lookErr == nil:
		return moved, nil
	case err != nil:
		return nil, err
	default:
		return nil, lookErr
	}
}

func ptrIfSet(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// checkAddress refuses a number that requires an address where none is given.
func (p TransferParams) checkAddress(number *IncomingPhoneNumber) error {
	if p.AddressSID != "" {
		return nil
	}
	var kind string
	switch number.AddressRequirements {
	case AddressRequirementAny:
		kind = "an address anywhere"
	case AddressRequirementLocal:
		kind = "an address in the number's own country"
	case AddressRequirementForeign:
		kind = "an address outside of the number's own country"
	default:
		return nil
	}
	return &ParamError{Operation: transferOperation, Field: "AddressSID",
		Reason: "is empty, but " + number.SID + " requires " + kind + "; create one in the account that gets the number"}
}

// allNumbers reads all the numbers of the account, so that changing them doesn't
// disturb the list.
func (s *IncomingPhoneNumberService) allNumbers(ctx context.Context) ([]*IncomingPhoneNumber, error) {
	var numbers []*IncomingPhoneNumber
	for number, err := range s.All(ctx, IncomingPhoneNumberListParams{}) {
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, number)
	}
	return numbers, nil
}

// TransferAll moves every phone number of the account that the client acts on,
// as [IncomingPhoneNumberService.Transfer] moves one, and looks again until
// none is left but those that couldn't be moved. The report is never nil; the
// error joins those of the numbers that couldn't be moved, each with its SID.
func (s *IncomingPhoneNumberService) TransferAll(ctx context.Context, params TransferParams) (*TransferReport, error) {
	report := &TransferReport{}
	to, err := s.destination(ctx, params)
	if err == nil && s.numbers.client.accountSID == params.To {
		err = &ParamError{Operation: transferOperation, Field: "To", Reason: "is the account that has the numbers"}
	}
	if err != nil {
		return report, err
	}
	err = untilNoneLeft("number", s.snapshot(ctx), (*IncomingPhoneNumber).sid, func(number *IncomingPhoneNumber) error {
		moved, err := s.transfer(ctx, to, number.SID, params)
		if err != nil {
			report.Failed = append(report.Failed, TransferFailure{Number: number, Err: err})
			return err
		}
		report.Moved = append(report.Moved, moved)
		return nil
	})
	return report, err
}

// snapshot iterates over the numbers of the account as they were before the
// first of them moves, which would shift the pages of the list.
func (s *IncomingPhoneNumberService) snapshot(ctx context.Context) iter.Seq2[*IncomingPhoneNumber, error] {
	return func(yield func(*IncomingPhoneNumber, error) bool) {
		numbers, err := s.allNumbers(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		for _, number := range numbers {
			if !yield(number, nil) {
				return
			}
		}
	}
}

func (n *IncomingPhoneNumber) sid() string { return n.SID }
