package twiliotest

var balanceRoutes = []route{
	{"GET", "/Balance", fetchBalance, 200},
}

// openingBalance is the main account's balance before its first charge.
const openingBalance = "100.00"

// fetchBalance returns what is left after everything that the accounts used.
// Subaccounts have no balance of their own: they spend the main account's.
func fetchBalance(rq *request) (any, *problem) {
	var balance money
	if rq.account.isMain() {
		balance = usd(openingBalance)
		balance.Decimal = balance.Decimal.Sub(rq.spent)
	}
	return map[string]any{"account_sid": rq.account.SID, "balance": balance, "currency": "USD"}, nil
}
