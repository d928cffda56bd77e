package twiliotest

var balanceRoutes = []route{
	{"GET", "/Balance", fetchBalance, 200},
}

// openingBalance is what the main account had before its first charge.
const openingBalance = "100.00"

// fetchBalance answers what is left after all that the family used. Subaccounts have no balance of their own: they spend
// the main account's.
func fetchBalance(rq *request) (any, *problem) {
	var balance money
	if rq.account.isMain() {
		spent := rq.used(rq.accounts.ordered, []period{{to: dayOf(rq.now)}})[0][totalPrice].price
		balance = dollars(openingBalance)
		balance.Decimal = balance.Decimal.Sub(spent)
	}
	return map[string]any{"account_sid": rq.account.SID, "balance": balance, "currency": "USD"}, nil
}
