package twiliotest

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// A plan is the numbering plan of a country whose numbers the fake sells.
type plan struct {
	country string // ISO code
	name    string
	address string // the address requirement of its numbers
	beta    bool
	kinds   []numberRange
}

// A numberRange is a range of numbers: a prefix and so many more digits.
type numberRange struct {
	kind    string
	prefix  string
	digits  int
	noSMS   bool
	noMMS   bool
	noVoice bool
}

// plans are the countries of the catalogue. Their ranges are simplified. North
// American numbers come from areas instead.
var plans = []*plan{
	{country: "US", name: "United States", address: "none", kinds: []numberRange{{kind: local}, {kind: tollFree}}},
	{country: "CA", name: "Canada", address: "none", kinds: []numberRange{{kind: local}, {kind: tollFree}}},
	{country: "GB", name: "United Kingdom", address: "any", kinds: []numberRange{
		{kind: mobile, prefix: "+447", digits: 9, noMMS: true},
		{kind: tollFree, prefix: "+44808", digits: 7, noSMS: true, noMMS: true},
		{kind: national, prefix: "+44330", digits: 7, noSMS: true, noMMS: true},
		{kind: sharedCost, prefix: "+44843", digits: 7, noSMS: true, noMMS: true},
		{kind: local, prefix: "+44", digits: 10, noSMS: true, noMMS: true},
	}},
	{country: "AU", name: "Australia", address: "any", kinds: []numberRange{
		{kind: mobile, prefix: "+614", digits: 8, noMMS: true},
		{kind: tollFree, prefix: "+611800", digits: 6, noSMS: true, noMMS: true},
		{kind: local, prefix: "+61", digits: 9, noSMS: true, noMMS: true},
	}},
	{country: "DE", name: "Germany", address: "local", kinds: []numberRange{
		{kind: mobile, prefix: "+4915", digits: 9, noMMS: true},
		{kind: tollFree, prefix: "+49800", digits: 7, noSMS: true, noMMS: true},
		{kind: national, prefix: "+4932", digits: 8, noSMS: true, noMMS: true},
		{kind: local, prefix: "+49", digits: 10, noSMS: true, noMMS: true},
	}},
	{country: "FR", name: "France", address: "local", kinds: []numberRange{
		{kind: mobile, prefix: "+337", digits: 8, noMMS: true},
		{kind: national, prefix: "+339", digits: 8, noSMS: true, noMMS: true},
		{kind: local, prefix: "+33", digits: 9, noSMS: true, noMMS: true},
	}},
	{country: "NO", name: "Norway", address: "foreign", kinds: []numberRange{
		{kind: machineToMachine, prefix: "+4759", digits: 6, noVoice: true, noMMS: true},
		{kind: mobile, prefix: "+474", digits: 7, noVoice: true, noMMS: true},
		{kind: local, prefix: "+47", digits: 8, noSMS: true, noMMS: true},
	}},
	{country: "JP", name: "Japan", address: "local", beta: true, kinds: []numberRange{
		{kind: voip, prefix: "+8150", digits: 8, noSMS: true, noMMS: true},
		{kind: tollFree, prefix: "+81120", digits: 6, noSMS: true, noMMS: true},
		{kind: local, prefix: "+81", digits: 9, noSMS: true, noMMS: true},
	}},
}

func planFor(country string) *plan {
	i := slices.IndexFunc(plans, func(p *plan) bool { return p.country == country })
	if i < 0 {
		return nil
	}
	return plans[i]
}

func (p *plan) offer(kind string) (numberRange, bool) {
	i := slices.IndexFunc(p.kinds, func(k numberRange) bool { return k.kind == kind })
	if i < 0 {
		return numberRange{}, false
	}
	return p.kinds[i], true
}

func (p *plan) offers(kind string) bool {
	_, ok := p.offer(kind)
	return ok
}

func (p *plan) capabilities(kind string) capabilities {
	k, _ := p.offer(kind)
	return capabilities{Voice: !k.noVoice, SMS: !k.noSMS, MMS: !k.noMMS}
}

