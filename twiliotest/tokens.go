package twiliotest

import "strings"

var tokenRoutes = []route{
	{"POST", "/Tokens", createToken, 201},
}

// tokenTTL is how many seconds tokens are valid unless the caller says
// otherwise.
const tokenTTL = 86400

// A token is a user name and a password for STUN and TURN servers. Nothing in
// the API reads it, so that none is kept.
type token struct {
	AccountSID string      `json:"account_sid"`
	Created    timestamp   `json:"date_created"`
	Updated    timestamp   `json:"date_updated"`
	ICEServers []iceServer `json:"ice_servers"`
	Password   string      `json:"password"`
	TTL        intString   `json:"ttl"`
	Username   string      `json:"username"`
}

type iceServer struct {
	URL        string `json:"url"`
	URLs       string `json:"urls"`
	Username   string `json:"username,omitempty"`
	Credential string `json:"credential,omitempty"`
}

func createToken(rq *request) (any, *problem) {
	p := rq.params()
	ttl := p.int("Ttl", tokenTTL)
	switch {
	case p.prob != nil:
		return nil, p.prob
	case rq.account.Status == closed:
		return nil, rq.inactive(rq.account)
	}
	t := &token{
		AccountSID: rq.account.SID, Created: at(rq.now), Updated: at(rq.now),
		Password: rq.secret(), TTL: intString(ttl), Username: strings.ToLower(rq.secret()),
	}
	stun := "stun:global.stun.twilio.com:3478"
	t.ICEServers = []iceServer{{URL: stun, URLs: stun}}
	for _, address := range []string{"3478?transport=udp", "3478?transport=tcp", "443?transport=tcp"} {
		turn := "turn:global.turn.twilio.com:" + address
		t.ICEServers = append(t.ICEServers, iceServer{turn, turn, t.Username, t.Password})
	}
	return t, nil
}
