package twilio

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxRedirects is how many redirects a download follows.
const maxRedirects = 5

// MediaInfo describes a file that was downloaded.
type MediaInfo struct {
	// ContentType is the MIME type, such as audio/mpeg.
	ContentType string
	// Bytes is how many bytes were written.
	Bytes int64
}

// download is a response's body on its way to a writer.
type download struct {
	to          io.Writer
	progress    func(written, total int64)
	contentType string
	isStarted   bool // to.Write was called, so that how much it received is unknown
	written     int64
}

// download writes a file to w. The extension takes the place of .json in the
// path.
func (e endpoint) download(ctx context.Context, verb string, params any, extension string, w io.Writer, opts []RequestOption, args ...string) (*MediaInfo, error) {
	r := e.request(verb, http.MethodGet, params, opts, args)
	if r.err == nil {
		r.url.Path = strings.TrimSuffix(r.url.Path, ".json") + extension
		if isNil(w) {
			r.err = &ParamError{Field: "w", Reason: "is nil; pass an io.Writer, such as a file"}
		}
	}
	d := &download{to: w, progress: r.config.progress}
	r.download = d
	if err := r.do(ctx, nil); err != nil {
		return nil, err
	}
	return &MediaInfo{ContentType: d.contentType, Bytes: d.written}, nil
}

// downloadError says how far a download got.
type downloadError struct {
	written int64
	cause   error
}

func (e *downloadError) Error() string {
	return "the download ended after " + strconv.FormatInt(e.written, 10) + " bytes: " + safeDescription(e.cause)
}

func (e *downloadError) Unwrap() error { return e.cause }

// copy writes a response's body as it arrives. It switches wait off while it
// writes, because a slow writer doesn't mean that the server is silent.
func (d *download) copy(res *http.Response, wait func(on bool)) error {
	d.contentType = res.Header.Get("Content-Type")
	buffer := make([]byte, 64<<10)
	for {
		n, err := res.Body.Read(buffer)
		if n > 0 {
			wait(false)
			d.isStarted = true
			written, writeErr := d.to.Write(buffer[:n])
			d.written += int64(min(max(0, written), n))
			if writeErr == nil && written != n {
				writeErr = io.ErrShortWrite
			}
			if writeErr != nil {
				return &downloadError{d.written, writeErr}
			}
			if d.progress != nil {
				d.progress(d.written, res.ContentLength)
			}
			wait(true)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && d.written > 0:
			return &downloadError{d.written, err}
		case err != nil:
			return err
		}
	}
}

// withCause replaces an error by the reason why a context ended, which caused
// it.
func withCause(err, cause error) error {
	if e, ok := err.(*downloadError); ok { //nolint:errorlint // our own, as it is
		return &downloadError{e.written, cause}
	}
	return cause
}

// idleTimeout returns a context that ends when the server has been silent for
// d. wait(true) restarts that time, wait(false) stops it.
func idleTimeout(ctx context.Context, d time.Duration) (idle context.Context, wait func(on bool), cancel func()) {
	idle, cancelCause := context.WithCancelCause(ctx)
	if d <= 0 {
		return idle, func(bool) {}, func() { cancelCause(nil) }
	}
	timer := time.AfterFunc(d, func() { cancelCause(context.DeadlineExceeded) })
	wait = func(on bool) {
		if timer.Stop(); on {
			timer.Reset(d)
		}
	}
	return idle, wait, func() { timer.Stop(); cancelCause(nil) }
}

// isPlainAllowed reports whether a redirect to plain http stays where the
// client may send plain requests: the host of its base URL, or this machine.
func isPlainAllowed(from, to *url.URL) bool {
	return from.Scheme == "http" && to.Scheme == "http" &&
		(from.Host == to.Host || isLoopback(from.Hostname()) && isLoopback(to.Hostname()))
}

// redirected follows the redirects of a download: to https, and without the
// credentials, which are for Twilio's hosts only.
func (t *transport) redirected(r *http.Request, res *http.Response) (*http.Response, error) {
	from := r.URL
	for followed := 0; ; followed++ {
		location := res.Header.Get("Location")
		if res.StatusCode < 301 || res.StatusCode > 308 || location == "" {
			return res, nil
		}
		_ = res.Body.Close()
		to, err := from.Parse(location)
		switch {
		case followed == maxRedirects:
			return nil, safeError("there are more than " + strconv.Itoa(maxRedirects) + " redirects; not followed")
		case err != nil:
			return nil, safeError("a redirect has a Location that isn't a URL; not followed")
		case to.User != nil:
			return nil, safeError("a redirect has credentials in its URL; not followed")
		case to.Scheme != "https" && !isPlainAllowed(from, to):
			return nil, safeError("a redirect leads away from https; not followed")
		}
		header := http.Header{"Accept": {"*/*"}, "User-Agent": r.Header["User-Agent"]}
		next := (&http.Request{Method: http.MethodGet, URL: to, Host: to.Host, Header: header}).WithContext(r.Context())
		if res, err = t.send(next); err != nil {
			return nil, err
		}
		from = to
	}
}
