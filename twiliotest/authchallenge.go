package twiliotest

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// authorize is the Authorization header with which a webhook responds to a
// challenge, or empty if it can't: Digest (RFC 2617) if it is offered, else
// Basic.
func authorize(challenges []string, user *url.Userinfo, r *http.Request) string {
	password, _ := user.Password()
	var basic string
	for _, challenge := range challenges {
		scheme, rest, _ := strings.Cut(challenge, " ")
		switch strings.ToLower(scheme) {
		case "digest":
			if header := digest(rest, user.Username(), password, r); header != "" {
				return header
			}
		case "basic":
			basic = "Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password))
		}
	}
	return basic
}

var digestParameter = regexp.MustCompile(`(\w+)=(?:"([^"]*)"|([^\s,]+))`)

// digest is the response to a Digest challenge, or empty if that asks for
// another algorithm than MD5.
func digest(challenge, user, password string, r *http.Request) string {
	asked := make(map[string]string)
	for _, match := range digestParameter.FindAllStringSubmatch(challenge, -1) {
		asked[strings.ToLower(match[1])] = match[2] + match[3]
	}
	if algorithm := asked["algorithm"]; algorithm != "" && !strings.EqualFold(algorithm, "MD5") {
		return ""
	}
	hash := func(parts ...string) string {
		sum := md5.Sum([]byte(strings.Join(parts, ":")))
		return hex.EncodeToString(sum[:])
	}
	uri := r.URL.RequestURI()
	secret, request := hash(user, asked["realm"], password), hash(r.Method, uri)
	header := `Digest username="` + user + `", realm="` + asked["realm"] + `", nonce="` + asked["nonce"] + `", uri="` + uri + `"`
	if asked["opaque"] != "" {
		header += `, opaque="` + asked["opaque"] + `"`
	}
	if asked["qop"] == "" {
		return header + `, response="` + hash(secret, asked["nonce"], request) + `"`
	}
	const count = "00000001"
	client := hash(asked["nonce"], uri)
	return header + `, qop=auth, nc=` + count + `, cnonce="` + client +
		`", response="` + hash(secret, asked["nonce"], count, client, "auth", request) + `"`
}
