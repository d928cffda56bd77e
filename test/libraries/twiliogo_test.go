package libraries_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	twiliogo "github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
)

// methodsOfProducts are the methods of twilio-go for the operations on other
// hosts than the API's, whose methods have the operations' names.
var methodsOfProducts = map[string]string{
	"CreateSecondaryAuthToken": "AccountsV1.CreateSecondaryAuthToken",
	"DeleteSecondaryAuthToken": "AccountsV1.DeleteSecondaryAuthToken",
	"PromoteAuthToken":         "AccountsV1.UpdateAuthTokenPromotion",

	"CreateIAMKey": "IamV1.CreateNewKey",
	"FetchIAMKey":  "IamV1.FetchKey",
	"UpdateIAMKey": "IamV1.UpdateKey",
	"DeleteIAMKey": "IamV1.DeleteKey",
	"ListIAMKey":   "IamV1.ListGetKeys",

	"CreateMessagingService":            "MessagingV1.CreateService",
	"FetchMessagingService":             "MessagingV1.FetchService",
	"UpdateMessagingService":            "MessagingV1.UpdateService",
	"DeleteMessagingService":            "MessagingV1.DeleteService",
	"ListMessagingService":              "MessagingV1.ListService",
	"CreateMessagingServicePhoneNumber": "MessagingV1.CreatePhoneNumber",
	"FetchMessagingServicePhoneNumber":  "MessagingV1.FetchPhoneNumber",
	"DeleteMessagingServicePhoneNumber": "MessagingV1.DeletePhoneNumber",
	"ListMessagingServicePhoneNumber":   "MessagingV1.ListPhoneNumber",
	"CreateMessagingServiceShortCode":   "MessagingV1.CreateShortCode",
	"FetchMessagingServiceShortCode":    "MessagingV1.FetchShortCode",
	"DeleteMessagingServiceShortCode":   "MessagingV1.DeleteShortCode",
	"ListMessagingServiceShortCode":     "MessagingV1.ListShortCode",
	"CreateMessagingServiceAlphaSender": "MessagingV1.CreateAlphaSender",
	"FetchMessagingServiceAlphaSender":  "MessagingV1.FetchAlphaSender",
	"DeleteMessagingServiceAlphaSender": "MessagingV1.DeleteAlphaSender",
	"ListMessagingServiceAlphaSender":   "MessagingV1.ListAlphaSender",

	"FetchBundle": "NumbersV2.FetchBundle",
	"ListBundle":  "NumbersV2.ListBundle",
	"CloneBundle": "NumbersV2.CreateBundleClone",

	"FetchVoiceSettings":  "VoiceV1.FetchDialingPermissionsSettings",
	"UpdateVoiceSettings": "VoiceV1.UpdateDialingPermissionsSettings",
}

func TestTwilioGo(t *testing.T) {
	t.Parallel()
	for _, c := range calls(t) {
		name := "Api." + c.ID
		if c.IsProduct() {
			name = methodsOfProducts[c.ID]
		}
		t.Run(c.ID, func(t *testing.T) {
			t.Parallel()
			service, method, _ := strings.Cut(name, ".")
			field := reflect.ValueOf(c.twilioGo()).Elem().FieldByName(service)
			if !field.IsValid() || !field.MethodByName(method).IsValid() {
				t.Fatalf("twilio-go has no method for %s", c.ID)
			}
			result, err := c.invoke(t, field.MethodByName(method))
			if err != nil {
				t.Fatal(err)
			}
			c.checkResult(t, result)
		})
	}
}

// twilioGo is a client for the call's fake.
func (c call) twilioGo() *twiliogo.RestClient {
	own := &client.Client{
		Credentials: client.NewCredentials(c.srv.AccountSID, c.srv.AuthToken),
		HTTPClient:  &http.Client{Transport: c.srv.Transport()},
	}
	own.SetAccountSid(c.srv.AccountSID)
	return twiliogo.NewRestClientWithParams(twiliogo.ClientParams{Client: own})
}

// invoke calls a method with the arguments of the path and a pointer to params,
// where it takes some.
func (c call) invoke(t *testing.T, method reflect.Value) (result reflect.Value, err error) {
	t.Helper()
	var in []reflect.Value
	args := c.args
	for param := range method.Type().Ins() {
		if param.Kind() == reflect.String {
			in = append(in, reflect.ValueOf(args[0]))
			args = args[1:]
			continue
		}
		params := reflect.New(param.Elem())
		c.fill(t, params.Elem())
		in = append(in, params)
	}
	out := method.Call(in)
	err, _ = reflect.TypeAssert[error](out[len(out)-1])
	return out[0], err
}

// fill sets the params that the form has.
func (c call) fill(t *testing.T, params reflect.Value) {
	t.Helper()
	left := len(c.form)
	for f, value := range params.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		name = strings.NewReplacer("&lt;", "<", "&gt;", ">").Replace(name)
		texts, ok := c.form[name]
		if !ok {
			continue
		}
		left--
		v := reflect.New(f.Type.Elem())
		value.Set(v)
		if v.Elem().Kind() == reflect.Slice {
			v.Elem().Set(reflect.ValueOf(texts))
			continue
		}
		var err error
		switch to := v.Interface().(type) {
		case *string:
			*to = texts[0]
		case *bool:
			*to, err = strconv.ParseBool(texts[0])
		case *int:
			*to, err = strconv.Atoi(texts[0])
		case *float32:
			_, err = fmt.Sscan(texts[0], to)
		case *time.Time:
			*to, err = time.Parse(time.DateOnly, texts[0])
		case *any:
			err = json.Unmarshal([]byte(texts[0]), to)
		default:
			t.Errorf("%s is a %T", name, to)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left > 0 {
		t.Errorf("twilio-go's %v doesn't have all of %v", params.Type(), c.form)
	}
}

// checkResult looks for the resource that the path names, or for items.
func (c call) checkResult(t *testing.T, result reflect.Value) {
	t.Helper()
	if result.Kind() == reflect.Slice {
		if result.Len() == 0 {
			t.Error("an empty list")
		}
		return
	}
	if result.Kind() != reflect.Pointer || len(c.args) == 0 {
		return
	}
	want := c.args[len(c.args)-1]
	sid := result.Elem().FieldByName("Sid")
	if verb := c.Verb(); (verb == "Get" || verb == "Update") && sid.IsValid() && sid.Elem().String() != want {
		t.Errorf("got %s, want %s", sid.Elem(), want)
	}
}
