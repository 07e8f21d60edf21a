//! The closed lists of codes of cases, needs and consents.

use crate::domain::code::codes;

codes! {
    /// How soon help is needed.
    pub enum Urgency {
        /// Life or safety is at risk: a decision within 24 hours.
        Emergency = "EMERGENCY",
        /// A decision within 72 hours.
        Urgent = "URGENT",
        /// A decision within two weeks.
        Routine = "ROUTINE",
    }
}

codes! {
    /// Sex as the person states it.
    pub enum Sex {
        /// Female.
        Female = "FEMALE",
        /// Male.
        Male = "MALE",
        /// Another.
        Other = "OTHER",
        /// Not known or not said.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// Age in bands wide enough not to identify anybody.
    pub enum AgeBand {
        /// 0 to 4 years.
        From0To4 = "FROM_0_TO_4",
        /// 5 to 11 years.
        From5To11 = "FROM_5_TO_11",
        /// 12 to 17 years.
        From12To17 = "FROM_12_TO_17",
        /// 18 to 24 years.
        From18To24 = "FROM_18_TO_24",
        /// 25 to 39 years.
        From25To39 = "FROM_25_TO_39",
        /// 40 to 59 years.
        From40To59 = "FROM_40_TO_59",
        /// 60 years and older.
        From60 = "FROM_60",
    }
}

codes! {
    /// Whether a case is open.
    pub enum CaseStatus {
        /// Somebody works on it.
        Open = "OPEN",
        /// Closed, with a reason.
        Closed = "CLOSED",
    }
}

codes! {
    /// Why a case was closed.
    pub enum CloseReason {
        /// The goals were met.
        GoalsMet = "GOALS_MET",
        /// The program ended.
        ProgramEnded = "PROGRAM_ENDED",
        /// The person withdrew.
        Withdrew = "WITHDREW",
        /// The person can't be reached.
        Unreachable = "UNREACHABLE",
        /// The person migrated again; not by itself a failure.
        Remigrated = "REMIGRATED",
        /// Another organization took the case over.
        Transferred = "TRANSFERRED",
        /// The person died.
        Deceased = "DECEASED",
        /// The person turned out not to be eligible.
        Ineligible = "INELIGIBLE",
    }
}

codes! {
    /// Why a person migrated again.
    pub enum Remigration {
        /// By choice.
        Choice = "CHOICE",
        /// Out of necessity.
        Necessity = "NECESSITY",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// Whether the person decided to return.
    pub enum Voluntariness {
        /// The person decided.
        Voluntary = "VOLUNTARY",
        /// The person had to leave and complied.
        Obliged = "OBLIGED",
        /// The person was made to.
        Forced = "FORCED",
        /// Not known.
        Unknown = "UNKNOWN",
        /// The person does not say.
        Undisclosed = "UNDISCLOSED",
    }
}

codes! {
    /// Whether somebody assisted the return.
    pub enum Assistance {
        /// With assistance.
        Assisted = "ASSISTED",
        /// Without.
        Unassisted = "UNASSISTED",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// The person's legal situation in the host country. Never readable to a government.
    pub enum HostLegalSituation {
        /// With a right to stay.
        Regular = "REGULAR",
        /// Without a right to stay.
        Irregular = "IRREGULAR",
        /// Asylum was asked for and not decided.
        AsylumPending = "ASYLUM_PENDING",
        /// The request for asylum was withdrawn.
        AsylumWithdrawn = "ASYLUM_WITHDRAWN",
        /// Asylum was refused.
        AsylumRefused = "ASYLUM_REFUSED",
        /// Tolerated.
        Tolerated = "TOLERATED",
        /// Stranded on the way.
        StrandedTransit = "STRANDED_TRANSIT",
        /// Recognized as a refugee.
        Refugee = "REFUGEE",
        /// Another.
        Other = "OTHER",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// The legal act under which the return took place. Never readable to a government.
    pub enum ReturnInstrument {
        /// None.
        None = "NONE",
        /// A return decision.
        ReturnDecision = "RETURN_DECISION",
        /// A removal order.
        RemovalOrder = "REMOVAL_ORDER",
        /// A readmission agreement.
        ReadmissionAgreement = "READMISSION_AGREEMENT",
        /// Another.
        Other = "OTHER",
        /// Not known.
        Unknown = "UNKNOWN",
    }
}

codes! {
    /// How a need is to be answered.
    pub enum Delivery {
        /// By the organization that holds the case.
        Direct = "DIRECT",
        /// By referral to another service. Without a referral it is a gap.
        Referral = "REFERRAL",
    }
}

codes! {
    /// Whether a need is answered.
    pub enum NeedStatus {
        /// Not yet met.
        Open = "OPEN",
        /// Met.
        Met = "MET",
        /// Met in part; help may still be sought.
        PartlyMet = "PARTLY_MET",
        /// Tried and not met; help may still be sought.
        NotMet = "NOT_MET",
        /// The person no longer has it.
        Withdrawn = "WITHDRAWN",
    }
}

codes! {
    /// On what ground something about a person is disclosed. A deployment chooses which it uses.
    pub enum Basis {
        /// The person agreed.
        Consent = "CONSENT",
        /// Life or health is at risk.
        VitalInterest = "VITAL_INTEREST",
        /// The law demands it.
        LegalDuty = "LEGAL_DUTY",
        /// The best interests of a child were determined.
        BestInterests = "BEST_INTERESTS",
    }
}

codes! {
    /// What a disclosure is for.
    pub enum Purpose {
        /// Care: referral to a service, and word back on what became of it.
        Care = "CARE",
        /// Handing the case over to another organization, which then holds all of it.
        CaseTransfer = "CASE_TRANSFER",
    }
}

codes! {
    /// How consent was given.
    pub enum ConsentMethod {
        /// In writing.
        Written = "WRITTEN",
        /// Spoken, before a worker.
        Verbal = "VERBAL",
        /// With a mark or thumbprint on paper.
        Mark = "MARK",
        /// By phone.
        Phone = "PHONE",
        /// On the person's own device.
        Digital = "DIGITAL",
    }
}

codes! {
    /// What a consent can release. Who the person is, how to reach them, what makes them vulnerable and their health are
    /// released field by field, from acceptance on, and only under an agreement in force with the receiver.
    pub enum ConsentField {
        /// The shared case identifier.
        CaseIdentifier = "CASE_IDENTIFIER",
        /// The need's category, and the background the sender wrote.
        Need = "NEED",
        /// The goals in the person's own words.
        Goals = "GOALS",
        /// The urgency.
        Urgency = "URGENCY",
        /// The age band.
        AgeBand = "AGE_BAND",
        /// The sex.
        Sex = "SEX",
        /// The language the person speaks.
        Language = "LANGUAGE",
        /// That the receiver may reach the person through the sender.
        ContactThroughSender = "CONTACT_THROUGH_SENDER",
        /// Which help was given or asked for elsewhere, as categories.
        PriorHelp = "PRIOR_HELP",
        /// The given name.
        GivenName = "GIVEN_NAME",
        /// The family name.
        FamilyName = "FAMILY_NAME",
        /// The date of birth.
        BirthDate = "BIRTH_DATE",
        /// The nationality.
        Nationality = "NATIONALITY",
        /// The numbers of identity documents.
        DocumentNumbers = "DOCUMENT_NUMBERS",
        /// The person's own telephone number.
        Phone = "PHONE",
        /// The person's own e-mail address.
        Email = "EMAIL",
        /// Where the person lives.
        Address = "ADDRESS",
        /// Who cares for the person, and how to reach them.
        Caregiver = "CAREGIVER",
        /// What protects the person.
        ProtectiveFactors = "PROTECTIVE_FACTORS",
        /// What the person needs for their health.
        HealthNeeds = "HEALTH_NEEDS",
        /// The vulnerability of this name: a child without any caring adult.
        UnaccompaniedChild = "UNACCOMPANIED_CHILD",
        /// The vulnerability of this name: a child apart from its parents, with other relatives.
        SeparatedChild = "SEPARATED_CHILD",
        /// The vulnerability of this name: a person who was trafficked.
        VictimOfTrafficking = "VICTIM_OF_TRAFFICKING",
        /// The vulnerability of this name: a person who lived through gender-based violence.
        SurvivorGbv = "SURVIVOR_GBV",
        /// The vulnerability of this name: a person who lived through other violence or abuse.
        SurvivorViolenceAbuse = "SURVIVOR_VIOLENCE_ABUSE",
        /// The vulnerability of this name: a person who was abused by smugglers.
        SmugglingAbuse = "SMUGGLING_ABUSE",
        /// The vulnerability of this name: a lasting illness.
        ChronicIllness = "CHRONIC_ILLNESS",
        /// The vulnerability of this name: a need for mental health care.
        MentalHealth = "MENTAL_HEALTH",
        /// The vulnerability of this name: a disability.
        Disability = "DISABILITY",
        /// The vulnerability of this name: pregnant or breastfeeding.
        PregnantLactating = "PREGNANT_LACTATING",
        /// The vulnerability of this name: an older person at risk.
        OlderPerson = "OLDER_PERSON",
        /// The vulnerability of this name: alone at the head of a household.
        SingleHeadedHousehold = "SINGLE_HEADED_HOUSEHOLD",
        /// The vulnerability of this name: a household headed by a child.
        ChildHeadedHousehold = "CHILD_HEADED_HOUSEHOLD",
        /// The vulnerability of this name: at risk for sexual orientation, gender identity or expression, or sex characteristics.
        Sogiesc = "SOGIESC",
        /// The vulnerability of this name: of a minority or an indigenous people.
        MinorityIndigenous = "MINORITY_INDIGENOUS",
        /// The vulnerability of this name: a possible need for international protection.
        IntlProtectionNeed = "INTL_PROTECTION_NEED",
        /// The vulnerability of this name: was detained.
        ExDetainee = "EX_DETAINEE",
        /// The vulnerability of this name: in debt because of the migration.
        Indebted = "INDEBTED",
    }
}
