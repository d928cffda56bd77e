package webhook_test

import (
	"fmt"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

func TestParseMessage(t *testing.T) {
	t.Parallel()
	m := must[*webhook.Message](t)(webhook.ParseMessage(post(`ToCountry=US ToState=CA SmsMessageSid=MM1 NumMedia=2
		ToCity= FromZip=94105 SmsSid=MM1 FromState=CA SmsStatus=received FromCity=SAN~FRANCISCO Body=Stop FromCountry=US
		To=+15005550006 MessagingServiceSid=MG1 ToZip= NumSegments=3 MessageSid=MM1 AccountSid=AC1 From=+14155550100
		ApiVersion=2010-04-01 OptOutType=STOP MediaUrl0=https://a MediaContentType0=image/png MediaUrl1=https://b`)))
	equal(t, "SID", m.SID, "MM1")
	equal(t, "MessagingServiceSID", m.MessagingServiceSID, "MG1")
	equal(t, "From and To", m.From+" "+m.To, "+14155550100 +15005550006")
	equal(t, "Body", m.Body, "Stop")
	equal(t, "NumSegments", m.NumSegments, 3)
	equal(t, "Media", fmt.Sprint(m.Media), "[{https://a image/png} {https://b }]")
	equal(t, "Status", m.Status, twilio.MessageStatusReceived)
	equal(t, "OptOutType", m.OptOutType, webhook.OptOutStop)
	equal(t, "FromPlace", m.FromPlace, webhook.Place{City: "SAN FRANCISCO", State: "CA", Zip: "94105", Country: "US"})
	equal(t, "ToPlace", m.ToPlace, webhook.Place{State: "CA", Country: "US"})
	equal(t, "Channel", m.Channel(), "sms")
	if m.WhatsApp != nil {
		t.Error("an SMS has WhatsApp's parameters")
	}
	m = must[*webhook.Message](t)(webhook.ParseMessage(post("MessageSid=SM1 NumMedia=1000000000 ErrorCode=11200 ErrorUrl=https://a/b")))
	equal(t, "Media that isn't there", len(m.Media), 0)
	equal(t, "ErrorCode", m.ErrorCode, 11200)
	equal(t, "ErrorURL", m.ErrorURL, "https://a/b")
}

func TestParseMessageOfWhatsApp(t *testing.T) {
	t.Parallel()
	m := must[*webhook.Message](t)(webhook.ParseMessage(post(`SmsMessageSid=SM1 MessageSid=SM1 From=whatsapp:+14155550100
		ProfileName=Ada WaId=14155550100 MessageType=location ReferralNumMedia=0 Forwarded=true FrequentlyForwarded=false
		ButtonText=Yes ButtonPayload=y ButtonType=reply Latitude=-33.5 Longitude=151.25 Address=Harbour Label=Sydney
		OriginalRepliedMessageSid=SM0 OriginalRepliedMessageSender=whatsapp:+15005550006 ReferralHeadline=Sale
		ChannelMetadata={} InteractiveData=[] FlowData=1`)))
	equal(t, "Channel", m.Channel(), "whatsapp")
	w := *m.WhatsApp
	equal(t, "ProfileName", w.ProfileName, "Ada")
	equal(t, "WaID", w.WaID, "14155550100")
	equal(t, "MessageType", w.MessageType, "location")
	equal(t, "button", w.ButtonText+w.ButtonPayload+w.ButtonType, "Yesyreply")
	equal(t, "reply", w.RepliedMessageSID+w.RepliedMessageSender, "SM0whatsapp:+15005550006")
	equal(t, "Forwarded", fmt.Sprint(w.Forwarded, w.FrequentlyForwarded), "true false")
	equal(t, "Location", *w.Location, webhook.Location{Latitude: -33.5, Longitude: 151.25, Address: "Harbour", Label: "Sydney"})
	equal(t, "Referral", fmt.Sprint(w.Referral), "map[Headline:Sale]")
	equal(t, "JSON", w.ChannelMetadata+w.InteractiveData+w.FlowData, "{}[]1")

	m = must[*webhook.Message](t)(webhook.ParseMessage(post("MessageSid=SM1 From=whatsapp:+14155550100 ReferralNumMedia=0")))
	if m.WhatsApp == nil || m.WhatsApp.Location != nil || m.WhatsApp.Referral != nil {
		t.Errorf("a text has %+v", m.WhatsApp)
	}
}

func TestParseMessageStatus(t *testing.T) {
	t.Parallel()
	m := must[*webhook.MessageStatus](t)(webhook.ParseMessageStatus(post(`SmsSid=SM1 SmsStatus=undelivered MessageStatus=undelivered
		To=+14155550100 MessageSid=SM1 AccountSid=AC1 From=+15005550006 ApiVersion=2010-04-01 ErrorCode=30003
		RawDlrDoneDate=2611260105 MessagingServiceSid=MG1 ChannelPrefix=whatsapp ChannelInstallSid=XE1
		ChannelStatusMessage=Gone EventType=READ`)))
	equal(t, "SID", m.SID, "SM1")
	equal(t, "Status", m.Status, twilio.MessageStatusUndelivered)
	equal(t, "From and To", m.From+" "+m.To, "+15005550006 +14155550100")
	equal(t, "ErrorCode", m.ErrorCode, twilio.CodeDeliveryUnreachable)
	equal(t, "DeliveryTime", m.DeliveryTime, time.Date(2026, 11, 26, 1, 5, 0, 0, time.UTC))
	equal(t, "MessagingServiceSID", m.MessagingServiceSID, "MG1")
	equal(t, "channel", m.ChannelPrefix+m.ChannelInstallSID+m.ChannelStatusMessage+m.EventType, "whatsappXE1GoneREAD")
	m = must[*webhook.MessageStatus](t)(webhook.ParseMessageStatus(post("SmsSid=SM1 MessageStatus=brand-new")))
	equal(t, "the SID of an old name", m.SID, "SM1")
	equal(t, "an unknown status", m.Status, "brand-new")
	for _, params := range []string{"MessageStatus=sent", "MessageStatus=sent MessageSid=SM1 RawDlrDoneDate=today"} {
		if _, err := webhook.ParseMessageStatus(post(params)); err == nil {
			t.Errorf("%s makes sense", params)
		}
	}
}
