package twilio

import (
	"context"
	"errors"
	"time"
)

// KeyRotateParams are the parameters of [KeyService.Rotate].
type KeyRotateParams struct {
	// Save stores the new key, whose Secret can't be read again, for use from
	// then on. It is required, and is called before the old key is revoked.
	Save func(ctx context.Context, key *Key) error
	// Saved is the SID of the key that Save stored in an earlier run that
	// didn't finish. The rotation continues with it if it still exists;
	// otherwise it starts over with another key.
	Saved string
	// Grace is how long both keys work, counted from the call of Save or, with
	// Saved, from the creation of that key. Rotate waits for it before it
	// revokes the old key.
	Grace time.Duration
}

func (p KeyRotateParams) check(sid string) error {
	switch {
	case p.Save == nil:
		return &ParamError{Field: "Save", Reason: "is nil; pass a function that stores the new key"}
	case p.Saved == sid:
		return &ParamError{Field: "Saved", Reason: "is the key to revoke; pass the SID of the new key"}
	case p.Grace < 0:
		return &ParamError{Field: "Grace", Reason: "is negative; use 0 or more"}
	case p.Saved != "":
		return checkSID("Saved", p.Saved, "SK")
	default:
		return nil
	}
}

// Rotate replaces an API key: it creates another, has Save store it, waits for
// Grace, and revokes the old one. The new key gets the old one's FriendlyName
// at the end; until then its name is "rotation of" and the old key's SID. Keys
// of that name, whose secrets were lost in earlier runs, are revoked with the
// old key.
//
// You can run it again wherever it was stopped: until it is done, both the old
// key and the one that Save stored last work. If the old key is already gone
// and Saved exists, that is a success. Run one rotation of a key at a time. An
// error from Save is returned wrapped. The returned key has its Secret unless
// it is Saved.
//
// The new key is a standard key. Use [IAMKeyService.Create] to replace a
// restricted key, which would have more permissions than before, and Twilio's
// Console for a main key. The options apply to each request.
//
// See https://www.twilio.com/docs/iam/api-keys/key-resource-v2010.
func (s *KeyService) Rotate(ctx context.Context, sid string, params KeyRotateParams, opts ...RequestOption) (*Key, error) {
	const operation = "keys.rotate"
	if err := firstError(s.endpoint().ready(), checkSID("sid", sid, "SK"), params.check(sid), checkWorkflowOptions(opts)); err != nil {
		return nil, withOperation(operation, err)
	}
	key, isSaved, err := s.saved(ctx, params.Saved, opts)
	if err != nil {
		return nil, err
	}
	old, err := s.Get(ctx, sid, opts...)
	if errors.Is(err, ErrNotFound) && isSaved {
		return key, nil
	}
	if err != nil {
		return nil, err
	}
	name, wait := "rotation of "+sid, params.Grace
	if isSaved && !key.DateCreated.IsZero() {
		wait = min(wait, time.Until(key.DateCreated.Add(params.Grace)))
	}
	if !isSaved {
		if key, err = s.Create(ctx, KeyCreateParams{FriendlyName: name}, opts...); errors.Is(err, ErrOutcomeUnknown) {
			key, err = s.Create(ctx, KeyCreateParams{FriendlyName: name}, opts...) // deleteLost revokes the first, if there is one
		}
		if err != nil {
			return nil, err
		}
		if err := params.Save(ctx, key); err != nil {
			return nil, callbackError(operation, "Save", err)
		}
	}
	if wait > 0 {
		if err := pause(ctx, wait); err != nil {
			return nil, newTransportError(operation, s.endpoint().client.accountSID, err)
		}
	}
	if err := s.deleteLost(ctx, name, key.SID, opts); err != nil {
		return nil, err
	}
	renamed, err := s.Update(ctx, key.SID, KeyUpdateParams{FriendlyName: &old.FriendlyName}, opts...)
	if err != nil {
		return nil, err
	}
	renamed.Secret = key.Secret
	return valueOrError(renamed, s.Delete(ctx, sid, opts...))
}

// saved reads the key that an earlier run has saved, if there is one.
func (s *KeyService) saved(ctx context.Context, sid string, opts []RequestOption) (key *Key, found bool, err error) {
	if sid == "" {
		return nil, false, nil
	}
	key, err = s.Get(ctx, sid, opts...)
	if errors.Is(err, ErrNotFound) {
		return nil, false, nil
	}
	return key, err == nil, err
}

// deleteLost revokes the keys of a name, except for one.
func (s *KeyService) deleteLost(ctx context.Context, name, keep string, opts []RequestOption) error {
	var lost []string // deleting while the list is read would shift its pages
	for key, err := range s.All(ctx, KeyListParams{}, opts...) {
		if err != nil {
			return err
		}
		if key.FriendlyName == name && key.SID != keep {
			lost = append(lost, key.SID)
		}
	}
	return each(defaultConcurrency, len(lost), func(i int) error {
		if err := s.Delete(ctx, lost[i], opts...); !errors.Is(err, ErrNotFound) {
			return err
		}
		return nil
	})
}
