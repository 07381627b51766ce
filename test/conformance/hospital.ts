/** Small random hospitals: the tables of the network policy and some more, with hostile cells and random declarations. */

import type { PolicyInput } from '../../src/policy/index.ts';
import { Draw } from '../attack/random.ts';
import type { Raw } from './cells.ts';
import { HOSTILE } from './hostile.ts';
import type { WorldParts, WorldTable } from './world.ts';

/** What a hospital may vary. */
export interface HospitalOptions {
  readonly units: number;
  readonly visits: number;
  /** Policy as in the documentation (bounds, contribution), or drawn. */
  readonly policy: 'fixed' | 'drawn';
}

type Rows = WorldTable['rows'];

const DAY_2015 = 16436;
const DAY_2025 = 20453;
const WARDS = ['surgery', 'medicine', 'icu'];
const CITIES = ['Kyoto', 'Lagos', "L'Aquila", 'São Paulo', '北京', 'Ä', ''];
const CODES = ['a1c', 'sbp', 'x', 'A1C', ''];
const TEXT_UNITS = [
  'u1',
  '',
  "o'neil",
  'ä',
  'NULL',
  '1',
  '01',
  ' 1',
  '\u{10FFFF}',
  'x|y',
  'u11',
  'u12',
  'U1',
  'null',
  'z',
];
const NUMBER_UNITS = [
  1n,
  0n,
  -1n,
  2n,
  9223372036854775807n,
  -9223372036854775808n,
  42n,
  100n,
  7n,
  77n,
  5n,
  6n,
  8n,
  9n,
  10n,
];

/** The unit values a hospital can have. */
export function unitsOf(textual: boolean, count: number): readonly Raw[] {
  return (textual ? TEXT_UNITS : NUMBER_UNITS).slice(0, count);
}

/** A hospital from a seed. */
export function hospital(
  random: () => number,
  options: HospitalOptions,
): WorldParts & { readonly units: readonly Raw[] } {
  const draw = new Draw(random);
  const drawn = options.policy === 'drawn';
  const textual = draw.chance(0.4);
  const units = unitsOf(textual, options.units);
  const unique = !drawn || draw.chance(0.8);
  const key = { stored: textual ? 'VARCHAR' : 'BIGINT', type: 'key' } as const;
  const visits = visitRows(draw, units, options.visits);
  const labs = labRows(draw, visits);
  return {
    units,
    policy: policyOf(draw, drawn, unique),
    tables: {
      person: {
        columns: {
          person_id: key,
          sex: { stored: 'VARCHAR', type: 'text' },
          birth_year: { stored: 'SMALLINT', type: 'integer' },
          city: { stored: 'VARCHAR', type: 'text' },
          smoker: { stored: 'BOOLEAN', type: 'boolean' },
        },
        rows: personRows(draw, units, unique),
      },
      visit: {
        columns: {
          person_id: key,
          visit_id: { stored: 'INTEGER', type: 'key' },
          start_date: { stored: 'DATE', type: 'date' },
          ward: { stored: 'VARCHAR', type: 'text' },
          cost: { stored: 'DOUBLE', type: 'double' },
          days: { stored: 'BIGINT', type: 'integer' },
          weight: { stored: 'DOUBLE', type: 'double' },
          admitted: { stored: 'TIMESTAMP', type: 'timestamp' },
          note: { stored: 'VARCHAR', type: 'text' },
        },
        rows: visits,
      },
      lab: {
        columns: {
          visit_id: { stored: 'BIGINT', type: 'key' },
          lab_id: { stored: 'VARCHAR', type: 'key' },
          code: { stored: 'VARCHAR', type: 'text' },
          value: { stored: 'DOUBLE', type: 'double' },
        },
        rows: labs,
      },
      remark: {
        columns: {
          lab_id: { stored: 'VARCHAR', type: 'key' },
          score: { stored: 'BIGINT', type: 'integer' },
          kind: { stored: 'VARCHAR', type: 'text' },
        },
        rows: remarkRows(draw, labs),
      },
      death: {
        columns: {
          person_id: key,
          cause: { stored: 'VARCHAR', type: 'text' },
          died: { stored: 'DATE', type: 'date' },
        },
        rows: units
          .filter(() => draw.chance(0.4))
          .map((person_id) => ({ person_id, cause: draw.pick(['a', 'b', 'c', null]), died: date(draw) })),
      },
      code_name: {
        columns: {
          code: { stored: 'VARCHAR', type: 'text' },
          name: { stored: 'VARCHAR', type: 'text' },
          chapter: { stored: 'VARCHAR', type: 'text' },
          weight: { stored: 'DOUBLE', type: 'double' },
        },
        rows: [
          { code: 'a1c', name: 'HbA1c', chapter: 'I', weight: 0.5 },
          { code: 'a1c', name: 'glycated', chapter: 'II', weight: Number.NaN },
          { code: 'sbp', name: 'pressure', chapter: 'I', weight: -0 },
          { code: 'x', name: 'a%c', chapter: 'III', weight: Number.POSITIVE_INFINITY },
          { code: '', name: null, chapter: 'II', weight: 0 },
          { code: null, name: 'none', chapter: null, weight: 1e308 },
        ],
      },
    },
  };
}