// planOf finds the plan and the kind of a number; a number of a country outside
// the catalogue has none.
func planOf(phone string) (*plan, string) {
	if code, ok := strings.CutPrefix(phone, "+1"); ok {
		switch area := areaOf(code); {
		case len(code) != 10:
			return nil, ""
		case slices.Contains(tollFreeCodes, code[:3]):
			return planFor("US"), tollFree
		case area != nil && area.country == "CA":
			return planFor("CA"), local
		}
		return planFor("US"), local
	}
	for _, p := range plans {
		for _, k := range p.kinds {
			if rest, ok := strings.CutPrefix(phone, k.prefix); ok && k.prefix != "" && len(rest) <= k.digits {
				return p, k.kind
			}
		}
	}
	return nil, ""
}

var tollFreeCodes = []string{"800", "833", "844", "855", "866", "877", "888"}

// An area is a place in the North American plan with its area codes.
type area struct {
	country, region, locality, postalCode, lata string
	latitude, longitude                         string
	codes                                       string
}

// areas are where the fake has local numbers: the largest places, not all.
var areas = []area{
	{"US", "CA", "San Francisco", "94105", "722", "37.780000", "-122.420000", "415 628"},
	{"US", "CA", "Oakland", "94612", "722", "37.800000", "-122.270000", "510 341 925"},
	{"US", "CA", "San Jose", "95113", "722", "37.340000", "-121.890000", "408 669 650 831 707"},
	{"US", "CA", "Los Angeles", "90012", "730", "34.050000", "-118.240000", "213 323 310 424 747 818 626 562"},
	{"US", "CA", "San Diego", "92101", "732", "32.720000", "-117.160000", "619 858 760 442"},
	{"US", "CA", "Sacramento", "95814", "726", "38.580000", "-121.490000", "916 279 209 530 559 661 805 949 714 657 951 909"},
	{"US", "NY", "New York", "10001", "132", "40.710000", "-74.010000", "212 332 646 917 718 347 929"},
	{"US", "NY", "Buffalo", "14202", "140", "42.890000", "-78.880000", "716 585 315 518 914 516 631 845 607"},
	{"US", "NJ", "Newark", "07102", "224", "40.740000", "-74.170000", "973 862 201 551 732 848 609 856 908"},
	{"US", "PA", "Philadelphia", "19107", "228", "39.950000", "-75.170000", "215 267 445 610 412 724 717 814 570"},
	{"US", "MA", "Boston", "02108", "128", "42.360000", "-71.060000", "617 857 781 508 978 413 774"},
	{"US", "CT", "Hartford", "06103", "920", "41.760000", "-72.680000", "860 959 203 475"},
	{"US", "RI", "Providence", "02903", "130", "41.820000", "-71.410000", "401"},
	{"US", "NH", "Manchester", "03101", "122", "42.990000", "-71.460000", "603"},
	{"US", "VT", "Burlington", "05401", "124", "44.480000", "-73.210000", "802"},
	{"US", "ME", "Portland", "04101", "120", "43.660000", "-70.260000", "207"},
	{"US", "DC", "Washington", "20001", "236", "38.910000", "-77.040000", "202 771"},
	{"US", "MD", "Baltimore", "21201", "238", "39.290000", "-76.610000", "410 443 667 301 240"},
	{"US", "VA", "Richmond", "23219", "248", "37.540000", "-77.440000", "804 703 571 757 540 434 276"},
	{"US", "NC", "Charlotte", "28202", "422", "35.230000", "-80.840000", "704 980 919 984 336 910 828 252"},
	{"US", "SC", "Columbia", "29201", "434", "34.000000", "-81.030000", "803 843 864"},
	{"US", "GA", "Atlanta", "30303", "438", "33.750000", "-84.390000", "404 470 678 770 706 912 229 478"},
	{"US", "FL", "Miami", "33131", "460", "25.760000", "-80.190000", "305 786 954 754 561"},
	{"US", "FL", "Orlando", "32801", "458", "28.540000", "-81.380000", "407 321 689 813 727 904 850 352 386 239 863 941"},
	{"US", "AL", "Birmingham", "35203", "476", "33.520000", "-86.810000", "205 251 256 334"},
	{"US", "TN", "Nashville", "37219", "470", "36.160000", "-86.780000", "615 629 901 865 423 731 931"},
	{"US", "KY", "Louisville", "40202", "462", "38.250000", "-85.760000", "502 859 270 606"},
	{"US", "OH", "Columbus", "43215", "324", "39.960000", "-83.000000", "614 380 216 440 513 937 419 330 740"},
	{"US", "MI", "Detroit", "48226", "340", "42.330000", "-83.050000", "313 248 586 734 616 517 810 989 231 269 906"},
	{"US", "IN", "Indianapolis", "46204", "336", "39.770000", "-86.160000", "317 463 219 260 574 765 812"},
	{"US", "IL", "Chicago", "60602", "358", "41.880000", "-87.630000", "312 773 872 847 224 630 331 708 815 217 309 618"},
	{"US", "WI", "Milwaukee", "53202", "356", "43.040000", "-87.910000", "414 262 608 715 920"},
	{"US", "MN", "Minneapolis", "55401", "628", "44.980000", "-93.270000", "612 651 763 952 320 507 218"},
	{"US", "IA", "Des Moines", "50309", "632", "41.590000", "-93.620000", "515 319 563 641 712"},
	{"US", "MO", "Saint Louis", "63101", "520", "38.630000", "-90.200000", "314 636 816 417 573 660"},
	{"US", "KS", "Wichita", "67202", "532", "37.690000", "-97.340000", "316 785 913 620"},
	{"US", "NE", "Omaha", "68102", "644", "41.260000", "-95.940000", "402 531 308"},
	{"US", "OK", "Oklahoma City", "73102", "536", "35.470000", "-97.520000", "405 918 580"},
	{"US", "AR", "Little Rock", "72201", "528", "34.750000", "-92.290000", "501 479 870"},
	{"US", "LA", "New Orleans", "70112", "490", "29.950000", "-90.070000", "504 225 318 337 985"},
	{"US", "MS", "Jackson", "39201", "482", "32.300000", "-90.180000", "601 769 228 662"},
	{"US", "TX", "Austin", "78701", "558", "30.270000", "-97.740000", "512 737 210 726 254 361 956 830"},
	{"US", "TX", "Dallas", "75201", "552", "32.780000", "-96.800000", "214 469 972 945 817 682 903 940"},
	{"US", "TX", "Houston", "77002", "560", "29.760000", "-95.370000", "713 281 832 346 409 936 979 806 915 432"},
	{"US", "CO", "Denver", "80202", "656", "39.740000", "-104.990000", "303 720 719 970"},
	{"US", "UT", "Salt Lake City", "84101", "660", "40.760000", "-111.890000", "801 385 435"},
	{"US", "AZ", "Phoenix", "85004", "666", "33.450000", "-112.070000", "602 480 623 520 928"},
	{"US", "NM", "Albuquerque", "87102", "664", "35.080000", "-106.650000", "505 575"},
	{"US", "NV", "Las Vegas", "89101", "721", "36.170000", "-115.140000", "702 725 775"},
	{"US", "WA", "Seattle", "98101", "674", "47.610000", "-122.330000", "206 425 253 360 509"},
	{"US", "OR", "Portland", "97204", "672", "45.520000", "-122.680000", "503 971 541 458"},
	{"US", "ID", "Boise", "83702", "652", "43.620000", "-116.210000", "208 986"},
	{"US", "MT", "Billings", "59101", "648", "45.780000", "-108.500000", "406"},
	{"US", "WY", "Cheyenne", "82001", "654", "41.140000", "-104.820000", "307"},
	{"US", "ND", "Fargo", "58102", "636", "46.880000", "-96.790000", "701"},
	{"US", "SD", "Sioux Falls", "57104", "640", "43.550000", "-96.730000", "605"},
	{"US", "WV", "Charleston", "25301", "256", "38.350000", "-81.630000", "304 681"},
	{"US", "DE", "Wilmington", "19801", "228", "39.740000", "-75.550000", "302"},
	{"US", "HI", "Hilo", "96720", "834", "19.720000", "-155.090000", "808"},
	{"US", "AK", "Anchorage", "99501", "832", "61.220000", "-149.900000", "907"},
	{"CA", "ON", "Toronto", "M5H", "888", "43.650000", "-79.380000", "416 647 437 905 289 613 519"},
	{"CA", "QC", "Montreal", "H2Y", "888", "45.500000", "-73.570000", "514 438 450 418 819"},
	{"CA", "BC", "Vancouver", "V6B", "888", "49.280000", "-123.120000", "604 778 236 250"},
	{"CA", "AB", "Calgary", "T2P", "888", "51.050000", "-114.070000", "403 587 780"},
}

