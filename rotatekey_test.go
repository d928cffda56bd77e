package twilio_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

// A keyVault is where the key of a service is stored, and the fake that it is of.
type keyVault struct {
	t     *testing.T
	srv   *twiliotest.Server
	old   *twilio.Key
	saved *twilio.Key
}

func newKeyVault(t *testing.T, opts ...twiliotest.Option) *keyVault {
	t.Helper()
	srv := twiliotest.NewUnstartedServer(opts...)
	_ = must(srv.Client().Keys.Create(t.Context(), twilio.KeyCreateParams{FriendlyName: "another"}))
	return &keyVault{t: t, srv: srv, old: must(srv.Client().Keys.Create(t.Context(), twilio.KeyCreateParams{FriendlyName: "billing"}))}
}

func (v *keyVault) save(_ context.Context, key *twilio.Key) error {
	v.saved = key
	return nil
}

// works asks the fake, past all that goes wrong, whether it accepts a key.
func (v *keyVault) works(key *twilio.Key) bool {
	if key == nil {
		return false
	}
	_, err := v.srv.Client().WithCredentials(twilio.APIKey(v.srv.AccountSID, key.SID, key.Secret.Reveal())).Balance.Get(context.Background())
	return err == nil
}

func (v *keyVault) rotate(ctx context.Context, client *twilio.Client, saved string) (*twilio.Key, error) {
	return client.Keys.Rotate(ctx, v.old.SID, twilio.KeyRotateParams{Save: v.save, Saved: saved})
}

// checkDone checks what holds after a rotation: there is the new key and the other.
func (v *keyVault) checkDone(key *twilio.Key, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	if key.SID != v.saved.SID || key.FriendlyName != "billing" || !v.works(v.saved) {
		v.t.Errorf("%s, %q isn't the key that was saved", key.SID, key.FriendlyName)
	}
	if v.works(v.old) {
		v.t.Error("the old key works still")
	}
	var names []string
	for key, err := range v.srv.Client().Keys.All(context.Background(), twilio.KeyListParams{}) {
		names = append(names, must(key, err).FriendlyName)
	}
	if slices.Sort(names); !slices.Equal(names, []string{"another", "billing"}) {
		v.t.Errorf("the account has the keys %q", names)
	}
}

// TestRotateKeyKilledAnywhere ends a rotation at each of its requests, and runs it
// again. The saved key or the old one works at any moment, and lost ones go.
func TestRotateKeyKilledAnywhere(t *testing.T) {
	t.Parallel()
	requests := 0
	for at := 0; at <= requests; at++ {
		for _, after := range []bool{false, true} {
			v := newKeyVault(t)
			ctx, kill := context.WithCancel(t.Context())
			k := &killer{base: v.srv.Transport(), kill: kill, at: at, after: after}
			key, err := v.rotate(ctx, newClientOf(t, v.srv, k), "")
			kill()
			if at == 0 {
				v.checkDone(key, err)
				requests = max(requests, k.sent)
				continue
			}
			if err == nil {
				t.Fatalf("killed at request %d without an error", at)
			}
			if !v.works(v.saved) && !v.works(v.old) {
				t.Error("neither the saved key nor the old one works")
			}
			saved := ""
			if v.saved != nil {
				saved = v.saved.SID
			}
			key, err = v.rotate(t.Context(), newClientOf(t, v.srv, v.srv.Transport()), saved)
			if v.checkDone(key, err); t.Failed() {
				t.Fatalf("killed at request %d, after its effect: %t", at, after)
			}
		}
	}
	if requests < 5 {
		t.Errorf("a rotation takes %d requests", requests)
	}
}

// TestRotateKeyCleansUp: a key whose secret was lost is revoked with the old one,
// in the same run or in a later one that knows nothing of it.
func TestRotateKeyCleansUp(t *testing.T) {
	t.Parallel()
	v := newKeyVault(t)
	v.srv.Inject(twiliotest.Fault{Method: "POST", Path: "/Keys.json", Reset: twiliotest.ResetAfter})
	key, err := v.rotate(t.Context(), newClientOf(t, v.srv, v.srv.Transport()), "")
	v.checkDone(key, err)

	v = newKeyVault(t)
	full := errors.New("disk full")
	if _, err := v.srv.Client().Keys.Rotate(t.Context(), v.old.SID, twilio.KeyRotateParams{
		Save: func(context.Context, *twilio.Key) error { return full },
	}); !errors.Is(err, full) || !v.works(v.old) {
		t.Errorf("got %v", err)
	}
	key, err = v.rotate(t.Context(), v.srv.Client(), "")
	v.checkDone(key, err)
}

// TestRotateKeyGrace: both keys work until Grace is over, also when the rotation is
// stopped in between.
func TestRotateKeyGrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := newKeyVault(t, twiliotest.WithClock(time.Now))
		params := twilio.KeyRotateParams{Save: v.save, Grace: time.Hour}
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()
		if _, err := v.srv.Client().Keys.Rotate(ctx, v.old.SID, params); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if !v.works(v.old) || !v.works(v.saved) {
			t.Error("a key doesn't work during Grace")
		}
		params.Saved = v.saved.SID
		key, err := v.srv.Client().Keys.Rotate(t.Context(), v.old.SID, params)
		if took := time.Since(begin); took != time.Hour {
			t.Errorf("the old key went after %v", took)
		}
		v.checkDone(key, err)
	})
}

// TestRotateKeyOfUnknownAge: a saved key whose age Twilio doesn't say may be new.
func TestRotateKeyOfUnknownAge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		v := newKeyVault(t, twiliotest.WithClock(time.Now))
		v.saved = must(v.srv.Client().Keys.Create(t.Context(), twilio.KeyCreateParams{FriendlyName: "rotation of " + v.old.SID}))
		created := regexp.MustCompile(`"date_created":"[^"]*"`)
		v.srv.Inject(twiliotest.Fault{Method: "GET", Path: v.saved.SID, Rewrite: func(body string) string {
			return created.ReplaceAllString(body, `"date_created":null`)
		}})
		begin := time.Now()
		key, err := v.srv.Client().Keys.Rotate(t.Context(), v.old.SID, twilio.KeyRotateParams{Save: v.save, Saved: v.saved.SID, Grace: time.Hour})
		if took := time.Since(begin); took != time.Hour {
			t.Errorf("the old key went after %v", took)
		}
		v.checkDone(key, err)
	})
}

func TestRotateKeyRefusals(t *testing.T) {
	t.Parallel()
	w, c := newSilentAPI(t)
	save := func(context.Context, *twilio.Key) error { return nil }
	for field, params := range map[string]twilio.KeyRotateParams{
		"Save":  {},
		"Saved": {Save: save, Saved: keySID},
		"Grace": {Save: save, Grace: -1},
	} {
		_, err := c.Keys.Rotate(t.Context(), keySID, params)
		wantRefusal(t, w, err, "keys.rotate", field)
	}
	_, err := new(twilio.Client).Keys.Rotate(t.Context(), keySID, twilio.KeyRotateParams{Save: save})
	wantRefusal(t, w, err, "keys.rotate", "Client")
	_, err = c.Keys.Rotate(t.Context(), keySID, twilio.KeyRotateParams{Save: save, Saved: "ACcanary"})
	wantRefusal(t, w, err, "keys.rotate", "Saved", "canary")
}
