package twilio_test

import (
	"errors"
	"net/url"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

const conferenceSID = "CF00000000000000000000000000000004"

// TestConferenceDateRanges: the ranges are exact though Twilio filters by days,
// each by its own date.
func TestConferenceDateRanges(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return time.Date(2026, time.March, 1, hour, 0, 0, 0, time.UTC) }
	for name, tt := range map[string]struct {
		params twilio.ConferenceListParams
		want   []string
	}{
		"created": {twilio.ConferenceListParams{DateCreatedAfter: at(9), DateCreatedBefore: at(10)}, []string{"CF2", "CF3"}},
		"updated": {twilio.ConferenceListParams{DateUpdatedAfter: at(11), DateUpdatedBefore: at(12)}, []string{"CF3", "CF4"}},
		"both": {twilio.ConferenceListParams{DateCreatedAfter: at(9), DateCreatedBefore: at(10),
			DateUpdatedAfter: at(11), DateUpdatedBefore: at(12)}, []string{"CF3"}},
		"a day": {twilio.ConferenceListParams{DateCreated: at(9)}, []string{"CF1", "CF2", "CF3", "CF4"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, respond(200, `{"conferences":[
				{"sid":"CF1","date_created":"Sun, 01 Mar 2026 08:59:59 +0000","date_updated":"Sun, 01 Mar 2026 10:59:59 +0000"},
				{"sid":"CF2","date_created":"Sun, 01 Mar 2026 09:00:00 +0000","date_updated":"Sun, 01 Mar 2026 12:00:00 +0000"},
				{"sid":"CF3","date_created":"Sun, 01 Mar 2026 09:59:59 +0000","date_updated":"Sun, 01 Mar 2026 11:59:59 +0000"},
				{"sid":"CF4","date_created":"Sun, 01 Mar 2026 10:00:00 +0000","date_updated":"Sun, 01 Mar 2026 11:00:00 +0000"}]}`))
			page, err := newClient(t, s).Conferences.List(t.Context(), tt.params)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range page.Items {
				got = append(got, c.SID)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestConferenceRangesOverPages: nobody knows the order of conferences, so that
// their pages are read one after the other, and each once.
func TestConferenceRangesOverPages(t *testing.T) {
	t.Parallel()
	const next = "/2010-04-01/Accounts/" + mainSID + "/Conferences.json?Page=1&PageToken=PACF1"
	s := newScript(t,
		respond(200, `{"conferences":[{"sid":"CF1","date_created":"Sun, 01 Mar 2026 09:30:00 +0000"}],"next_page_uri":"`+next+`"}`),
		respond(200, `{"conferences":[{"sid":"CF2","date_created":"Sun, 01 Mar 2026 09:40:00 +0000"}]}`))
	day := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	params := twilio.ConferenceListParams{DateCreatedAfter: day.Add(9 * time.Hour), DateCreatedBefore: day.Add(10 * time.Hour)}
	var got []string
	for c, err := range newClient(t, s).Conferences.All(t.Context(), params) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c.SID)
	}
	if !slices.Equal(got, []string{"CF1", "CF2"}) || s.sent[1].RawQuery != "Page=1&PageToken=PACF1" {
		t.Errorf("got %v, the second page from %s", got, s.sent[1].RawQuery)
	}
}

// TestConferenceUpdatesThatAreLost: ending a conference is done once however
// often it is sent, and an announcement is sent once.
func TestConferenceUpdatesThatAreLost(t *testing.T) {
	t.Parallel()
	ending := twilio.ConferenceUpdateParams{Status: new(twilio.ConferenceStatusCompleted)}
	announcement := twilio.WithForm(url.Values{"AnnounceUrl": {"https://example.com/"}})
	for name, tt := range map[string]struct {
		steps   []step
		params  twilio.ConferenceUpdateParams
		opts    []twilio.RequestOption
		unknown bool
	}{
		"ended again":                        {[]step{connReset, respond(200, `{"sid":"CF1","status":"completed"}`)}, ending, nil, false},
		"ended already":                      {[]step{connReset, respondError(400, 20001), respond(200, `{"sid":"CF1","status":"completed"}`)}, ending, nil, false},
		"announcement":                       {[]step{connReset}, twilio.ConferenceUpdateParams{AnnounceURL: new("https://example.com/")}, nil, true},
		"announcement by form, with the end": {[]step{connReset}, ending, []twilio.RequestOption{announcement}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, err := newClient(t, newScript(t, tt.steps...)).Conferences.Update(t.Context(), conferenceSID, tt.params, tt.opts...)
				if tt.unknown {
					if !errors.Is(err, twilio.ErrOutcomeUnknown) {
						t.Errorf("got %v, want ErrOutcomeUnknown", err)
					}
				} else if err != nil || c.Status != twilio.ConferenceStatusCompleted {
					t.Errorf("got %+v, %v", c, err)
				}
			})
		})
	}
}
