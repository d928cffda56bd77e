package twilio

// bound is a client with all of its services, in one allocation: Subaccount and
// WithCredentials make a new one.
type bound struct {
	Client

	accounts                                   AccountService
	addresses                                  AddressService
	dependentPhoneNumbers                      DependentPhoneNumberService
	applications                               ApplicationService
	authorizedConnectApps                      AuthorizedConnectAppService
	availablePhoneNumbers                      AvailablePhoneNumberService
	availableLocal                             AvailablePhoneNumberKindService
	availableMachineToMachine                  AvailablePhoneNumberKindService
	availableMobile                            AvailablePhoneNumberKindService
	availableNational                          AvailablePhoneNumberKindService
	availableSharedCost                        AvailablePhoneNumberKindService
	availableTollFree                          AvailablePhoneNumberKindService
	availableVoip                              AvailablePhoneNumberKindService
	balance                                    BalanceService
	calls                                      CallService
	callEvents                                 CallEventService
	callNotifications                          CallNotificationService
	callRecordings                             CallRecordingService
	payments                                   PaymentService
	siprec                                     SiprecService
	streams                                    StreamService
	realtimeTranscriptions                     RealtimeTranscriptionService
	userDefinedMessages                        UserDefinedMessageService
	userDefinedMessageSubscriptions            UserDefinedMessageSubscriptionService
	conferences                                ConferenceService
	conferenceRecordings                       ConferenceRecordingService
	participants                               ParticipantService
	connectApps                                ConnectAppService
	incomingPhoneNumbers                       IncomingPhoneNumberService
	assignedAddOns                             AssignedAddOnService
	addOnExtensions                            AddOnExtensionService
	incomingLocal                              IncomingPhoneNumberKindService
	incomingMobile                             IncomingPhoneNumberKindService
	incomingTollFree                           IncomingPhoneNumberKindService
	keys                                       KeyService
	messages                                   MessageService
	media                                      MediaService
	messageFeedback                            MessageFeedbackService
	notifications                              NotificationService
	outgoingCallerIDs                          OutgoingCallerIDService
	queues                                     QueueService
	queueMembers                               QueueMemberService
	recordings                                 RecordingService
	recordingTranscriptions                    RecordingTranscriptionService
	addOnResults                               AddOnResultService
	addOnPayloads                              AddOnPayloadService
	shortCodes                                 ShortCodeService
	signingKeys                                SigningKeyService
	tokens                                     TokenService
	transcriptions                             TranscriptionService
	usage                                      UsageService
	usageRecords                               UsageRecordService
	usageRecordsAllTime                        UsageRecordPeriodService
	usageRecordsDaily                          UsageRecordPeriodService
	usageRecordsLastMonth                      UsageRecordPeriodService
	usageRecordsMonthly                        UsageRecordPeriodService
	usageRecordsThisMonth                      UsageRecordPeriodService
	usageRecordsToday                          UsageRecordPeriodService
	usageRecordsYearly                         UsageRecordPeriodService
	usageRecordsYesterday                      UsageRecordPeriodService
	usageTriggers                              UsageTriggerService
	authTokens                                 AuthTokenService
	iam                                        IAMService
	iamKeys                                    IAMKeyService
	messagingServices                          MessagingServiceService
	messagingPhoneNumbers                      MessagingServicePhoneNumberService
	messagingShortCodes                        MessagingServiceShortCodeService
	messagingAlphaSenders                      MessagingServiceAlphaSenderService
	regulatory                                 RegulatoryService
	bundles                                    BundleService
	voiceSettings                              VoiceSettingsService
	sip                                        SIPService
	sipDomains                                 SIPDomainService
	sipCredentialListMappings                  SIPCredentialListMappingService
	sipIPAccessControlListMappings             SIPIPAccessControlListMappingService
	sipAuth                                    SIPDomainAuthService
	sipAuthCalls                               SIPAuthCallsService
	sipAuthCallsCredentialListMappings         SIPCredentialListMappingService
	sipAuthCallsIPAccessControlListMappings    SIPIPAccessControlListMappingService
	sipAuthRegistrations                       SIPAuthRegistrationsService
	sipAuthRegistrationsCredentialListMappings SIPCredentialListMappingService
	sipCredentialLists                         SIPCredentialListService
	sipCredentials                             SIPCredentialService
	sipIPAccessControlLists                    SIPIPAccessControlListService
	sipIPAddresses                             SIPIPAddressService
}

