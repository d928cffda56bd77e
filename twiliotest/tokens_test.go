package twiliotest_test

import "testing"

func TestTokens(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	first, second := a.post(a.main("/Tokens.json")).ok(), a.post(a.main("/Tokens.json"), "Ttl", "60").ok()
	wants(t, first, "ttl", "86400")
	wants(t, second, "ttl", "60")
	if first["password"] == second["password"] || first["username"] == second["username"] {
		t.Error("two tokens are the same")
	}
	turn := second["ice_servers"].([]any)[1].(object)
	wants(t, turn, "username", second["username"], "credential", second["password"])
	a.post(a.main("/Tokens.json"), "Ttl", "soon").fails(400, 20001)
}
