// The part of the APDS data model (release 4, ISO/TS 5206-1) that prices are told in, with its own names. Amounts are major units of the
// currency, lengths ISO 8601 durations, times of day local.

export interface ApdsText {
  readonly language: string;
  readonly string: string;
}

export interface ApdsReference {
  readonly id: string;
  readonly version: number;
  readonly className: string;
}

/** When a table holds: on these days of the week, special days and times of day. */
export interface ApdsPeriod {
  readonly recurringDayWeekMonthPeriod?: readonly { readonly applicableDay: readonly string[] }[];
  readonly recurringSpecialDay?: readonly {
    readonly intersectWithApplicableDays: boolean;
    readonly specialDayType: 'publicHoliday' | 'dayBeforePublicHoliday' | 'publicEventDay';
  }[];
  readonly recurringTimePeriodOfDay?: readonly {
    readonly startTimeOfPeriod: string;
    readonly endTimeOfPeriod: string;
  }[];
}

export interface ApdsValidity {
  readonly validityStatus: 'definedByValidityTimeSpec';
  readonly validityTimeSpecification: {
    readonly overallStartTime: string;
    readonly validPeriod?: readonly ApdsPeriod[];
  };
}

export type ApdsRateLineType = 'flatRate' | 'flatRateTier' | 'incrementingRate';

export interface ApdsRateLine {
  readonly sequence: number;
  readonly rateLineType: ApdsRateLineType;
  readonly description?: string;
  readonly durationStart?: string;
  readonly durationEnd?: string;
  readonly incrementPeriod?: string;
  readonly value: number;
  readonly minValue?: number;
  readonly maxValue?: number;
  readonly usageCondition?: 'once' | 'unlimited';
}

export interface ApdsRateLineCollection {
  readonly collectionSequence: number;
  readonly applicableCurrency: string;
  readonly minTime?: string;
  readonly maxTime?: string;
  readonly minValueCollection?: number;
  readonly maxValueCollection?: number;
  readonly relativeTimes: boolean;
  readonly resetTime?: string;
  readonly taxIncluded: boolean;
  readonly taxRate?: number;
  readonly validStart: string;
  readonly rateLines: readonly ApdsRateLine[];
}

export interface ApdsRateTable {
  readonly id: string;
  readonly version: number;
  readonly rateTableName: readonly ApdsText[];
  readonly availability: 'public' | 'restricted';
  readonly rateType: 'hourly' | 'daily' | 'event' | 'contract';
  readonly validation?: boolean;
  readonly validity: ApdsValidity;
  readonly rateLineCollections: readonly ApdsRateLineCollection[];
}

export interface ApdsQualification {
  readonly vehicleTypes?: readonly { readonly vehicleType: string }[];
  readonly propulsionEnergyType?: readonly 'battery'[];
  readonly withMembership?: boolean;
}

/** Who a table is for, and how it stands to the others: 1 is looked at first; combinable ones make the lowest price together. */
export interface ApdsRateEligibility {
  readonly id: string;
  readonly version: number;
  readonly priority: number;
  readonly combinable: boolean;
  readonly eligibility: {
    readonly id: string;
    readonly version: number;
    readonly qualifications: readonly ApdsQualification[];
  };
  readonly rateTable: ApdsReference;
}

/** Something of our tariff that APDS has no words for, or only for a part of it. */
export interface Unsaid {
  /** Where it stands in our document. */
  readonly field: string;
  readonly reason: string;
}

export interface ApdsExport {
  readonly rateTables: readonly ApdsRateTable[];
  readonly rateEligibilities: readonly ApdsRateEligibility[];
  /** Empty: whoever reads the tables charges what we charge. */
  readonly unsaid: readonly Unsaid[];
}
