package twilio

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

const ensureTriggerOperation = "usage.triggers.ensure"

// Ensure returns the account's usage trigger of exactly this FriendlyName, and
// creates it if there is none; created says which. Without a FriendlyName it
// finds the trigger with the same UsageCategory, TriggerBy, Recurring and
// TriggerValue.
//
// If the CallbackURL or the CallbackMethod of the trigger differs, Ensure
// changes it; an empty CallbackMethod leaves it unchanged. What a trigger
// watches can't be changed. If that differs, or if several triggers match, the
// error is a [*ParamError] that names them, and nothing has changed: delete
// them, or use another FriendlyName. A TriggerValue with a leading "+" counts
// from the usage at the time of the creation, so it isn't compared, and
// requires a FriendlyName.
//
// Running it again after any error creates no second trigger: if the outcome of
// the create is unknown, Ensure looks for the trigger, and looks again at the
// beginning of the next run. Twilio doesn't keep names unique, so two calls at
// the same time may each create a trigger.
//
// The options apply to each request.
//
// See https://www.twilio.com/docs/usage/api/usage-trigger.
func (s *UsageTriggerService) Ensure(ctx context.Context, params UsageTriggerCreateParams, opts ...RequestOption) (trigger *UsageTrigger, created bool, err error) {
	if err := firstError(s.endpoint().ready(), checkWorkflowOptions(opts)); err != nil {
		return nil, false, withOperation(ensureTriggerOperation, err)
	}
	if err := s.checkEnsure(ctx, params); err != nil {
		return nil, false, err
	}
	trigger, created, _, err = s.ensure(ctx, params, opts)
	return trigger, created, err
}

// checkEnsure refuses params of a trigger that couldn't be found again.
func (s *UsageTriggerService) checkEnsure(ctx context.Context, params UsageTriggerCreateParams) error {
	err := s.endpoint().request("create", http.MethodPost, params, nil, nil).refusal(ctx)
	// Comparing a number such as 1e999999999 takes hours.
	const maxExponent = 100
	value, parseErr := decimal.NewFromString(params.TriggerValue)
	if err == nil && (parseErr != nil || max(value.Exponent(), -value.Exponent()) > maxExponent) {
		err = &ParamError{Field: "TriggerValue", Reason: `isn't a decimal number; use one such as "25.50" or "+30"`}
	}
	switch {
	case err != nil:
	case params.FriendlyName != "":
		err = checkComparable("FriendlyName", params.FriendlyName)
	case params.isRelative():
		err = &ParamError{Field: "FriendlyName", Reason: `is empty though TriggerValue begins with "+"; set it, so that the trigger can be found again`}
	}
	return withOperation(ensureTriggerOperation, err)
}

// isRelative reports whether the value counts from the usage so far.
func (p UsageTriggerCreateParams) isRelative() bool { return strings.HasPrefix(p.TriggerValue, "+") }

func (s *UsageTriggerService) ensure(ctx context.Context, params UsageTriggerCreateParams, opts []RequestOption) (trigger *UsageTrigger, created, updated bool, err error) {
	trigger, created, err = findOrCreate(
		func() (*UsageTrigger, error) { return s.findSame(ctx, params, opts) },
		func() (*UsageTrigger, error) { return s.Create(ctx, params, opts...) },
	)
	if created || err != nil {
		return trigger, created, false, err
	}
	trigger, updated, err = s.updateCallback(ctx, trigger, params, opts)
	return trigger, false, updated, err
}

// findSame returns the one trigger that matches params, or nil.
func (s *UsageTriggerService) findSame(ctx context.Context, params UsageTriggerCreateParams, opts []RequestOption) (*UsageTrigger, error) {
	var found []*UsageTrigger
	for trigger, err := range s.All(ctx, UsageTriggerListParams{}, strictly(opts)...) {
		if err != nil {
			return nil, err
		}
		isSame := trigger.FriendlyName == params.FriendlyName
		if params.FriendlyName == "" {
			isSame = trigger.difference(params) == ""
		}
		if isSame {
			found = append(found, trigger)
		}
	}
	switch len(found) {
	case 0:
		return nil, nil //nolint:nilnil // finding none isn't an error
	case 1:
		return valueOrError(found[0], found[0].checkSame(params))
	default:
		var sids []string
		for _, trigger := range found {
			sids = append(sids, trigger.SID)
		}
		slices.Sort(sids)
		return nil, &ParamError{Operation: ensureTriggerOperation, Field: "FriendlyName",
			Reason: fmt.Sprintf("doesn't say which of %d triggers is meant (%s); delete the others, or set another name", len(sids), joinSIDs(sids))}
	}
}

// checkSame refuses a trigger that watches something else.
func (t *UsageTrigger) checkSame(params UsageTriggerCreateParams) error {
	field := t.difference(params)
	if field == "" {
		return nil
	}
	return &ParamError{Operation: ensureTriggerOperation, Field: field,
		Reason: "differs from that of the trigger " + t.SID + ", which can't be changed; delete the trigger, or set another FriendlyName"}
}

// difference returns the name of the first parameter that differs in what the
// trigger watches, or "".
func (t *UsageTrigger) difference(params UsageTriggerCreateParams) string {
	value, _ := decimal.NewFromString(params.TriggerValue)
	switch {
	case t.UsageCategory != params.UsageCategory:
		return "UsageCategory"
	case t.TriggerBy != cmp.Or(params.TriggerBy, UsageTriggerFieldUsage):
		return "TriggerBy"
	case cmp.Or(t.Recurring, UsageTriggerRecurringAllTime) != cmp.Or(params.Recurring, UsageTriggerRecurringAllTime):
		return "Recurring"
	case !params.isRelative() && (!t.TriggerValue.Valid || !t.TriggerValue.Decimal.Equal(value)):
		return "TriggerValue"
	default:
		return ""
	}
}

// updateCallback sets the callback of a trigger, unless it is that of params.
func (s *UsageTriggerService) updateCallback(ctx context.Context, trigger *UsageTrigger, params UsageTriggerCreateParams, opts []RequestOption) (_ *UsageTrigger, updated bool, err error) {
	var update UsageTriggerUpdateParams
	if trigger.CallbackURL != params.CallbackURL {
		update.CallbackURL = &params.CallbackURL
	}
	if params.CallbackMethod != "" && trigger.CallbackMethod != params.CallbackMethod {
		update.CallbackMethod = &params.CallbackMethod
	}
	if update == (UsageTriggerUpdateParams{}) {
		return trigger, false, nil
	}
	trigger, err = s.Update(ctx, trigger.SID, update, opts...)
	return trigger, err == nil, err
}
