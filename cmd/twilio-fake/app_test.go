package main

import (
	"net/http"
	"strings"
	"testing"
)

// Paths that a ServeMux would redirect get Twilio's JSON.
func TestUncleanPaths(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, path := range []string{"//2010-04-01/Accounts.json", "/2010-04-01//Accounts.json", "/2010-04-01/../2010-04-01/Accounts.json"} {
		if status, body := a.send(t, "GET", path, ""); status != 401 || !strings.Contains(body, `"code":20003`) {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

func TestControlIsNotOnTwiliosHosts(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	if status, body := a.send(t, "GET", "/_fake/health", "", "Host", "api.twilio.com"); status != 401 {
		t.Errorf("%d %s", status, body)
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for _, request := range []struct {
		method  string
		headers map[string]string
		status  int
	}{
		{"OPTIONS", map[string]string{"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}, 204},
		{"GET", map[string]string{"Origin": "https://example.com"}, 401},
		{"GET", nil, 401},
	} {
		r, err := http.NewRequestWithContext(t.Context(), request.method, a.url+"/2010-04-01/Accounts.json", nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range request.headers {
			r.Header.Set(name, value)
		}
		response, err := new(http.Client).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		header := response.Header
		if response.StatusCode != request.status || header.Get("Access-Control-Allow-Origin") != "*" ||
			!strings.Contains(header.Get("Access-Control-Allow-Headers"), "Authorization") ||
			!strings.Contains(header.Get("Access-Control-Allow-Methods"), "DELETE") {
			t.Errorf("%s: %d %v", request.method, response.StatusCode, header)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, a.url+"/_fake/requests", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := new(http.Client).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("other sites can read the control endpoints")
	}
}