func newClient(shared *shared, cred Credentials, authorization func() string, accountSID string) *Client {
	b := &bound{Client: Client{shared: shared, credentials: cred, authorization: authorization, accountSID: accountSID}}
	c := &b.Client
	on := func(r *route) endpoint { return endpoint{client: c, route: r} }

	c.Accounts, b.accounts = &b.accounts, AccountService{on(accounts)}
	c.Addresses, b.addresses = &b.addresses, AddressService{&b.dependentPhoneNumbers, on(addresses)}
	b.dependentPhoneNumbers = DependentPhoneNumberService{on(dependentPhoneNumbers)}
	c.AuthTokens, b.authTokens = &b.authTokens, AuthTokenService{on(secondaryAuthTokens), on(authTokenPromotions)}
	c.Applications, b.applications = &b.applications, ApplicationService{on(applications)}
	c.AuthorizedConnectApps, b.authorizedConnectApps = &b.authorizedConnectApps, AuthorizedConnectAppService{on(authorizedConnectApps)}
	c.AvailablePhoneNumbers, b.availablePhoneNumbers = &b.availablePhoneNumbers, AvailablePhoneNumberService{
		Local:            &b.availableLocal,
		MachineToMachine: &b.availableMachineToMachine,
		Mobile:           &b.availableMobile,
		National:         &b.availableNational,
		SharedCost:       &b.availableSharedCost,
		TollFree:         &b.availableTollFree,
		Voip:             &b.availableVoip,
		countries:        on(availablePhoneNumberCountries),
	}
	b.availableLocal = AvailablePhoneNumberKindService{on(availableLocal)}
	b.availableMachineToMachine = AvailablePhoneNumberKindService{on(availableMachineToMachine)}
	b.availableMobile = AvailablePhoneNumberKindService{on(availableMobile)}
	b.availableNational = AvailablePhoneNumberKindService{on(availableNational)}
	b.availableSharedCost = AvailablePhoneNumberKindService{on(availableSharedCost)}
	b.availableTollFree = AvailablePhoneNumberKindService{on(availableTollFree)}
	b.availableVoip = AvailablePhoneNumberKindService{on(availableVoip)}
	c.Balance, b.balance = &b.balance, BalanceService{on(balances)}
	c.IAM, b.iam = &b.iam, IAMService{&b.iamKeys}
	b.iamKeys = IAMKeyService{on(iamKeys)}
	c.Calls, b.calls = &b.calls, CallService{
		Events:                          &b.callEvents,
		Notifications:                   &b.callNotifications,
		Payments:                        &b.payments,
		Recordings:                      &b.callRecordings,
		Siprec:                          &b.siprec,
		Streams:                         &b.streams,
		Transcriptions:                  &b.realtimeTranscriptions,
		UserDefinedMessages:             &b.userDefinedMessages,
		UserDefinedMessageSubscriptions: &b.userDefinedMessageSubscriptions,
		calls:                           on(calls),
	}
	b.callEvents = CallEventService{on(callEvents)}
	b.callNotifications = CallNotificationService{on(callNotifications)}
	b.payments = PaymentService{on(payments)}
	b.siprec = SiprecService{on(siprecSessions)}
	b.streams = StreamService{on(streams)}
	b.realtimeTranscriptions = RealtimeTranscriptionService{on(realtimeTranscriptions)}
	b.userDefinedMessages = UserDefinedMessageService{on(userDefinedMessages)}
	b.userDefinedMessageSubscriptions = UserDefinedMessageSubscriptionService{on(userDefinedMessageSubscriptions)}
	b.callRecordings = CallRecordingService{on(callRecordings), on(callRecordingChanges)}
	c.Conferences, b.conferences = &b.conferences, ConferenceService{&b.participants, &b.conferenceRecordings, on(conferences)}
	b.conferenceRecordings = ConferenceRecordingService{on(conferenceRecordings), on(conferenceRecordingChanges)}
	b.participants = ParticipantService{on(participants), on(newParticipants)}
	c.ConnectApps, b.connectApps = &b.connectApps, ConnectAppService{on(connectApps)}
	c.IncomingPhoneNumbers, b.incomingPhoneNumbers = &b.incomingPhoneNumbers, IncomingPhoneNumberService{
		AssignedAddOns: &b.assignedAddOns,
		Local:          &b.incomingLocal,
		Mobile:         &b.incomingMobile,
		TollFree:       &b.incomingTollFree,
		numbers:        on(incomingPhoneNumbers),
	}
	b.assignedAddOns = AssignedAddOnService{&b.addOnExtensions, on(assignedAddOns)}
	b.addOnExtensions = AddOnExtensionService{on(addOnExtensions)}
	b.incomingLocal = IncomingPhoneNumberKindService{on(incomingLocal)}
	b.incomingMobile = IncomingPhoneNumberKindService{on(incomingMobile)}
	b.incomingTollFree = IncomingPhoneNumberKindService{on(incomingTollFree)}
	c.Keys, b.keys = &b.keys, KeyService{on(keys)}
	c.Messages, b.messages = &b.messages, MessageService{
		Feedback: &b.messageFeedback,
		Media:    &b.media,
		messages: on(messages),
	}
	b.media = MediaService{on(media)}
	b.messageFeedback = MessageFeedbackService{on(messageFeedback)}
	c.MessagingServices, b.messagingServices = &b.messagingServices, MessagingServiceService{
		PhoneNumbers: &b.messagingPhoneNumbers,
		ShortCodes:   &b.messagingShortCodes,
		AlphaSenders: &b.messagingAlphaSenders,
		services:     on(messagingServices),
	}
	b.messagingPhoneNumbers = MessagingServicePhoneNumberService{on(messagingServicePhoneNumbers)}
	b.messagingShortCodes = MessagingServiceShortCodeService{on(messagingServiceShortCodes)}
	b.messagingAlphaSenders = MessagingServiceAlphaSenderService{on(messagingServiceAlphaSenders)}
	c.Notifications, b.notifications = &b.notifications, NotificationService{on(notifications)}
	c.OutgoingCallerIDs, b.outgoingCallerIDs = &b.outgoingCallerIDs, OutgoingCallerIDService{
		callerIDs:   on(outgoingCallerIDs),
		validations: on(validationRequests),
	}
	c.Regulatory, b.regulatory = &b.regulatory, RegulatoryService{&b.bundles}
	b.bundles = BundleService{on(bundles), on(bundleClones)}
	c.Queues, b.queues = &b.queues, QueueService{&b.queueMembers, on(queues)}
	b.queueMembers = QueueMemberService{on(queueMembers)}
	c.Recordings, b.recordings = &b.recordings, RecordingService{
		Transcriptions: &b.recordingTranscriptions,
		AddOnResults:   &b.addOnResults,
		recordings:     on(recordings),
	}
	b.recordingTranscriptions = RecordingTranscriptionService{on(recordingTranscriptions)}
	b.addOnResults = AddOnResultService{&b.addOnPayloads, on(addOnResults)}
	b.addOnPayloads = AddOnPayloadService{on(addOnPayloads), on(addOnPayloadData)}
	c.ShortCodes, b.shortCodes = &b.shortCodes, ShortCodeService{on(shortCodes)}
	c.SigningKeys, b.signingKeys = &b.signingKeys, SigningKeyService{on(signingKeys)}
	c.SIP, b.sip = &b.sip, SIPService{
		Domains:              &b.sipDomains,
		CredentialLists:      &b.sipCredentialLists,
		IPAccessControlLists: &b.sipIPAccessControlLists,
	}
	b.sipDomains = SIPDomainService{
		Auth:                        &b.sipAuth,
		CredentialListMappings:      &b.sipCredentialListMappings,
		IPAccessControlListMappings: &b.sipIPAccessControlListMappings,
		domains:                     on(sipDomains),
	}
	b.sipCredentialListMappings = SIPCredentialListMappingService{on(sipCredentialListMappings)}
	b.sipIPAccessControlListMappings = SIPIPAccessControlListMappingService{on(sipIPAccessControlListMappings)}
	b.sipAuth = SIPDomainAuthService{Calls: &b.sipAuthCalls, Registrations: &b.sipAuthRegistrations}
	b.sipAuthCalls = SIPAuthCallsService{
		CredentialListMappings:      &b.sipAuthCallsCredentialListMappings,
		IPAccessControlListMappings: &b.sipAuthCallsIPAccessControlListMappings,
	}
	b.sipAuthCallsCredentialListMappings = SIPCredentialListMappingService{on(sipAuthCallsCredentialListMappings)}
	b.sipAuthCallsIPAccessControlListMappings = SIPIPAccessControlListMappingService{on(sipAuthCallsIPAccessControlListMappings)}
	b.sipAuthRegistrations = SIPAuthRegistrationsService{&b.sipAuthRegistrationsCredentialListMappings}
	b.sipAuthRegistrationsCredentialListMappings = SIPCredentialListMappingService{on(sipAuthRegistrationsCredentialListMappings)}
	b.sipCredentialLists = SIPCredentialListService{&b.sipCredentials, on(sipCredentialLists)}
	b.sipCredentials = SIPCredentialService{on(sipCredentials)}
	b.sipIPAccessControlLists = SIPIPAccessControlListService{&b.sipIPAddresses, on(sipIPAccessControlLists)}
	b.sipIPAddresses = SIPIPAddressService{on(sipIPAddresses)}
	c.Tokens, b.tokens = &b.tokens, TokenService{on(tokens)}
	c.Transcriptions, b.transcriptions = &b.transcriptions, TranscriptionService{on(transcriptions)}
	c.Usage, b.usage = &b.usage, UsageService{Records: &b.usageRecords, Triggers: &b.usageTriggers}
	b.usageRecords = UsageRecordService{
		AllTime:   &b.usageRecordsAllTime,
		Daily:     &b.usageRecordsDaily,
		LastMonth: &b.usageRecordsLastMonth,
		Monthly:   &b.usageRecordsMonthly,
		ThisMonth: &b.usageRecordsThisMonth,
		Today:     &b.usageRecordsToday,
		Yearly:    &b.usageRecordsYearly,
		Yesterday: &b.usageRecordsYesterday,
		records:   on(usageRecords),
	}
	b.usageRecordsAllTime = UsageRecordPeriodService{on(usageRecordsAllTime)}
	b.usageRecordsDaily = UsageRecordPeriodService{on(usageRecordsDaily)}
	b.usageRecordsLastMonth = UsageRecordPeriodService{on(usageRecordsLastMonth)}
	b.usageRecordsMonthly = UsageRecordPeriodService{on(usageRecordsMonthly)}
	b.usageRecordsThisMonth = UsageRecordPeriodService{on(usageRecordsThisMonth)}
	b.usageRecordsToday = UsageRecordPeriodService{on(usageRecordsToday)}
	b.usageRecordsYearly = UsageRecordPeriodService{on(usageRecordsYearly)}
	b.usageRecordsYesterday = UsageRecordPeriodService{on(usageRecordsYesterday)}
	b.usageTriggers = UsageTriggerService{on(usageTriggers)}
	c.VoiceSettings, b.voiceSettings = &b.voiceSettings, VoiceSettingsService{on(voiceSettings)}
	return c
}