function personRows(draw: Draw, units: readonly Raw[], unique: boolean): Rows {
  const person = (person_id: Raw): Rows[number] => ({
    person_id,
    sex: draw.pick(['F', 'M', 'F', 'M', 'X', 'f', null]),
    birth_year: draw.chance(0.15) ? draw.pick([null, 0n, -32768n, 32767n, 1800n]) : BigInt(draw.int(1900, 2025)),
    city: draw.chance(0.1) ? null : draw.pick(draw.chance(0.3) ? CITIES : CITIES.slice(0, 2)),
    smoker: draw.pick([true, false, null]),
  });
  const present = units.filter(() => draw.chance(0.9));
  return unique ? present.map(person) : [...present, ...draw.some(units, 4), null, null].map(person);
}

function visitRows(draw: Draw, units: readonly Raw[], count: number): Rows {
  const noteworthy = draw.chance(0.7);
  return Array.from({ length: count }, (_, index) => ({
    person_id: draw.chance(0.06) ? null : draw.pick(draw.chance(0.35) ? units.slice(0, 2) : units),
    visit_id: BigInt(index * 3 - 4),
    start_date: date(draw),
    ward: draw.pick([...WARDS, ...WARDS, 'elsewhere', 'ICU', null]),
    cost: draw.chance(0.3) ? draw.pick(HOSTILE.double) : draw.pick([0, 12.345, 0.005, 49999.99, 50000, 3.14, 700.255]),
    days: draw.chance(0.3) ? draw.pick(HOSTILE.integer) : BigInt(draw.int(0, 9)),
    weight: draw.pick(HOSTILE.double),
    admitted: draw.chance(0.3)
      ? (draw.pick(HOSTILE.timestamp) as Raw)
      : BigInt(draw.int(DAY_2015, DAY_2015 + 40)) * 86_400_000_000n + BigInt(draw.int(0, 86_399)) * 1_000_000n,
    note: noteworthy || draw.chance(0.1) ? draw.pick(HOSTILE.text) : draw.pick(['abc', 'a1', '', '12']),
  }));
}

function labRows(draw: Draw, visits: Rows): Rows {
  const reached = (): Raw =>
    visits.length === 0 || draw.chance(0.1) ? draw.pick([null, 99999n]) : (draw.pick(visits).visit_id as Raw);
  return Array.from({ length: Math.round(visits.length * 0.8) }, (_, index) => ({
    visit_id: reached(),
    lab_id: index % 3 === 0 ? `L${index}` : String(index),
    code: draw.chance(0.8) ? draw.pick(['a1c', 'sbp']) : draw.pick([...CODES, null]),
    value: draw.chance(0.2) ? draw.pick(HOSTILE.double) : draw.pick([5.5, 7, 7.05, 120.55, 249.95, 3, 20, 50]),
  }));
}

