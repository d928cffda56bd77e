package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README's first program in each other language runs on the fake, wherever
// that language is installed.
func TestProgramsOfTheReadmeInOtherLanguages(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	p := start(t)
	for _, language := range []struct {
		block string
		run   []string // reads the program from its input
		check []string // succeeds where the language has what the program needs
	}{
		{"js", []string{"node", "--input-type=module"},
			[]string{"node", "-e", "process.exit(globalThis.fetch ? 0 : 1)"}},
		{"python", []string{"python3", "-"}, []string{"python3", "-c", ""}},
		{"ruby", []string{"ruby", "-"}, []string{"ruby", "-e", ""}},
		{"php", []string{"php"},
			[]string{"php", "-r", "exit((int) !extension_loaded('curl'));"}},
	} {
		block := regexp.MustCompile("(?s)\n```" + language.block + "\n(.*?)```\n").
			FindStringSubmatch(string(readme))
		if block == nil {
			t.Errorf("the README has no program in %s", language.block)
			continue
		}
		check := exec.CommandContext(t.Context(), language.check[0], language.check[1:]...)
		if check.Run() != nil {
			t.Logf("%s isn't installed", language.block)
			continue
		}
		cmd := exec.CommandContext(t.Context(), language.run[0], language.run[1:]...)
		cmd.Stdin = strings.NewReader(block[1])
		cmd.Env = append(cmd.Environ(), "TWILIO_BASE_URL="+p.ready.URL,
			"TWILIO_ACCOUNT_SID="+p.ready.AccountSID,
			"TWILIO_AUTH_TOKEN="+p.ready.AuthToken,
			"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
		out, err := cmd.CombinedOutput()
		if err != nil || strings.TrimSpace(string(out)) != "201 Submarine" {
			t.Errorf("%s: %v, printed %s", language.block, err, out)
		}
	}
}

// The README's programs that know nothing of the fake reach it through the
// proxy, wherever what they need is installed.
func TestProxyOfTheReadmeInOtherLanguages(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	curl := regexp.MustCompile("(?s)\n```sh\nexport HTTPS_PROXY=[^\n]+\n(curl --cacert .*?)```\n").FindStringSubmatch(string(readme))
	if curl == nil {
		t.Fatal("the README has no curl command with a proxy")
	}
	ca := filepath.Join(t.TempDir(), "ca.pem")
	p := start(t, "-ca-file", ca)
	for _, program := range []struct {
		name  string
		run   []string
		input string
		env   []string
		check []string
	}{
		{"curl", []string{"sh"}, curl[1], []string{"HTTPS_PROXY=" + p.ready.URL}, []string{"curl", "--version"}},
		{"Twilio's Node library", []string{"node"}, nodeLibrary,
			[]string{"HTTP_PROXY=" + p.ready.URL, "NODE_EXTRA_CA_CERTS=" + ca}, []string{"node", "-e", "require('twilio')"}},
		{"Twilio's Python library", []string{"/usr/bin/python3", "-"}, pythonLibrary,
			[]string{"HTTPS_PROXY=" + p.ready.URL}, []string{"/usr/bin/python3", "-c", "import twilio"}},
		{"urllib", []string{"python3", "-"}, pythonStandard,
			[]string{"https_proxy=" + p.ready.URL, "SSL_CERT_FILE=" + ca}, []string{"python3", "-c", ""}},
		{"Net::HTTP", []string{"ruby", "-"}, ruby,
			[]string{"http_proxy=" + p.ready.URL, "SSL_CERT_FILE=" + ca}, []string{"ruby", "-e", ""}},
		{"PHP", []string{"php", "-d", "curl.cainfo=" + ca}, php,
			[]string{"HTTPS_PROXY=" + p.ready.URL}, []string{"php", "-r", "exit((int) !extension_loaded('curl'));"}},
	} {
		if exec.CommandContext(t.Context(), program.check[0], program.check[1:]...).Run() != nil {
			t.Logf("%s isn't installed", program.name)
			continue
		}
		cmd := exec.CommandContext(t.Context(), program.run[0], program.run[1:]...)
		cmd.Stdin = strings.NewReader(program.input)
		cmd.Dir = filepath.Dir(ca)
		for _, variable := range os.Environ() {
			if name, _, _ := strings.Cut(variable, "="); !strings.HasSuffix(strings.ToLower(name), "_proxy") {
				cmd.Env = append(cmd.Env, variable)
			}
		}
		cmd.Env = append(append(cmd.Env, program.env...), "TWILIO_ACCOUNT_SID="+p.ready.AccountSID, "TWILIO_AUTH_TOKEN="+p.ready.AuthToken)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "Submarine") {
			t.Errorf("%s: %v, printed %s", program.name, err, out)
		}
	}
}

const (
	nodeLibrary = `
const client = require("twilio")(process.env.TWILIO_ACCOUNT_SID, process.env.TWILIO_AUTH_TOKEN);
client.api.accounts.create({ friendlyName: "Submarine" }).then((account) => console.log(account.friendlyName));
`
	pythonLibrary = `
import os
from twilio.rest import Client

client = Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
client.http_client.session.verify = "ca.pem"
print(client.api.accounts.create(friendly_name="Submarine").friendly_name)
`
	pythonStandard = `
import base64, os, urllib.request

credentials = os.environ["TWILIO_ACCOUNT_SID"] + ":" + os.environ["TWILIO_AUTH_TOKEN"]
request = urllib.request.Request(
    "https://api.twilio.com/2010-04-01/Accounts.json",
    data=b"FriendlyName=Submarine",
    headers={"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()},
)
print(urllib.request.urlopen(request).read().decode())
`
	ruby = `
require "net/http"
uri = URI("https://api.twilio.com/2010-04-01/Accounts.json")
request = Net::HTTP::Post.new(uri)
request.basic_auth(ENV["TWILIO_ACCOUNT_SID"], ENV["TWILIO_AUTH_TOKEN"])
request.set_form_data("FriendlyName" => "Submarine")
puts Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(request) }.body
`
	php = `<?php
$request = curl_init("https://api.twilio.com/2010-04-01/Accounts.json");
curl_setopt($request, CURLOPT_USERPWD, getenv("TWILIO_ACCOUNT_SID") . ":" . getenv("TWILIO_AUTH_TOKEN"));
curl_setopt($request, CURLOPT_POSTFIELDS, "FriendlyName=Submarine");
curl_exec($request) or exit(curl_error($request));
`
)
