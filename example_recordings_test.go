package twilio_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleCallRecordingService_Create() {
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
	recordings := srv.Client().Calls.Recordings

	recording, err := recordings.Create(context.Background(), call.SID, twilio.CallRecordingCreateParams{
		RecordingChannels: twilio.RecordingChannelsDual,
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(recording.Status, recording.Channels)

	// A credit card's number isn't recorded.
	recording, err = recordings.Update(context.Background(), call.SID, twilio.RecordingCurrent, twilio.RecordingUpdateParams{
		Status: new(twilio.RecordingStatusPaused), PauseBehavior: new(twilio.RecordingPauseBehaviorSkip),
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(recording.Status)
	// Output:
	// in-progress 2
	// paused
}

// The file of a recording is made when its call is over, which takes a moment.
func ExampleRecordingService_Media() {
	srv := twiliotest.NewUnstartedServer()
	recording := srv.AddRecording(srv.AccountSID, twilio.Recording{Duration: 2})

	var file bytes.Buffer
	info, err := srv.Client().Recordings.Media(context.Background(), recording.SID,
		twilio.RecordingMediaParams{Format: twilio.RecordingFormatMP3, Wait: time.Minute}, &file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(info.ContentType, info.Bytes == int64(file.Len()))
	// Output: audio/mpeg true
}

// The first call shows what the second deletes.
func ExampleRecordingService_Erase() {
	srv := twiliotest.NewUnstartedServer()
	call := srv.AddCall(srv.AccountSID, twilio.Call{Status: twilio.CallStatusInProgress})
	srv.AddRecordings(srv.AccountSID, twilio.Recording{CallSID: call.SID},
		twilio.Recording{CallSID: call.SID, Status: twilio.RecordingStatusInProgress})
	client, filter := srv.Client(), twilio.RecordingListParams{CallSID: call.SID}

	report, err := client.Recordings.Erase(context.Background(), filter, twilio.EraseParams{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(report.Found), "found,", len(report.Remaining), "still being made")

	report, err = client.Recordings.Erase(context.Background(), filter, twilio.EraseParams{Confirm: true})
	fmt.Println(len(report.Erased), "erased, all of them:", err == nil)
	// Output:
	// 2 found, 1 still being made
	// 1 erased, all of them: false
}

func ExampleRecordingTranscriptionService_All() {
	srv := twiliotest.NewUnstartedServer()
	recording := srv.AddRecording(srv.AccountSID, twilio.Recording{})
	srv.AddTranscription(srv.AccountSID, twilio.Transcription{RecordingSID: recording.SID,
		Status: twilio.TranscriptionStatusCompleted, TranscriptionText: "Ahoy there!"})

	for text, err := range srv.Client().Recordings.Transcriptions.All(context.Background(), recording.SID, twilio.TranscriptionListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(text.TranscriptionText)
	}
	// Output: Ahoy there!
}

func ExampleTranscriptionService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddTranscription(srv.AccountSID, twilio.Transcription{Status: twilio.TranscriptionStatusFailed})

	for text, err := range srv.Client().Transcriptions.All(context.Background(), twilio.TranscriptionListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(text.Status)
	}
	// Output: failed
}

func ExampleAddOnResultService_All() {
	srv := twiliotest.NewUnstartedServer()
	recording := srv.AddRecording(srv.AccountSID, twilio.Recording{})
	srv.AddAddOnResult(srv.AccountSID, twilio.AddOnResult{ReferenceSID: recording.SID})

	for result, err := range srv.Client().Recordings.AddOnResults.All(context.Background(), recording.SID, twilio.AddOnResultListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Status)
	}
	// Output: completed
}

func ExampleAddOnPayloadService_Download() {
	srv := twiliotest.NewUnstartedServer()
	recording := srv.AddRecording(srv.AccountSID, twilio.Recording{})
	result := srv.AddAddOnResult(srv.AccountSID, twilio.AddOnResult{ReferenceSID: recording.SID})
	payload := srv.AddAddOnPayload(srv.AccountSID, twilio.AddOnPayload{AddOnResultSID: result.SID}, []byte(`{"words":["ahoy"]}`))

	var data bytes.Buffer
	info, err := srv.Client().Recordings.AddOnResults.Payloads.Download(context.Background(), recording.SID, result.SID, payload.SID, &data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(info.ContentType, data.String())
	// Output: application/json {"words":["ahoy"]}
}

func ExampleMediaService_Download() {
	srv := twiliotest.NewUnstartedServer()
	message := srv.AddMessage(srv.AccountSID, twilio.Message{NumMedia: 1})
	client := srv.Client()

	for file, err := range client.Messages.Media.All(context.Background(), message.SID, twilio.MediaListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		info, err := client.Messages.Media.Download(context.Background(), message.SID, file.SID, io.Discard)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(info.ContentType)
	}
	// Output: image/jpeg
}

func ExampleMessageService_Erase() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddMessages(srv.AccountSID, twilio.Message{To: "+16518675310"}, twilio.Message{To: "+16518675310", NumMedia: 2}, twilio.Message{})

	report, err := srv.Client().Messages.Erase(context.Background(), twilio.MessageListParams{To: "+16518675310"},
		twilio.EraseParams{Confirm: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(report.Erased), len(report.Remaining))
	// Output: 2 0
}

// The recipient typed in the code that the message had.
func ExampleMessageFeedbackService_Create() {
	srv := twiliotest.NewUnstartedServer()
	message := srv.AddMessage(srv.AccountSID, twilio.Message{Body: "Your code is 1234"})

	feedback, err := srv.Client().Messages.Feedback.Create(context.Background(), message.SID,
		twilio.MessageFeedbackCreateParams{Outcome: twilio.MessageFeedbackOutcomeConfirmed})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(feedback.Outcome)
	// Output: confirmed
}

func ExampleConferenceRecordingService_Update() {
	srv := twiliotest.NewUnstartedServer()
	client := srv.Client()
	host, err := client.Conferences.Participants.Create(context.Background(), "standup",
		twilio.ParticipantCreateParams{From: "+14158141829", To: "+16518675310"})
	if err != nil {
		log.Fatal(err)
	}
	srv.AddRecording(srv.AccountSID, twilio.Recording{ConferenceSID: host.ConferenceSID, Status: twilio.RecordingStatusInProgress})

	recording, err := client.Conferences.Recordings.Update(context.Background(), host.ConferenceSID, twilio.RecordingCurrent,
		twilio.RecordingUpdateParams{Status: new(twilio.RecordingStatusStopped)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(recording.Status)
	// Output: processing
}