function remarkRows(draw: Draw, labs: Rows): Rows {
  return labs.map(() => ({
    lab_id: draw.chance(0.1) ? draw.pick([null, 'nowhere']) : (draw.pick(labs).lab_id as Raw),
    score: draw.pick([null, 0n, 1n, 2n, 3n, 99n, -1n]),
    kind: draw.pick(['x', 'y', 'z', null]),
  }));
}

function date(draw: Draw): Raw {
  if (draw.chance(0.2)) return draw.pick(HOSTILE.date) as Raw;
  return draw.chance(0.5) ? draw.int(DAY_2015, DAY_2025) : draw.int(17_900, 17_960);
}

/** The policy as an object. Drawn ones differ in bounds, steps, limits and what is declared unique. */
function policyOf(draw: Draw, drawn: boolean, unique: boolean): PolicyInput {
  const either = <T>(fixed: T, others: readonly T[]): T => (drawn ? draw.pick([fixed, ...others]) : fixed);
  const step = (value: string): { step?: string } => (drawn && draw.chance(0.4) ? {} : { step: value });
  return {
    gauze: 1,
    datasets: {
      network: {
        source: 'data.duckdb',
        unit: 'person.person_id',
        contribution: { groups: either(2, [1, 3, 5]), rows: either(3, [1, 2, 6]) },
        minimumUnits: either(2, [1, 3]),
        tables: {
          person: {
            unit: 'person_id',
            ...(unique ? { unique: true } : {}),
            columns: {
              sex: { type: 'text', values: either<readonly (string | null)[]>(['F', 'M'], [['M', 'F', 'X']]) },
              birth_year: {
                type: 'integer',
                bounds: either(
                  [1900, 2025],
                  [
                    [-5, 3],
                    [1950, 1960],
                    [2000, 2000],
                  ],
                ),
              },
              city: { type: 'text' },
              smoker: { type: 'boolean' },
            },
          },
          visit: {
            unit: 'person_id',
            columns: {
              visit_id: { type: 'integer', use: 'join' },
              start_date: { type: 'date', bounds: ['2015-01-01', '2025-12-31'] },
              ward: { type: 'text', values: WARDS },
              cost: {
                type: 'double',
                bounds: either(
                  [0, 50000],
                  [
                    [-10, 700],
                    [-1e9, -5],
                    [3, 3.5],
                  ],
                ),
                ...step('0.01'),
              },
              days: {
                type: 'integer',
                bounds: either(
                  [0, 60],
                  [
                    [-100, 5],
                    [4, 6],
                  ],
                ),
              },
              weight: { type: 'double' },
              admitted: { type: 'timestamp', bounds: ['2015-01-01', '2015-12-31'] },
              note: { type: 'text' },
            },
          },
          lab: {
            unit: { through: 'visit', on: 'visit_id' },
            columns: {
              visit_id: { type: 'integer', use: 'join' },
              lab_id: { type: 'text', use: 'join' },
              code: { type: 'text' },
              value: {
                type: 'double',
                bounds: { by: 'code', of: { a1c: [3, 20], sbp: [50, 250] } },
                ...step('0.1'),
              },
            },
          },
          remark: {
            unit: { through: 'lab', on: 'lab_id' },
            columns: {
              score: { type: 'integer', bounds: [0, 3] },
              kind: { type: 'text', values: ['x', 'y'] },
            },
          },
          death: {
            unit: 'person_id',
            unique: true,
            columns: { cause: { type: 'text' }, died: { type: 'date', bounds: ['2015-01-01', '2025-12-31'] } },
          },
          code_name: {
            public: true,
            columns: {
              code: { type: 'text' },
              name: { type: 'text' },
              chapter: { type: 'text', values: ['I', 'II'] },
              weight: { type: 'double', bounds: [0, 1] },
            },
          },
        },
      },
    },
    principals: { tester: { budgets: [{ dataset: 'network', epsilon: 10, delta: '1e-6' }] } },
  };
}
