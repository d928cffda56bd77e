package twiliotest

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
)

var (
	e164        = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	callAddress = regexp.MustCompile(`^(client|sip|sips|sim|app):\S+$`)
	channel     = regexp.MustCompile(`^(whatsapp|messenger|rcs|facebook):\S+$`)
	shortCode   = regexp.MustCompile(`^\d{3,8}$`)
	senderID    = regexp.MustCompile(`^[A-Za-z0-9 &+_-]*[A-Za-z][A-Za-z0-9 &+_-]*$`)
	punctuation = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "")
)

// normalize returns a phone number in E.164 form, also if it is written in
// another. As Twilio does, it reads ten digits as a North American number and
// more as an international one without its +. A leading space is the + of a
// form that wasn't percent-encoded.
func normalize(s string) string {
	if channel, number, ok := strings.Cut(s, ": "); ok { // as in whatsapp:+14155551212
		if number = normalize(" " + number); isPhoneNumber(number) {
			return channel + ":" + number
		}
		return s
	}
	digits := punctuation.Replace(s)
	phone := digits
	switch international := strings.HasPrefix(s, " "); {
	case strings.HasPrefix(digits, "+"):
	case !international && len(digits) == 10:
		phone = "+1" + digits
	case international, len(digits) > 10:
		phone = "+" + digits
	}
	if isPhoneNumber(phone) {
		return phone
	}
	return s
}

func isPhoneNumber(s string) bool { return e164.MatchString(s) }

// isCallable reports whether a call can be from or to s.
func isCallable(s string) bool {
	return isPhoneNumber(s) || callAddress.MatchString(s) || shortCode.MatchString(s)
}

// isRecipient reports whether a message can be sent to s.
func isRecipient(s string) bool {
	return isPhoneNumber(s) || channel.MatchString(s) || shortCode.MatchString(s)
}

// isSender reports whether a message can be sent from s, which may also be an
// alphanumeric sender ID.
func isSender(s string) bool { return isRecipient(s) || len(s) <= 11 && senderID.MatchString(s) }

// display formats a phone number as the API does beside the E.164 form: in the
// national form for North America, unchanged otherwise.
func display(s string) string {
	if len(s) == 12 && strings.HasPrefix(s, "+1") && isPhoneNumber(s) {
		return "(" + s[2:5] + ") " + s[5:8] + "-" + s[8:]
	}
	return s
}

// pattern compiles the pattern of a number list or search: digits, letters as
// on a telephone's keys, * for any one digit, and a leading + for the start of
// the number.
func pattern(s string) func(number string) bool {
	if s == "" {
		return func(string) bool { return true }
	}
	var b strings.Builder
	for i, r := range strings.ToUpper(punctuation.Replace(s)) {
		switch {
		case r == '+' && i == 0:
			b.WriteString(`^\+`)
		case r == '*':
			b.WriteString(`\d`)
		case r >= 'A' && r <= 'Z':
			b.WriteByte("22233344455566677778889999"[r-'A'])
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return regexp.MustCompile(b.String()).MatchString
}

func decimalOf(n int64) decimal.Decimal { return decimal.NewFromInt(n) }
