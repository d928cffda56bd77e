module github.com/twilio-subaccounts/twilio-subaccounts-go

go 1.26.0

require (
	github.com/go-faster/jx v1.2.0
	github.com/google/go-querystring v1.2.0
	github.com/hashicorp/go-retryablehttp v0.7.8
	github.com/jarcoal/httpmock v1.4.2
	github.com/shopspring/decimal v1.6.0
)

require (
	github.com/go-faster/errors v0.7.1 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/segmentio/asm v1.2.1 // indirect
	golang.org/x/sys v0.20.0 // indirect
)
