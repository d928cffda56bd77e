// Package loopback has addresses of this machine. It is for tests only.
package loopback

import (
	"net"
	"testing"
)

// DeadAddress returns an address of this machine where nothing listens, and where
// nothing can until the test ends, because a connection has its port.
func DeadAddress(t *testing.T) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	near, err := new(net.Dialer).DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	far, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _, _ = near.Close(), far.Close(), l.Close()
	})
	return near.LocalAddr().String()
}
