package twiliotest

var assignedAddOnRoutes = []route{
	{"GET", "/IncomingPhoneNumbers/{ResourceSid}/AssignedAddOns", listAddOns, 200},
	{"POST", "/IncomingPhoneNumbers/{ResourceSid}/AssignedAddOns", createAddOn, 201},
	{"GET", "/IncomingPhoneNumbers/{ResourceSid}/AssignedAddOns/{Sid}", fetchAddOn, 200},
	{"DELETE", "/IncomingPhoneNumbers/{ResourceSid}/AssignedAddOns/{Sid}", deleteAddOn, 204},
	{"GET", "/IncomingPhoneNumbers/{ResourceSid}/AssignedAddOns/{AssignedAddOnSid}/Extensions", listExtensions, 200},
	{"GET", "/IncomingPhoneNumbers/{ResourceSid}/AssignedAddOns/{AssignedAddOnSid}/Extensions/{Sid}", fetchExtension, 200},
}

// An addOn is an installed add-on that is assigned to a number. The server
// knows no installations and takes any SID for one.
type addOn struct {
	record
	Configuration map[string]any `json:"configuration"`
	Description   string         `json:"description"`
	FriendlyName  string         `json:"friendly_name"`
	UniqueName    string         `json:"unique_name"`

	number     *number
	extensions collection[*addOnExtension]
}

func (a *addOn) path() string { return a.number.path() + "/AssignedAddOns/" + a.SID }

func (a *addOn) wire() any {
	return &struct {
		*addOn
		AccountSID      string       `json:"account_sid"`
		ResourceSID     string       `json:"resource_sid"`
		SubresourceURIs subresources `json:"subresource_uris"`
		URI             string       `json:"uri"`
	}{a, a.number.AccountSID, a.number.SID, subresources{a.path(), addOnSubresources}, a.path() + ".json"}
}

var addOnSubresources = []subresource{{"extensions", "/Extensions.json"}}

// An addOnExtension is a product that an add-on handles.
type addOnExtension struct {
	record
	Enabled      bool   `json:"enabled"`
	FriendlyName string `json:"friendly_name"`
	ProductName  string `json:"product_name"`
	UniqueName   string `json:"unique_name"`

	addOn *addOn
}

func (e *addOnExtension) wire() any {
	return &struct {
		*addOnExtension
		AccountSID       string `json:"account_sid"`
		AssignedAddOnSID string `json:"assigned_add_on_sid"`
		ResourceSID      string `json:"resource_sid"`
		URI              string `json:"uri"`
	}{
		e, e.addOn.number.AccountSID, e.addOn.SID, e.addOn.number.SID,
		e.addOn.path() + "/Extensions/" + e.SID + ".json",
	}
}

func lookupNumber(rq *request) (*number, *problem) { return lookupBy[*number](rq, "ResourceSid") }

// lookupAddOn finds the add-on that a placeholder of the path names.
func lookupAddOn(rq *request, placeholder string) (*addOn, *problem) {
	n, prob := lookupNumber(rq)
	if prob != nil {
		return nil, prob
	}
	a, ok := n.addOns.get(rq.vars[placeholder])
	if !ok {
		return nil, rq.notFound()
	}
	return a, nil
}

func listAddOns(rq *request) (any, *problem) {
	n, prob := lookupNumber(rq)
	if prob != nil {
		return nil, prob
	}
	return page(rq, "assigned_add_ons", &n.addOns, all, (*addOn).wire)
}

func createAddOn(rq *request) (any, *problem) {
	n, prob := lookupNumber(rq)
	if prob != nil {
		return nil, prob
	}
	p := rq.params()
	p.required("InstalledAddOnSid", 20001)
	installed := p.sid("InstalledAddOnSid", "XE", 20001)
	if p.prob != nil {
		return nil, p.prob
	}
	a := &addOn{
		Configuration: map[string]any{},
		Description:   "An add-on of the marketplace",
		FriendlyName:  "Add-on",
		UniqueName:    "add_on_" + installed[len(installed)-4:],
		number:        n,
	}
	rq.initRecord(&a.record, "XE")
	for _, e := range []*addOnExtension{
		{FriendlyName: "Incoming Voice Call", ProductName: "Programmable Voice", UniqueName: "voice-incoming"},
		{FriendlyName: "Incoming SMS Message", ProductName: "Programmable Messaging", UniqueName: "sms-incoming"},
	} {
		e.Enabled, e.addOn = true, a
		rq.initRecord(&e.record, "XF")
		a.extensions.add(e)
	}
	n.addOns.add(a)
	return a.wire(), nil
}

func fetchAddOn(rq *request) (any, *problem) {
	a, prob := lookupAddOn(rq, "Sid")
	if prob != nil {
		return nil, prob
	}
	return a.wire(), nil
}

func deleteAddOn(rq *request) (any, *problem) {
	a, prob := lookupAddOn(rq, "Sid")
	if prob != nil {
		return nil, prob
	}
	a.number.addOns.remove(a)
	return nil, nil
}

func listExtensions(rq *request) (any, *problem) {
	a, prob := lookupAddOn(rq, "AssignedAddOnSid")
	if prob != nil {
		return nil, prob
	}
	return page(rq, "extensions", &a.extensions, all, (*addOnExtension).wire)
}

func fetchExtension(rq *request) (any, *problem) {
	a, prob := lookupAddOn(rq, "AssignedAddOnSid")
	if prob != nil {
		return nil, prob
	}
	e, ok := a.extensions.get(rq.vars["Sid"])
	if !ok {
		return nil, rq.notFound()
	}
	return e.wire(), nil
}
