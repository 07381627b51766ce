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
];

/** Only where the name ends with them: `note_id` numbers notes and holds none. */
const FREE_TEXT = [
  'note',
  'notes',
  'note text',
  'comment',
  'comments',
  'free text',
  'freetext',
  'narrative',
  'remark',
  'remarks',
];

/** What a column of this name probably holds that no statistic needs; null when the name says nothing of the kind. */
export function directIdentifier(name: string): string | null {
  const words = ` ${wordsOf(name).join(' ')} `;
  for (const [reason, names] of IDENTIFIERS) {
    if (names.some((candidate) => words.includes(` ${candidate} `))) return reason;
  }
  return FREE_TEXT.some((candidate) => words.endsWith(` ${candidate} `)) ? 'free text' : null;
}

/** Words before a number that make it a code, such as `admission_type_id`, not the key of a row. */
const CODES = new Set([
  'type',
  'class',
  'status',
  'code',
  'source',
  'category',
  'concept',
  'disposition',
  'group',
  'kind',
  'race',
  'sex',
  'gender',
]);
const KEYS = new Set(['id', 'key', 'nbr', 'sk', 'uuid']);

/** Whether a name is that of a key by which tables are joined. */
export function isKeyName(name: string): boolean {
  const words = wordsOf(name);
  return words.length > 1 && KEYS.has(words.at(-1)!) && !words.some((word) => CODES.has(word));
}

/** Whether a number of this name is a key or a code, which nobody adds up. */
export function isKeyOrCode(name: string): boolean {
  const last = wordsOf(name).at(-1) ?? '';
  return KEYS.has(last) || last === 'code';
}
