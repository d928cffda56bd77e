package twilio

// encoding/json can read every resource, from Twilio's own JSON, whose dates
// and numbers it doesn't know by itself, and from the output of json.Marshal.
// Responses aren't read this way: package lenient reads them field by field.

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (a *Account) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (a *AccountAuthToken) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (e *AddOnExtension) UnmarshalJSON(data []byte) error { return unmarshal(data, e) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (p *AddOnPayload) UnmarshalJSON(data []byte) error { return unmarshal(data, p) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (r *AddOnResult) UnmarshalJSON(data []byte) error { return unmarshal(data, r) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (a *Address) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (a *Application) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (a *AssignedAddOn) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (a *AuthorizedConnectApp) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (n *AvailablePhoneNumber) UnmarshalJSON(data []byte) error { return unmarshal(data, n) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (c *AvailablePhoneNumberCountry) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (b *Balance) UnmarshalJSON(data []byte) error { return unmarshal(data, b) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (b *Bundle) UnmarshalJSON(data []byte) error { return unmarshal(data, b) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (c *Call) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (e *CallLogEntry) UnmarshalJSON(data []byte) error { return unmarshal(data, e) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (c *Conference) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (a *ConnectApp) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (n *DependentPhoneNumber) UnmarshalJSON(data []byte) error { return unmarshal(data, n) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (i *IAMKey) UnmarshalJSON(data []byte) error { return unmarshal(data, i) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (n *IncomingPhoneNumber) UnmarshalJSON(data []byte) error { return unmarshal(data, n) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (k *Key) UnmarshalJSON(data []byte) error { return unmarshal(data, k) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *Media) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *Message) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (f *MessageFeedback) UnmarshalJSON(data []byte) error { return unmarshal(data, f) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *MessagingService) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *MessagingServiceAlphaSender) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *MessagingServicePhoneNumber) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *MessagingServiceShortCode) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (n *Notification) UnmarshalJSON(data []byte) error { return unmarshal(data, n) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (id *OutgoingCallerID) UnmarshalJSON(data []byte) error { return unmarshal(data, id) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (p *Participant) UnmarshalJSON(data []byte) error { return unmarshal(data, p) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (p *Payment) UnmarshalJSON(data []byte) error { return unmarshal(data, p) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (q *Queue) UnmarshalJSON(data []byte) error { return unmarshal(data, q) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *QueueMember) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (t *RealtimeTranscription) UnmarshalJSON(data []byte) error { return unmarshal(data, t) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (r *Recording) UnmarshalJSON(data []byte) error { return unmarshal(data, r) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (c *SIPCredential) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (l *SIPCredentialList) UnmarshalJSON(data []byte) error { return unmarshal(data, l) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *SIPCredentialListMapping) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (d *SIPDomain) UnmarshalJSON(data []byte) error { return unmarshal(data, d) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (l *SIPIPAccessControlList) UnmarshalJSON(data []byte) error { return unmarshal(data, l) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *SIPIPAccessControlListMapping) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (a *SIPIPAddress) UnmarshalJSON(data []byte) error { return unmarshal(data, a) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (c *ShortCode) UnmarshalJSON(data []byte) error { return unmarshal(data, c) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (k *SigningKey) UnmarshalJSON(data []byte) error { return unmarshal(data, k) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (s *Siprec) UnmarshalJSON(data []byte) error { return unmarshal(data, s) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (s *Stream) UnmarshalJSON(data []byte) error { return unmarshal(data, s) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (t *Token) UnmarshalJSON(data []byte) error { return unmarshal(data, t) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (t *Transcription) UnmarshalJSON(data []byte) error { return unmarshal(data, t) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (r *UsageRecord) UnmarshalJSON(data []byte) error { return unmarshal(data, r) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (t *UsageTrigger) UnmarshalJSON(data []byte) error { return unmarshal(data, t) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (m *UserDefinedMessage) UnmarshalJSON(data []byte) error { return unmarshal(data, m) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (s *UserDefinedMessageSubscription) UnmarshalJSON(data []byte) error { return unmarshal(data, s) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (r *ValidationRequest) UnmarshalJSON(data []byte) error { return unmarshal(data, r) }

// UnmarshalJSON reads Twilio's JSON, or that of json.Marshal. Fields that make
// no sense are left zero and are a [*DecodeError].
func (v *VoiceSettings) UnmarshalJSON(data []byte) error { return unmarshal(data, v) }
