package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	twilio "github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// startSecure starts the program with a CA file, and returns the pool of it.
func startSecure(t *testing.T, args ...string) (*process, *x509.CertPool) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	p := start(t, append([]string{"-ca-file", file}, args...)...)
	pem, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatalf("no certificate in %s", pem)
	}
	return p, pool
}

// throughProxy is an HTTP client as HTTPS_PROXY makes it.
func throughProxy(t *testing.T, p *process, pool *x509.CertPool) *http.Client {
	t.Helper()
	proxy, err := url.Parse(p.ready.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func get(t *testing.T, client *http.Client, rawURL string) (int, string, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, rawURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

// A program that knows nothing of the fake reaches it through the proxy.
func TestProxyServesTwiliosHosts(t *testing.T) {
	t.Parallel()
	p, pool := startSecure(t)
	client, err := twilio.NewClient(twilio.AuthToken(p.ready.AccountSID, p.ready.AuthToken),
		twilio.WithHTTPClient(throughProxy(t, p, pool)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Accounts.Create(t.Context(), twilio.AccountCreateParams{FriendlyName: "Submarine"}); err != nil {
		t.Error(err)
	}
	if _, err := client.MessagingServices.List(t.Context(), twilio.MessagingServiceListParams{}); err != nil {
		t.Error(err)
	}
	for _, u := range []string{
		"https://api.dublin.ie1.twilio.com/2010-04-01/Accounts.json",
		"http://api.twilio.com/2010-04-01/Accounts.json", // without CONNECT
	} {
		if status, body, err := get(t, throughProxy(t, p, pool), u); status != 401 || !strings.Contains(body, `"code":20003`) || err != nil {
			t.Errorf("%s: %d %s %v", u, status, body, err)
		}
	}
}

func TestProxyRefusesOtherHosts(t *testing.T) {
	t.Parallel()
	p, pool := startSecure(t)
	proxied := throughProxy(t, p, pool)
	for _, host := range []string{"example.com", "twilio.com.example.com", "faketwilio.com", "api.twilio.com:8443", "127.0.0.1:1"} {
		if _, _, err := get(t, proxied, "https://"+host+"/"); err == nil || !strings.Contains(err.Error(), "Forbidden") {
			t.Errorf("CONNECT %s: %v", host, err)
		}
	}
	if status, body, err := get(t, proxied, "http://example.com/"); status != 403 || !strings.Contains(body, "NO_PROXY") || err != nil {
		t.Errorf("%d %s, %v", status, body, err)
	}
	for _, itself := range []string{p.ready.URL, strings.Replace(p.ready.URL, "127.0.0.1", "localhost", 1)} {
		if status, body, err := get(t, proxied, itself+"/_fake/health"); status != 200 || err != nil {
			t.Errorf("%s: %d %s, %v", itself, status, body, err)
		}
	}
}

// A fault that resets the connection does so below TLS, too.
func TestProxyResetsConnections(t *testing.T) {
	t.Parallel()
	p, pool := startSecure(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.ready.URL+"/_fake/faults?reset=before", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := new(http.Client).Do(r)
	if err != nil || response.StatusCode != http.StatusNoContent {
		t.Fatal(response, err)
	}
	_ = response.Body.Close()
	if _, _, err := get(t, throughProxy(t, p, pool), "https://api.twilio.com/"); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("got %v", err)
	}
}

func TestTLSFront(t *testing.T) {
	t.Parallel()
	p, pool := startSecure(t, "-tls-addr", "127.0.0.1:0")
	front, err := url.Parse(p.ready.TLSURL)
	if err != nil {
		t.Fatal(err)
	}
	dialer := new(net.Dialer)
	for _, host := range []string{"api.twilio.com", "numbers.twilio.com", "api.sydney.au1.twilio.com", "localhost", "127.0.0.1"} {
		conn, err := dialer.DialContext(t.Context(), "tcp", front.Host)
		if err != nil {
			t.Fatal(err)
		}
		secure := tls.Client(conn, &tls.Config{RootCAs: pool, ServerName: host, MinVersion: tls.VersionTLS12})
		if err := secure.HandshakeContext(t.Context()); err != nil {
			t.Errorf("%s: %v", host, err)
		}
		_ = secure.Close()
	}
	system := &http.Client{Transport: new(http.Transport)}
	if _, _, err := get(t, system, p.ready.TLSURL+"/_fake/health"); err == nil {
		t.Error("a client that doesn't trust the CA connects")
	}
}

// A CA file that is forgotten in a trust store vouches for no other site.
func TestCAVouchesForTwiliosHostsOnly(t *testing.T) {
	t.Parallel()
	ca, err := newAuthority()
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(ca.certificate)
	for host, want := range map[string]bool{"api.twilio.com": true, "localhost": true, "example.com": false} {
		signed, err := ca.sign(host)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(signed.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: host}); (err == nil) != want {
			t.Errorf("%s: %v", host, err)
		}
	}
}
