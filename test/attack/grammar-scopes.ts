/** The relations generated questions read: tables, joins, cohorts, windows, per-unit aggregates, set operations. */
import { condition, type Field, type Scope } from './grammar-columns.ts';
import type { Draw } from './random.ts';

const SEX: readonly string[] = ['F', 'M'];
const WARD: readonly string[] = ['surgery', 'medicine', 'icu'];

function personFields(prefix: string): readonly Field[] {
  return [
    { sql: `${prefix}sex`, type: 'text', values: SEX },
    { sql: `${prefix}birth_year`, type: 'integer', low: 1900, high: 2025 },
    { sql: `${prefix}city`, type: 'text', privateKey: true },
  ];
}

function visitFields(prefix: string): readonly Field[] {
  return [
    { sql: `${prefix}start_date`, type: 'date' },
    { sql: `${prefix}ward`, type: 'text', values: WARD },
    { sql: `${prefix}cost`, type: 'double', low: 0, high: 50000 },
  ];
}

function scope(from: string, fields: readonly Field[], unit: string, rest: Partial<Scope> = {}): Scope {
  return { common: [], where: [], ...rest, from, fields, unit };
}

/** Any relation that carries the unit. */
export function drawScope(draw: Draw): Scope {
  return draw.weighted<Scope>([
    [2, () => scope(draw.pick(['person', 'network.person']), personFields(''), 'person_id')],
    [3, () => scope('visit', visitFields(''), 'person_id')],
    [3, () => joined(draw)],
    [1, () => selfJoin(draw)],
    [1, () => fullJoin(draw)],
    [3, () => windowed(draw)],
    [3, () => perUnit(draw)],
    [2, () => united(draw)],
    [2, () => nested(draw)],
  ]);
}

function joined(draw: Draw): Scope {
  const kind = draw.pick(['JOIN', 'INNER JOIN', 'LEFT JOIN', 'RIGHT JOIN']);
  const fields = [...personFields('p.'), ...visitFields('v.')];
  const on = draw.weighted<string>([
    [2, () => 'USING (person_id)'],
    [2, () => 'ON p.person_id = v.person_id'],
    [1, () => `ON v.person_id = p.person_id AND ${condition(draw, scope('', visitFields('v.'), ''), 1)}`],
  ]);
  const unit = kind === 'RIGHT JOIN' ? 'v.person_id' : 'p.person_id';
  return scope(`person p ${kind} visit AS v ${on}`, fields, unit);
}

function selfJoin(draw: Draw): Scope {
  const gap = draw.int(1, 90);
  const on =
    'a.person_id = b.person_id AND b.start_date > a.start_date ' +
    `AND b.start_date <= a.start_date + INTERVAL '${gap} days'`;
  return scope(`visit a JOIN visit b ON ${on}`, [...visitFields('a.'), ...visitFields('b.')], 'a.person_id');
}

function fullJoin(draw: Draw): Scope {
  const costly = `SELECT person_id, COUNT(*) AS n FROM visit WHERE cost > ${draw.int(10, 40000)} GROUP BY person_id`;
  const fields: Field[] = [
    ...personFields('p.'),
    { sql: 'COALESCE(LEAST(c.n, 5), 0)', type: 'integer', low: 0, high: 5 },
  ];
  return scope(`person p FULL JOIN (${costly}) c USING (person_id)`, fields, 'person_id');
}

/** First visits, gaps between visits, running sums: windows over one unit. */
function windowed(draw: Draw): Scope {
  const over = '(PARTITION BY person_id ORDER BY start_date)';
  const columns = [
    'person_id',
    'start_date',
    'ward',
    'cost',
    `row_number() OVER ${over} AS visit_number`,
    `date_diff('day', lag(start_date) OVER ${over}, start_date) AS days_since`,
    `first_value(ward) OVER ${over} AS first_ward`,
    draw.pick([
      `LEAST(SUM(cost) OVER (PARTITION BY person_id ORDER BY start_date ROWS BETWEEN 2 PRECEDING AND CURRENT ROW), 90000)`,
      `COALESCE(lead(cost) OVER ${over}, 0)`,
      `LEAST(MAX(cost) OVER w, 50000)`,
    ]),
  ];
  const where = draw.chance(0.4) ? ` WHERE ${condition(draw, scope('', visitFields(''), ''), 1)}` : '';
  const window = ' WINDOW w AS (PARTITION BY person_id)';
  const qualify = draw.chance(0.3) ? ` QUALIFY row_number() OVER ${over} <= ${draw.int(1, 4)}` : '';
  const body = `SELECT ${columns.join(', ')} AS spent FROM visit${where}${window}${qualify}`;
  const fields: Field[] = [
    ...visitFields('s.'),
    { sql: 'LEAST(s.visit_number, 10)', type: 'integer', low: 1, high: 10 },
    { sql: 'LEAST(GREATEST(s.days_since, 0), 365)', type: 'integer', low: 0, high: 365 },
    { sql: '(s.days_since <= 30)', type: 'boolean' },
    { sql: 's.first_ward', type: 'text', values: WARD },
    { sql: 'LEAST(GREATEST(s.spent, 0), 90000)', type: 'double', low: 0, high: 90000 },
  ];
  if (draw.chance(0.5)) return scope('steps s', fields, 's.person_id', { common: [`steps AS (${body})`] });
  return scope(`(${body}) s`, fields, 's.person_id');
}

