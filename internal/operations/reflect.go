package operations

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/twilio-subaccounts/twilio-subaccounts-go"
)

// Method returns a method of a client's services by its name, such as
// "Usage.Records.Daily.List". The value is invalid if there is none.
func Method(c *twilio.Client, name string) reflect.Value {
	service, method := find(c, name)
	return service.MethodByName(method)
}

func find(c *twilio.Client, name string) (service reflect.Value, method string) {
	service = reflect.ValueOf(c)
	path := strings.Split(name, ".")
	for _, field := range path[:len(path)-1] {
		service = service.Elem().FieldByName(field)
	}
	return service, path[len(path)-1]
}

// NilMethod returns a method of a service of a zero client, which is nil.
func NilMethod(name string) reflect.Value {
	service, method := find(client, name)
	return reflect.Zero(service.Type()).MethodByName(method)
}

// HasMethod reports whether a client's services have a method of that name.
func HasMethod(name string) bool { return Method(client, name).IsValid() }

// MethodType returns the type of a method of a client's services.
func MethodType(name string) reflect.Type { return Method(client, name).Type() }

// MethodNames returns the names of the methods of all services.
func MethodNames() []string {
	var names []string
	var walk func(v reflect.Value, prefix string)
	walk = func(v reflect.Value, prefix string) {
		for field, value := range v.Elem().Fields() {
			if !field.IsExported() {
				continue
			}
			for method := range value.Methods() {
				names = append(names, prefix+field.Name+"."+method.Name)
			}
			walk(value, prefix+field.Name+".")
		}
	}
	walk(reflect.ValueOf(client), "")
	return names
}

// Invoke calls a method with a context, the strings it takes, and params, or
// their zero value if params are invalid or of another type. What it writes is
// discarded. The result of an iterator is a slice of what it yielded.
func Invoke(ctx context.Context, method reflect.Value, args []string, params reflect.Value) (result any, err error) {
	var in []reflect.Value
	for t := range method.Type().Ins() {
		switch {
		case t == reflect.TypeFor[context.Context]():
			in = append(in, reflect.ValueOf(&ctx).Elem())
		case t == reflect.TypeFor[[]twilio.RequestOption](), t == reflect.TypeFor[[]twilio.EndAllOption](): // none
		case t == reflect.TypeFor[io.Writer]():
			in = append(in, reflect.ValueOf(io.Discard))
		case t.Kind() == reflect.String && len(args) > 0:
			in = append(in, reflect.ValueOf(args[0]))
			args = args[1:]
		case params.IsValid() && t == params.Type():
			in = append(in, params)
		default:
			in = append(in, reflect.Zero(t))
		}
	}
	out := method.Call(in)
	if seq := out[0]; seq.Kind() == reflect.Func {
		var items []any
		for item, e := range seq.Seq2() {
			items = append(items, item.Interface())
			err, _ = reflect.TypeAssert[error](e)
		}
		return items, err
	}
	err, _ = reflect.TypeAssert[error](out[len(out)-1])
	return out[0].Interface(), err
}

// lateEvening is a time whose day in UTC is the next one.
var lateEvening = time.Date(2026, time.March, 1, 23, 30, 0, 0, time.FixedZone("", -5*60*60))

// Fill returns params with every field set, to values that pass the checks and
// that a form must escape.
func Fill(t reflect.Type) reflect.Value {
	params := reflect.New(t).Elem()
	for field, value := range params.Fields() {
		if value.Kind() == reflect.Pointer {
			value.Set(reflect.New(field.Type.Elem()))
			value = value.Elem()
			if value.Kind() == reflect.Bool {
				continue // a pointer to false is what a plain bool can't say
			}
		}
		switch {
		case value.Type() == reflect.TypeFor[time.Time]():
			at := lateEvening
			if strings.HasSuffix(field.Name, "Before") {
				at = at.AddDate(0, 0, 2)
			}
			value.Set(reflect.ValueOf(at))
		case value.Type() == reflect.TypeFor[twilio.IAMPolicy]():
			value.Set(reflect.ValueOf(twilio.IAMPolicy{Allow: []string{"/twilio/a+&=%/read"}}))
		case value.Type() == reflect.TypeFor[twilio.Secret]():
			value.Set(reflect.ValueOf(twilio.NewSecret("a Secret 1 +&=%<é")))
		case field.Name == "AccountSID" || field.Name == "TargetAccountSID":
			value.SetString("AC00000000000000000000000000000002")
		case field.Name == "PhoneNumberSID":
			value.SetString("PN00000000000000000000000000000002")
		case field.Name == "ShortCodeSID":
			value.SetString("SC00000000000000000000000000000002")
		case field.Name == "ISOCountry":
			value.SetString("US")
		case value.Kind() == reflect.String:
			value.SetString("a " + field.Name + " +&=%<é")
		case value.Kind() == reflect.Bool:
			value.SetBool(true)
		case field.Name == "CIDRPrefixLength":
			value.SetInt(24)
		case value.CanInt():
			value.SetInt(42)
		case value.CanFloat():
			value.SetFloat(0.25)
		case value.Kind() == reflect.Slice && value.Type().Elem().Kind() == reflect.String:
			for _, text := range []string{"b " + field.Name, "a&" + field.Name} {
				value.Set(reflect.Append(value, reflect.ValueOf(text).Convert(value.Type().Elem())))
			}
		case value.Type() == reflect.TypeFor[decimal.NullDecimal]():
			value.Set(reflect.ValueOf(decimal.NewNullDecimal(decimal.New(1250, -2))))
		case value.Type() == reflect.TypeFor[map[string]string]():
			entries := map[string]string{}
			for i := range 99 { // as many as a request can have
				entries[fmt.Sprintf("%02d %s &=é", i, field.Name)] = fmt.Sprintf("%d +%%<", i)
			}
			value.Set(reflect.ValueOf(entries))
		default:
			panic(fmt.Sprintf("operations: %v.%s: say how to fill a %v", t, field.Name, field.Type))
		}
	}
	return params
}
