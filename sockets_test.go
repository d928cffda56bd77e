package twilio_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// watch counts requests and connections.
type watch struct {
	base *http.Transport
	open atomic.Int64
	mu   sync.Mutex
	sent map[string]int
	host map[string]bool
}

func (w *watch) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	w.sent[r.Method]++
	w.host[r.URL.Host] = true
	w.mu.Unlock()
	return w.base.RoundTrip(r)
}

func (w *watch) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	w.open.Add(1)
	return watchedConn{conn, sync.OnceFunc(func() { w.open.Add(-1) })}, nil
}

type watchedConn struct {
	net.Conn
	closed func()
}

func (c watchedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

// eventually waits for something that is about to happen.
func eventually(happened func() bool) bool {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for range 2500 {
		if happened() {
			return true
		}
		<-tick.C
	}
	return happened()
}

// labelled returns the stacks of goroutines that descend from a mishap.
func labelled(name string) string {
	var b strings.Builder
	if err := pprof.Lookup("goroutine").WriteTo(&b, 1); err != nil {
		return err.Error()
	}
	var left []string
	for record := range strings.SplitSeq(b.String(), "\n\n") {
		if strings.Contains(record, fmt.Sprintf("%q:%q", "mishap", name)) {
			left = append(left, record)
		}
	}
	return strings.Join(left, "\n\n")
}
