package twilio

import (
	"reflect"
	"runtime"
	"slices"
)

// Encode turns params into a form.
var Encode = encode

// Allocated returns how many bytes a function allocates.
func Allocated(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// ListMembers returns the names of the members that hold the items of lists, as
// the routes of a client's services say.
func ListMembers(c *Client) []string {
	var members []string
	var walk func(service reflect.Value)
	walk = func(service reflect.Value) {
		for field, value := range service.Elem().Fields() {
			switch {
			case field.IsExported():
				walk(value)
			case field.Type == reflect.TypeFor[endpoint]():
				members = append(members, value.FieldByName("list").String())
			}
		}
	}
	walk(reflect.ValueOf(c))
	slices.Sort(members)
	return slices.DeleteFunc(slices.Compact(members), func(name string) bool { return name == "" })
}
