// Package browsertest tests the page of twilio-fake in a browser. It is a module
// of its own, so that users of the library don't inherit chromedp.
package browsertest
