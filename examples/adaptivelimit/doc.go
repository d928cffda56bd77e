// Package adaptivelimit keeps a fleet of processes just below a limit that
// isn't published. Copy limiter.go.
//
// Twilio limits how many requests of an account are in progress at once. It
// doesn't say how many: it responds with 429 (code 20429) to those beyond, and
// the header Twilio-Concurrent-Requests of each response says how many there
// were, those of other processes included. The transport of this package learns
// the limit from the first and its part of it from the second, for each account
// by itself:
//
//	client, err := twilio.NewClient(cred, twilio.WithTransport(adaptivelimit.New))
//
// The processes need no connection to each other. The limiter is that of
// failsafe-go, which also slows down when Twilio does; by itself it looks at
// the latency only, and 429s don't change that.
//
// It is a module of its own, so that users of the SDK don't inherit
// failsafe-go. The folder fleet has a program that starts several processes
// against one fake Twilio and prints how much of a limit they use:
//
//	go run ./fleet
//
// In one run of 4 processes, with a limit of 20 and 50 ms for each request, they
// used 0.92 of the limit, and 1.4 % of what they sent was refused; without the
// limiter it was 39 %.
package adaptivelimit
