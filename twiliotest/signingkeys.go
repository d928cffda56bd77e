package twiliotest

// Signing keys are API keys by another path: both lists hold the same keys.
var signingKeyRoutes = []route{
	{"GET", "/SigningKeys", listKeys("signing_keys"), 200},
	{"POST", "/SigningKeys", notWithStandardKeys(createKey), 201},
	{"GET", "/SigningKeys/{Sid}", notWithStandardKeys(fetchKey), 200},
	{"POST", "/SigningKeys/{Sid}", notWithStandardKeys(updateKey), 200},
	{"DELETE", "/SigningKeys/{Sid}", notWithStandardKeys(deleteKey), 204},
}
