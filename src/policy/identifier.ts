/** Direct identifiers and free text, recognised by column names alone. */

/** Words of a name: split at _, -, blanks and changes of case. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** After the list of 45 CFR 164.514(b)(2); a run of words in the name decides. */
const IDENTIFIERS: readonly (readonly [reason: string, names: readonly string[]])[] = [
  [
    'a name',
    [
      'first name',
      'last name',
      'given name',
      'family name',
      'full name',
      'surname',
      'maiden name',
      'patient name',
      'person name',
      'forename',
    ],
  ],
  ['an address', ['address', 'street', 'postcode', 'postal code', 'latitude', 'longitude', 'geo lat', 'geo lon']],
  ['a telephone or fax number', ['phone', 'telephone', 'mobile', 'fax']],
  ['an e-mail address', ['email', 'e mail', 'mail']],
  [
    'a number of a person',
    [
      'ssn',
      'social security',
      'mrn',
      'medical record',
      'nhs number',
      'passport',
      'insurance number',
      'member number',
      'beneficiary',
      'account number',
      'license number',
      'licence number',
      'drivers',
    ],
  ],
  ['a device or network address', ['ip', 'ip address', 'mac address', 'serial number', 'vin', 'plate', 'url']],
  ['a day of birth', ['birth date', 'date of birth', 'dob', 'birthdate', 'birth datetime', 'birthday']],
  ['a pseudonym or token of a person', ['link token', 'token', 'hash']],
  ['free text', ['note', 'notes', 'note text', 'comment', 'comments', 'free text', 'narrative', 'remarks']],
];

/** What a column of this name probably holds that no statistic needs; null when the name says nothing of the kind. */
export function directIdentifier(name: string): string | null {
  const words = ` ${wordsOf(name).join(' ')} `;
  for (const [reason, names] of IDENTIFIERS) {
    if (names.some((candidate) => words.includes(` ${candidate} `))) return reason;
  }
  return null;
}
