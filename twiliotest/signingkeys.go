package twiliotest

// Signing keys are API keys by another path: both lists hold the same keys.
var signingKeyRoutes = []route{
	{"GET", "/SigningKeys", listKeys("signing_keys"), 200},
	{"POST", "/SigningKeys", notWithKeys(createKey), 201},
	{"GET", "/SigningKeys/{Sid}", notWithKeys(fetch[*key]), 200},
	{"POST", "/SigningKeys/{Sid}", notWithKeys(updateKey), 200},
	{"DELETE", "/SigningKeys/{Sid}", notWithKeys(deleteKey), 204},
}
