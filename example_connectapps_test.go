package twilio_test

import (
	"context"
	"fmt"
	"log"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
	"github.com/twilio-subaccounts/twilio-subaccounts-go/twiliotest"
)

func ExampleConnectAppService_Update() {
	srv := twiliotest.NewUnstartedServer()
	app := srv.AddConnectApp(srv.AccountSID, twilio.ConnectApp{FriendlyName: "Submarine"})
	app, err := srv.Client().ConnectApps.Update(context.Background(), app.SID, twilio.ConnectAppUpdateParams{
		CompanyName: new("Nautilus"),
		Permissions: []twilio.ConnectAppPermission{twilio.ConnectAppPermissionGetAll},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(app.FriendlyName, app.CompanyName, app.Permissions)
	// Output: Submarine Nautilus [get-all]
}

// Who may act in the account?
func ExampleAuthorizedConnectAppService_All() {
	srv := twiliotest.NewUnstartedServer()
	srv.AddAuthorizedConnectApp(srv.AccountSID, twilio.AuthorizedConnectApp{
		ConnectAppCompanyName: "Nautilus",
		Permissions:           []twilio.ConnectAppPermission{twilio.ConnectAppPermissionGetAll, twilio.ConnectAppPermissionPostAll},
	})
	for app, err := range srv.Client().AuthorizedConnectApps.All(context.Background(), twilio.AuthorizedConnectAppListParams{}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(app.ConnectAppCompanyName, app.Permissions)
	}
	// Output: Nautilus [get-all post-all]
}
