/** ISO 3166 alpha-3 to alpha-2, of countries whose plates cameras tell apart; others are told as unknown. */
const ALPHA_2: ReadonlyMap<string, string> = new Map(
  (
    'ALB AL,AND AD,ARE AE,ARG AR,AUS AU,AUT AT,AZE AZ,BEL BE,BGR BG,BIH BA,BLR BY,BRA BR,CAN CA,CHE CH,CHL CL,CHN CN,COL CO,CYP CY,CZE CZ,' +
    'DEU DE,DNK DK,EGY EG,ESP ES,EST EE,FIN FI,FRA FR,GBR GB,GEO GE,GRC GR,HRV HR,HUN HU,IND IN,IRL IE,ISL IS,ISR IL,ITA IT,JOR JO,JPN JP,' +
    'KAZ KZ,KOR KR,KWT KW,LIE LI,LTU LT,LUX LU,LVA LV,MAR MA,MCO MC,MDA MD,MEX MX,MKD MK,MLT MT,MNE ME,MYS MY,NLD NL,NOR NO,NZL NZ,OMN OM,' +
    'PER PE,POL PL,PRT PT,QAT QA,ROU RO,RUS RU,SAU SA,SGP SG,SMR SM,SRB RS,SVK SK,SVN SI,SWE SE,THA TH,TUN TN,TUR TR,TWN TW,UKR UA,URY UY,' +
    'USA US,UZB UZ,VNM VN,XKX XK,ZAF ZA'
  )
    .split(',')
    .map((pair) => [pair.slice(0, 3), pair.slice(4)] as const),
);

/** "FIN", "fi", "us-mo" and "eu-fi" as two capital letters; undefined for what names no country ("eu", "", a maker's own number). */
export function countryOfPlate(text: string | undefined): string | undefined {
  const [first = '', second = ''] = (text ?? '').trim().toUpperCase().split('-');
  const country = first === 'EU' ? second : first;
  if (/^[A-Z]{2}$/.test(country)) return country;
  return ALPHA_2.get(country);
}
