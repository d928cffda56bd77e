module github.com/twilio-subaccounts/twilio-subaccounts-go/examples/adaptivelimit

go 1.26.0

replace github.com/twilio-subaccounts/twilio-subaccounts-go => ../..

require (
	github.com/failsafe-go/failsafe-go v0.9.8
	github.com/twilio-subaccounts/twilio-subaccounts-go v0.0.0-00010101000000-000000000000
)

require (
	github.com/bits-and-blooms/bitset v1.24.4 // indirect
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	github.com/influxdata/tdigest v0.0.1 // indirect
	github.com/shopspring/decimal v1.6.0 // indirect
	golang.org/x/exp v0.0.0-20230116083435-1de6713980de // indirect
)
