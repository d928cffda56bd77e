package main

import (
	"strings"
	"testing"
)

func TestSignUp(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), t.TempDir()+"/signup.db", &out); err != nil {
		t.Fatal(err)
	}
	const want = `acme     signed up
globex   signed up
acme     refused: nothing is set up for it
2 customers set up, 0 failed
acme     account true, number true, error <nil>
globex   account true, number true, error <nil>
`
	if out.String() != want {
		t.Errorf("got:\n%s", out.String())
	}
}
