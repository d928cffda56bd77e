package twiliotest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// An Outcome is how messages and calls to a phone number end; see
// [Server.SetOutcome]. A message's fields and a call's are independent.
type Outcome struct {
	// To is the phone number, in E.164 form, or another address.
	To string

	// MessageStatus is the last status of messages: delivered (the default),
	// read, sent (nothing more is heard of it), undelivered or failed.
	MessageStatus twilio.MessageStatus
	// ErrorCode is the error of messages that are undelivered or failed, such
	// as 30003.
	ErrorCode int

	// CallStatus is how calls end: busy, no-answer or failed. Empty or
	// completed means that they are answered.
	CallStatus twilio.CallStatus
	// AnsweredBy is who answers, if the call asks for MachineDetection: human
	// (the default), machine_start, fax, unknown and so on.
	AnsweredBy string
	// HangUpAfter is how long after the answer the other side hangs up; zero
	// means the duration that [WithCallDuration] sets.
	HangUpAfter time.Duration
	// Digits are the keys that are pressed, one after the other, as soon as a
	// Gather or a Record listens: 0 to 9, * and #.
	Digits string
	// Speech is what is said to a Gather that listens for speech.
	Speech string
}

// Validate returns an error that names the field which no outcome can have, or
// nil.
func (o Outcome) Validate() error {
	messageStatuses := []twilio.MessageStatus{"", "delivered", "read", "sent", "undelivered", "failed"}
	callStatuses := []twilio.CallStatus{"", "completed", "busy", "no-answer", "failed"}
	switch {
	case o.To == "":
		return fmt.Errorf("twiliotest: Outcome.To is empty; set the phone number")
	case !slices.Contains(messageStatuses, o.MessageStatus):
		return fmt.Errorf("twiliotest: Outcome.MessageStatus is %q; use delivered, read, sent, undelivered or failed", o.MessageStatus)
	case o.ErrorCode < 0:
		return fmt.Errorf("twiliotest: Outcome.ErrorCode is %d; use an error code of Twilio's", o.ErrorCode)
	case o.ErrorCode != 0 && o.MessageStatus != "undelivered" && o.MessageStatus != "failed":
		return fmt.Errorf("twiliotest: Outcome.ErrorCode is set; set Outcome.MessageStatus to undelivered or failed, too")
	case !slices.Contains(callStatuses, o.CallStatus):
		return fmt.Errorf("twiliotest: Outcome.CallStatus is %q; use completed, busy, no-answer or failed", o.CallStatus)
	case o.HangUpAfter < 0:
		return fmt.Errorf("twiliotest: Outcome.HangUpAfter is %v; use 0 or more", o.HangUpAfter)
	case strings.Trim(o.Digits, keys) != "":
		return fmt.Errorf("twiliotest: Outcome.Digits has a character that is no key; use 0 to 9, * and #")
	}
	return nil
}

// keys are those of a telephone.
const keys = "0123456789*#"

// SetOutcome sets how messages and calls to a phone number end, from now on; it
// replaces an earlier outcome. One with nothing but To is how they end without
// any. An outcome that isn't valid panics; see [Outcome.Validate].
func (s *Server) SetOutcome(o Outcome) {
	if err := o.Validate(); err != nil {
		panic(err.Error())
	}
	defer s.state.write()()
	o.To = normalize(o.To)
	if o == (Outcome{To: o.To}) {
		delete(s.state.outcomes, o.To)
		return
	}
	s.state.outcomes[o.To] = o
}
