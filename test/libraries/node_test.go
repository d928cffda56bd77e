package libraries_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// A nodeCall is what node.js reads, and a nodeResult what it prints.
type (
	nodeCall struct {
		Base       string            `json:"base"`
		Account    string            `json:"account"`
		Token      string            `json:"token"`
		Expression string            `json:"expression"`
		Args       []string          `json:"args"`
		Params     map[string]string `json:"params"`
	}
	nodeResult struct {
		Error string
		SID   string
		Items int
	}
)

// TestNode runs where Node has the package twilio: NODE_PATH names the folder
// that npm has installed package.json into.
func TestNode(t *testing.T) {
	t.Parallel()
	if out, err := exec.CommandContext(t.Context(), "node", "-e", "require('twilio')").CombinedOutput(); err != nil {
		if os.Getenv("NODE_PATH") != "" {
			t.Fatalf("%v: %s", err, out)
		}
		t.Log("Node doesn't have the package twilio; install it and set NODE_PATH")
		return
	}
	all := calls(t)
	var input []nodeCall
	for _, c := range all {
		c.srv.Start()
		t.Cleanup(c.srv.Close)
		input = append(input, nodeCall{c.srv.URL, c.srv.AccountSID, c.srv.AuthToken, c.javaScript(), c.args, c.nodeParams()})
	}
	text, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "node.js")
	node.Stdin = bytes.NewReader(text)
	node.Env = append(node.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	out, err := node.CombinedOutput()
	var results []nodeResult
	if jsonErr := json.Unmarshal(out, &results); err != nil || jsonErr != nil || len(results) != len(all) {
		t.Fatalf("%v, %v: %s", err, jsonErr, out)
	}
	for i, c := range all {
		got := results[i]
		switch {
		case got.Error != "":
			t.Errorf("%s: client.%s: %s", c.ID, input[i].Expression, got.Error)
		case c.Verb() == "List" && got.Items == 0:
			t.Errorf("%s: an empty list", c.ID)
		case (c.Verb() == "Get" || c.Verb() == "Update") && got.SID != "" && got.SID != c.args[len(c.args)-1]:
			t.Errorf("%s: got %s, want %s", c.ID, got.SID, c.args[len(c.args)-1])
		}
	}
}

// nodeResources are the resources that Node's library doesn't name as their
// paths do.
var nodeResources = map[string]string{
	"CreateNewKey":            "api.v2010.accounts(client.accountSid).newKeys",
	"CreateNewSigningKey":     "api.v2010.accounts(client.accountSid).newSigningKeys",
	"CreateValidationRequest": "api.v2010.accounts(client.accountSid).validationRequests",

	"CreateSecondaryAuthToken": "accounts.v1.secondaryAuthToken()",
	"DeleteSecondaryAuthToken": "accounts.v1.secondaryAuthToken()",
	"PromoteAuthToken":         "accounts.v1.authTokenPromotion()",

	"CreateIAMKey": "iam.v1.newApiKey",
	"FetchIAMKey":  "iam.v1.apiKey(args[0])",
	"UpdateIAMKey": "iam.v1.apiKey(args[0])",
	"DeleteIAMKey": "iam.v1.apiKey(args[0])",
	"ListIAMKey":   "iam.v1.getApiKeys",

	"CloneBundle": "numbers.v2.bundleClone(args[0])",

	"FetchVoiceSettings":  "voice.v1.dialingPermissions.settings()",
	"UpdateVoiceSettings": "voice.v1.dialingPermissions.settings()",
}

var verbs = map[string]string{
	"Fetch": "fetch", "List": "list", "Create": "create", "Update": "update", "Delete": "remove",
	"Clone": "create", "Promote": "update",
}

// javaScript is the expression that makes the call, after "client.".
func (c call) javaScript() string {
	verb := verbs[regexp.MustCompile("^[A-Z][a-z]+").FindString(c.ID)]
	resource, ok := nodeResources[c.ID]
	if !ok {
		resource = c.nodeResource()
	}
	if verb == "remove" || verb == "fetch" {
		return resource + "." + verb + "()"
	}
	return resource + "." + verb + "(params)"
}

// nodeResource follows the path: /Calls/{sid} is calls(args[0]).
func (c call) nodeResource() string {
	resource, path := "api.v2010", strings.TrimPrefix(c.Template(), "/")
	if product, rest, ok := strings.Cut(strings.TrimPrefix(path, "https://"), ".twilio.com/"); ok {
		resource, path = product, rest
	} else if !c.IsRoot() {
		resource += ".accounts(client.accountSid)"
	}
	args := 0
	for segment := range strings.SplitSeq(path, "/") {
		switch {
		case strings.HasPrefix(segment, "{"):
			resource += fmt.Sprintf("(args[%d])", args)
			args++
		case segment != "SMS": // short codes aren't below it in Node
			resource += "." + lowerCamel(segment)
		}
	}
	return resource
}

// nodeParams are the form under the names that Node's library has for it.
func (c call) nodeParams() map[string]string {
	params := map[string]string{}
	for name := range c.form {
		params[lowerCamel(strings.NewReplacer("<", "Before", ">", "After").Replace(name))] = c.form.Get(name)
	}
	return params
}

// lowerCamel turns SIP into sip, IPAddresses into ipAddresses and Calls into
// calls.
func lowerCamel(name string) string {
	letters := []rune(name)
	for i := range letters {
		if i > 0 && i+1 < len(letters) && unicode.IsLower(letters[i+1]) || unicode.IsLower(letters[i]) {
			break
		}
		letters[i] = unicode.ToLower(letters[i])
	}
	return string(letters)
}
