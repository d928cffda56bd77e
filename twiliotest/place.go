package twiliotest

import "strings"

// A place is where a phone number is, as webhooks say it: what isn't known is
// empty.
type place struct{ city, region, zip, country string }

func placeOf(phone string) place {
	plan, _ := planOf(phone)
	if plan == nil {
		return place{}
	}
	p := place{country: plan.country}
	if national, ok := strings.CutPrefix(phone, "+1"); ok {
		if a := areaOf(national); a != nil {
			p.city, p.region, p.zip = strings.ToUpper(a.locality), a.region, a.postalCode
		}
	}
	return p
}

// digitsOf is a phone number without anything else, such as a WaId.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// numberIn is the phone number of an address over a channel, such as
// whatsapp:+14155550100, or the address itself.
func numberIn(address string) string {
	if channel.MatchString(address) {
		_, address, _ = strings.Cut(address, ":")
	}
	return address
}
