package webhook_test

import (
	"fmt"
	"testing"
	"time"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/webhook"
)

func TestParseCall(t *testing.T) {
	t.Parallel()
	c := must[*webhook.Call](t)(webhook.ParseCall(post(`CallSid=CA1 AccountSid=AC1 From=+14155550100 To=+15005550006 CallStatus=ringing
		ApiVersion=2010-04-01 Direction=inbound ForwardedFrom=+14155550101 CallerName=ADA ParentCallSid=CA0 FromCity=OAKLAND
		FromState=CA FromZip=94601 FromCountry=US ToCountry=DE CallToken=tok StirVerstat=TN-Validation-Passed-A ApplicationSid=AP1
		SipDomain=a.sip.twilio.com SipDomainSid=SD1 SipCallId=1@a SipSourceIp=192.0.2.1 SipHeader_X-Tenant=7
		AnsweredBy=human MachineDetectionDuration=2300 Digits=12 FinishedOnKey=# SpeechResult=yes Confidence=0.9
		DialCallSid=CA2 DialCallStatus=busy DialCallDuration=4 RecordingSid=RE1 RecordingUrl=https://r RecordingDuration=5
		QueueSid=QU1 QueueResult=bridged QueueTime=6 ErrorCode=11200 ErrorUrl=https://e`)))
	equal(t, "SID", c.SID, "CA1")
	equal(t, "Status", c.Status, twilio.CallStatusRinging)
	equal(t, "Direction", c.Direction, twilio.CallDirectionInbound)
	equal(t, "From and To", c.From+" "+c.To, "+14155550100 +15005550006")
	equal(t, "FromPlace", c.FromPlace, webhook.Place{City: "OAKLAND", State: "CA", Zip: "94601", Country: "US"})
	equal(t, "ToPlace", c.ToPlace, webhook.Place{Country: "DE"})
	equal(t, "caller", c.ForwardedFrom+c.CallerName+c.ParentCallSID+c.CallToken+c.StirVerstat+c.ApplicationSID, "+14155550101ADACA0tokTN-Validation-Passed-AAP1")
	equal(t, "SIP", fmt.Sprint(*c.SIP), "{a.sip.twilio.com SD1 1@a 192.0.2.1 map[X-Tenant:7]}")
	equal(t, "answering machine detection", fmt.Sprint(c.AnsweredBy, c.MachineDetectionDuration), fmt.Sprint("human", 2300))
	equal(t, "Gather", fmt.Sprint(c.Digits, c.FinishedOnKey, c.SpeechResult, c.Confidence), "12#yes0.9")
	equal(t, "Dial", fmt.Sprint(c.DialCallSID, " ", c.DialCallStatus, " ", c.DialCallDuration), "CA2 busy 4")
	equal(t, "Record", fmt.Sprint(c.RecordingSID, c.RecordingURL, c.RecordingDuration), "RE1https://r5")
	equal(t, "Enqueue", fmt.Sprint(c.QueueSID, c.QueueResult, c.QueueTime), "QU1bridged6")
	equal(t, "fallback", fmt.Sprint(c.ErrorCode, c.ErrorURL), "11200https://e")
	if c := must[*webhook.Call](t)(webhook.ParseCall(post("CallSid=CA1"))); c.SIP != nil {
		t.Error("a call by phone has SIP's parameters")
	}
}

// A call of 49 seconds costs a minute.
func TestParseCallStatus(t *testing.T) {
	t.Parallel()
	c := must[*webhook.CallStatus](t)(webhook.ParseCallStatus(post(`CallSid=CA1 CallStatus=completed CallDuration=49 Duration=1
		SequenceNumber=3 Timestamp=Thu,~26~Nov~2026~01:05:09~+0000 CallbackSource=call-progress-events SipResponseCode=200`)))
	equal(t, "Status", c.Status, twilio.CallStatusCompleted)
	equal(t, "DurationSeconds", c.DurationSeconds, 49)
	equal(t, "DurationMinutes", c.DurationMinutes, 1)
	equal(t, "SequenceNumber", c.SequenceNumber, 3)
	equal(t, "Timestamp", c.Timestamp, time.Date(2026, 11, 26, 1, 5, 9, 0, time.UTC))
	equal(t, "CallbackSource", c.CallbackSource, "call-progress-events")
	equal(t, "SIPResponseCode", c.SIPResponseCode, 200)
	c = must[*webhook.CallStatus](t)(webhook.ParseCallStatus(post("CallSid=CA1 SequenceNumber=0")))
	equal(t, "the first SequenceNumber", c.SequenceNumber, 0)
	c = must[*webhook.CallStatus](t)(webhook.ParseCallStatus(post("CallSid=CA1 AnsweredBy=machine_start")))
	equal(t, "no SequenceNumber", c.SequenceNumber, -1)
}
