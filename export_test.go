package twilio

// What tests outside of the package decode with.
var (
	Decode     = decode
	DecodePage = decodePage
	Allocated  = allocated
)

type (
	DecodeError = decodeError
	ErrorBody   = errorBody
)