// areaByCode finds the area of a code.
var areaByCode = func() map[string]*area {
	byCode := make(map[string]*area)
	for i := range areas {
		for code := range strings.FieldsSeq(areas[i].codes) {
			byCode[code] = &areas[i]
		}
	}
	return byCode
}()

// areaOf finds the area of a number without its +1.
func areaOf(national string) *area { return areaByCode[national[:min(3, len(national))]] }

// An offer is a number of the catalogue.
type offer struct {
	phone string
	kind  string
	plan  *plan
	area  *area // of local North American numbers
}

// numbersPerRange is how many numbers the catalogue has in each area code or
// range.
const numbersPerRange = 1000

// offers yields the catalogue of one country and kind, always in the same
// order. North American local numbers are those of the area code, or of all
// area codes in turn. Owned numbers are left out.
func (s *state) offers(p *plan, kind, areaCode string) iter.Seq[offer] {
	return func(yield func(offer) bool) {
		yieldFree := func(phone string, a *area) bool {
			return s.owned[phone] != nil || yield(offer{phone, kind, p, a})
		}
		k, ok := p.offer(kind)
		if !ok {
			return
		}
		if k.prefix != "" {
			for i := range numbersPerRange {
				if !yieldFree(k.prefix+subscriberNumber(k.digits, i), nil) {
					return
				}
			}
			return
		}
		codes := northAmericanCodes(p.country, kind)
		if areaCode != "" {
			if !slices.Contains(codes, areaCode) {
				return
			}
			codes = []string{areaCode}
		}
		for i := range numbersPerRange {
			for _, code := range codes {
				if !yieldFree("+1"+code+subscriberNumber(7, i), areaByCode[code]) {
					return
				}
			}
		}
	}
}

func northAmericanCodes(country, kind string) []string {
	if kind == tollFree {
		return tollFreeCodes
	}
	var codes []string
	for i := range areas {
		if areas[i].country == country {
			codes = append(codes, strings.Fields(areas[i].codes)...)
		}
	}
	return codes
}

// subscriberNumber returns the i-th of a thousand different numbers with so
// many digits. The first digit is 2, the others look random.
func subscriberNumber(digits, i int) string {
	modulus := 1
	for range digits - 1 {
		modulus *= 10
	}
	// A factor that is coprime to every power of ten makes all of them
	// different.
	return "2" + fmt.Sprintf("%0*d", digits-1, (i+1)*7_654_321%modulus)
}

// firstInAreaCode returns a number to buy without a PhoneNumber.
func (rq *request) firstInAreaCode(code string) (string, *problem) {
	if n, err := strconv.Atoi(code); err != nil || len(code) != 3 || n < 200 {
		return "", failf(21451, "%s is not a valid area code", code)
	}
	country := "US"
	if a := areaByCode[code]; a != nil {
		country = a.country
	}
	for o := range rq.offers(planFor(country), local, code) {
		return o.phone, nil
	}
	return "", failf(21452, "No phone numbers are available in area code %s", code)
}