/** One row per unit, aggregated. */
function perUnit(draw: Draw): Scope {
  const where = draw.chance(0.5) ? ` WHERE ${condition(draw, scope('', visitFields(''), ''), 1)}` : '';
  const having = draw.chance(0.3) ? ` HAVING COUNT(*) >= ${draw.int(1, 3)}` : '';
  const body =
    'SELECT person_id, COUNT(*) AS n, MIN(start_date) AS first_date, MAX(cost) AS dearest, AVG(cost) AS mean_cost, ' +
    `bool_or(ward = 'icu') AS was_icu, arg_max(ward, cost) AS dearest_ward FROM visit${where} GROUP BY person_id${having}`;
  const fields: Field[] = [
    { sql: 'LEAST(u.n, 8)', type: 'integer', low: 0, high: 8 },
    { sql: 'u.first_date', type: 'date' },
    { sql: 'u.dearest', type: 'double', low: 0, high: 50000 },
    { sql: 'u.mean_cost', type: 'double', low: 0, high: 50000 },
    { sql: 'u.was_icu', type: 'boolean' },
    { sql: 'u.dearest_ward', type: 'text', values: WARD },
  ];
  if (draw.chance(0.4)) {
    return scope(
      `person p LEFT JOIN (${body}) u ON u.person_id = p.person_id`,
      [...fields, ...personFields('p.')],
      'p.person_id',
    );
  }
  return scope(`(${body}) AS u`, fields, 'u.person_id');
}

function united(draw: Draw): Scope {
  if (draw.chance(0.5)) {
    const part = (table: string, text: string): string =>
      `SELECT person_id, start_date, ${text} AS ward, cost FROM ${table} WHERE ${condition(draw, scope('', visitFields(''), ''), 1)}`;
    return scope(`(${part('visit', 'ward')} UNION ALL ${part('visit', "'icu'")}) e`, visitFields('e.'), 'e.person_id');
  }
  const operation = draw.pick(['UNION', 'INTERSECT', 'EXCEPT']);
  const cohort = `${unitsOf(draw)} ${operation} ${unitsOf(draw)}`;
  return scope(`chosen JOIN person p USING (person_id)`, personFields('p.'), 'p.person_id', {
    common: [`chosen(person_id) AS (${cohort})`],
  });
}

/** A selection of units. */
export function unitsOf(draw: Draw): string {
  return draw.weighted<string>([
    [2, () => `SELECT person_id FROM visit WHERE ${condition(draw, scope('', visitFields(''), ''), 1)}`],
    [1, () => `SELECT person_id FROM person WHERE ${condition(draw, scope('', personFields(''), ''), 1)}`],
    [1, () => `SELECT person_id FROM visit GROUP BY person_id HAVING COUNT(*) > ${draw.int(1, 4)}`],
  ]);
}

function nested(draw: Draw): Scope {
  const inner = `SELECT person_id, ward, cost, start_date FROM visit WHERE ${condition(draw, scope('', visitFields(''), ''), 2)}`;
  return scope('recent', visitFields(''), 'person_id', { common: [`recent AS (${inner})`] });
}

/** Lab values with the code pinned to one or several, which bounds them. */
export function labScope(draw: Draw): Scope {
  if (draw.chance(0.5)) {
    const fields = [{ sql: 'value', type: 'double', low: 3, high: 250 }] as const;
    return { common: [], from: 'lab', fields, unit: '', where: ["code IN ('a1c', 'sbp')"] };
  }
  const [code, low, high] = draw.pick([
    ['a1c', 3, 20],
    ['sbp', 50, 250],
  ] as const);
  return {
    common: [],
    from: 'lab',
    fields: [{ sql: 'value', type: 'double', low, high }],
    unit: '',
    where: [`code = '${code}'`],
  };
}
