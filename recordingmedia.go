package twilio

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"
)

// A RecordingFormat is the format of a recording's file.
type RecordingFormat string

// The formats that Twilio makes. WAV is lossless PCM, in larger files.
const (
	RecordingFormatWAV RecordingFormat = "wav"
	RecordingFormatMP3 RecordingFormat = "mp3"
)

// RecordingMediaParams say which file of a recording [RecordingService.Media]
// downloads.
type RecordingMediaParams struct {
	// Format is the format of the file; WAV by default. An encrypted recording
	// has no MP3.
	Format RecordingFormat
	// Channels is 1 for a file with all voices in one channel, or 2 for one
	// channel for each voice; zero means as many as the recording has. Twilio
	// refuses 2 for a recording that has one.
	Channels int
	// Wait is how long to wait for a recording that is still being made, which
	// has no file yet. Zero returns the error at once. The context ends the
	// wait as well.
	Wait time.Duration
}

// recordingFile has the params as they are sent.
type recordingFile struct {
	Format   RecordingFormat `url:"-"`
	Channels int             `url:"RequestedChannels,omitempty"`
	Wait     time.Duration   `url:"-"`
}

func (f recordingFile) check(r *request) error {
	switch {
	case f.Format != "" && f.Format != RecordingFormatWAV && f.Format != RecordingFormatMP3:
		return &ParamError{Field: "Format", Reason: "isn't a format of recordings; use RecordingFormatWAV or RecordingFormatMP3"}
	case f.Wait < 0:
		return &ParamError{Field: "Wait", Reason: "is negative; use 0 or more"}
	default:
		return inRange("Channels", number(r.form.Get("RequestedChannels")), 0, 2)
	}
}

// The pauses between two requests for a recording that is being made. They
// double from the shortest to the longest.
const (
	shortestMediaPause = time.Second
	longestMediaPause  = 15 * time.Second
)

// Media downloads a recording's audio to w, as it arrives and of any size, and
// returns its type and size. It is retried until the first byte is written;
// after that the error says how many bytes were. [WithProgress] reports the
// progress.
//
// A recording has no file while it is being made: the error matches
// [ErrNotFound], after params.Wait. For a recording that will never have a
// file, because it is absent or deleted, Media doesn't wait.
//
// A redirect to storage is followed to https only, and without credentials.
func (s *RecordingService) Media(ctx context.Context, sid string, params RecordingMediaParams, w io.Writer, opts ...RequestOption) (*MediaInfo, error) {
	extension := "." + string(cmp.Or(params.Format, RecordingFormatWAV))
	end := time.Now().Add(params.Wait)
	for wait := shortestMediaPause; ; wait = min(2*wait, longestMediaPause) {
		info, err := s.endpoint().download(ctx, "media", recordingFile(params), extension, w, opts, sid)
		if !errors.Is(err, ErrNotFound) {
			return info, err
		}
		wait = min(wait, time.Until(end))
		if deadline, ok := ctx.Deadline(); wait <= 0 || ok && time.Until(deadline) <= wait {
			return nil, err
		}
		recording, lookErr := s.Get(ctx, sid, RecordingGetParams{}, withoutOwnOptions(opts)...)
		if lookErr != nil {
			return nil, lookErr
		}
		if recording.Status == RecordingStatusAbsent || recording.Status == RecordingStatusDeleted {
			return nil, err
		}
		if err := pause(ctx, wait); err != nil {
			return nil, newTransportError("recordings.media", s.endpoint().client.accountSID, err)
		}
	}
}
