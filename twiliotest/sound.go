package twiliotest

import (
	"bytes"
	"encoding/binary"
	"math"
)

const (
	sampleRate = 8000 // of a phone call
	maxSound   = 5    // seconds, so that long recordings stay small
)

// wave returns a WAV file with a tone in the first channel, and one an octave
// higher in the second.
func wave(seconds, channels int) []byte {
	samples := min(max(seconds, 1), maxSound) * sampleRate
	size := samples * channels
	file := bytes.NewBuffer(make([]byte, 0, 44+size))
	file.WriteString("RIFF")
	for _, part := range []any{
		uint32(36 + size),
		[]byte("WAVEfmt "), uint32(16), uint16(1), uint16(channels), uint32(sampleRate),
		uint32(sampleRate * channels), uint16(channels), uint16(8), []byte("data"), uint32(size),
	} {
		_ = binary.Write(file, binary.LittleEndian, part) // a buffer never fails
	}
	for i := range samples {
		for channel := range channels {
			angle := 2 * math.Pi * 440 * float64(channel+1) * float64(i) / sampleRate
			file.WriteByte(byte(128 + 64*math.Sin(angle)))
		}
	}
	return file.Bytes()
}

// mp3 returns an MP3 file that is silent: frames of MPEG-1 layer III of 417 bytes,
// 128 kbit/s at 44.1 kHz, whose side information has nothing in it.
func mp3(seconds, channels int) []byte {
	mode := byte(0xc0) // one channel
	if channels == 2 {
		mode = 0
	}
	frame := make([]byte, 417)
	copy(frame, []byte{0xff, 0xfb, 0x90, mode})
	return bytes.Repeat(frame, 38*min(max(seconds, 1), maxSound))
}
