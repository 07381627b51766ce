/** Hospitals where not everybody counts: consents in one table or another, parts of the units, withdrawals. */
import type { AdmittedUnits } from '../../src/ask/ir.ts';
import type { BoundedQuestion } from '../../src/bound/bounded.ts';
import type { PolicyInput } from '../../src/policy/index.ts';
import type { Draw } from '../attack/random.ts';
import type { Raw } from './cells.ts';
import type { WorldParts, WorldTable } from './world.ts';

/** What a question says of whose units it is about. */
export interface Meant {
  readonly purpose: string | null;
  readonly part: string | null;
}

/** A world with rules of admission, and the units that withdrew from it. */
export interface Admission extends WorldParts {
  readonly withdrawn: readonly string[];
  /** What a question of this world may say. */
  readonly meant: readonly Meant[];
}

type Dataset = PolicyInput['datasets'][string];
type Consent = NonNullable<Dataset['consent']>;

/** A register with several rows a person, kept as text though others keep numbers; rows of nobody and of strangers. */
function register(draw: Draw, units: readonly Raw[]): WorldTable {
  const scopes = ['research', 'all', 'all', 'quality', 'withdrawn', 'withdrawn', '', null];
  const people = units.filter(() => draw.chance(0.85));
  const rows = [...people, ...people.filter(() => draw.chance(0.7)), ...people.filter(() => draw.chance(0.4))];
  return {
    columns: { person_id: { stored: 'VARCHAR', type: 'key' }, scope: { stored: 'VARCHAR', type: 'text' } },
    rows: [
      ...rows.map((unit) => ({ person_id: String(unit), scope: draw.pick(scopes) })),
      { person_id: null, scope: 'all' },
      { person_id: 'nobody else', scope: 'all' },
    ],
  };
}

const CONSENTS: readonly Consent[] = [
  {
    table: 'consent',
    column: 'scope',
    purposes: { research: ['research', 'all'], quality: ['all'] },
    refusals: ['withdrawn'],
  },
  { table: 'consent', column: 'scope', purposes: { research: ['research', 'all', ''], quality: ['quality'] } },
  { table: 'person', column: 'smoker', purposes: { research: [true], quality: [true] }, refusals: [false] },
  { table: 'visit', column: 'days', purposes: { research: [0, 1, 2, 3, 4], quality: [5] }, refusals: [9] },
  { table: 'visit', column: 'ward', purposes: { research: ['icu', 'ICU'], quality: ['surgery'] } },
  { table: 'death', column: 'cause', purposes: { research: ['a', 'b'], quality: ['c'] } },
];

/** A hospital with one of the rules above (or the first), parts by sex where persons have one row, and some withdrawals. */
export function withAdmission(
  { policy, tables, units }: WorldParts & { readonly units: readonly Raw[] },
  draw: Draw,
  rule: number | null = null,
): Admission {
  const [[name, dataset]] = Object.entries(policy.datasets) as [[string, Dataset]];
  const isUnique = dataset.tables.person?.unique === true;
  const consent = rule === null ? draw.pick(CONSENTS) : (CONSENTS[rule] as Consent);
  const purposes = ['research', 'quality'];
  const parts = isUnique ? [null, 'F', 'M'] : [null];
  return {
    policy: {
      ...policy,
      purposes: { research: null, quality: null },
      datasets: {
        [name]: {
          ...dataset,
          consent,
          ...(isUnique ? { disjoint: 'person.sex' } : {}),
          tables: {
            ...dataset.tables,
            consent: { unit: 'person_id', columns: { scope: { type: 'text' } } },
          },
        },
      },
    },
    tables: { ...tables, consent: register(draw, units) },
    withdrawn: units.filter(() => draw.chance(0.15)).map(String),
    meant: purposes.flatMap((purpose) => parts.map((part) => ({ purpose, part }))),
  };
}

/** The question about other units. */
export function changedUnits(
  question: BoundedQuestion,
  change: (units: AdmittedUnits) => AdmittedUnits | undefined,
): BoundedQuestion {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(([name, part]) => [
      name,
      name === 'units' ? change(part as AdmittedUnits) : copy(part),
    ]);
    return Object.fromEntries(entries.filter(([, part]) => part !== undefined));
  };
  return copy(question) as BoundedQuestion;
}
