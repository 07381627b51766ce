/**
 * Valid questions over the network policy, from a seed: joins, cohorts, windows, per-unit aggregates, CASE, dates,
 * grouping sets, filters, set operations, post-processing. Every question binds in DuckDB and asks for nothing that the
 * policy withholds.
 */
import { aggregate, condition, type Key, key, number, type Scope } from './grammar-columns.ts';
import { drawScope, labScope, unitsOf } from './grammar-scopes.ts';
import { Draw } from './random.ts';

export { seeded } from './random.ts';

/** One question. The same stream of numbers gives the same text. */
export function generateQuestion(random: () => number): string {
  const draw = new Draw(random);
  const question = draw.weighted<string>([
    [10, () => grouped(draw, drawScope(draw))],
    [4, () => whole(draw, drawScope(draw))],
    [2, () => groupingSets(draw)],
    [2, () => lab(draw)],
    [2, () => released(draw)],
    [1, () => distinctKeys(draw)],
    [1, () => publicOnly(draw)],
  ]);
  return surface(draw, question);
}

function clauses(scope: Scope, items: readonly string[], where: readonly string[]): string {
  const common = scope.common.length > 0 ? `WITH ${scope.common.join(', ')} ` : '';
  const conditions = [...scope.where, ...where];
  const filter = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
  return `${common}SELECT ${items.join(', ')} FROM ${scope.from}${filter}`;
}

function drawWhere(draw: Draw, scope: Scope): readonly string[] {
  const where: string[] = [];
  if (draw.chance(0.5)) where.push(condition(draw, scope, 2));
  if (scope.unit !== '' && draw.chance(0.3)) where.push(cohort(draw, scope));
  return where;
}

function cohort(draw: Draw, scope: Scope): string {
  // The unit of a full join is put together from both sides; membership of it is asked on the sides.
  if (scope.from.includes('FULL JOIN')) return condition(draw, scope, 1);
  const not = draw.chance(0.4) ? 'NOT ' : '';
  if (draw.chance(0.5)) return `${scope.unit} ${not}IN (${unitsOf(draw)})`;
  const unit = scope.unit.includes('.') ? scope.unit : `${scope.from.replace('network.', '')}.${scope.unit}`;
  if (!/^\w+\.person_id$/.test(unit)) return `${scope.unit} ${not}IN (${unitsOf(draw)})`;
  return `${not}EXISTS (SELECT 1 FROM visit x WHERE x.person_id = ${unit} AND x.cost > ${draw.int(1, 49000)})`;
}

function aggregates(draw: Draw, scope: Scope): readonly string[] {
  const make = scope.unit === '' ? (): string => labAggregate(draw, scope) : (): string => aggregate(draw, scope);
  return Array.from({ length: draw.int(1, 3) }, (_, i) => `${make()} AS a${i}`);
}

function whole(draw: Draw, scope: Scope): string {
  return clauses(scope, aggregates(draw, scope), drawWhere(draw, scope));
}

function grouped(draw: Draw, scope: Scope): string {
  const keys = Array.from({ length: draw.int(1, 2) }, (_, i) => key(draw, scope, i));
  const measures = aggregates(draw, scope);
  const select = clauses(scope, [...keys.map(named), ...measures], drawWhere(draw, scope));
  const group = draw.pick([
    keys.map((_, i) => i + 1).join(', '),
    keys.map((one) => one.sql).join(', '),
    keys.map((one) => one.alias).join(', '),
    'ALL',
  ]);
  return `${select} GROUP BY ${group}${after(draw, keys, measures.length)}`;
}

function named(one: Key): string {
  return `${one.sql} AS ${one.alias}`;
}

/** HAVING, ORDER BY and LIMIT act on the noisy answer. */
function after(draw: Draw, keys: readonly Key[], measures: number): string {
  const having = draw.chance(0.15) ? ` HAVING COUNT(*) > ${draw.int(0, 20)}` : '';
  if (!draw.chance(0.5)) return having;
  const direction = draw.pick(['', ' ASC', ' DESC', ' DESC NULLS LAST', ' NULLS FIRST']);
  const by = draw.pick([
    String(keys.length + draw.int(1, measures)),
    keys[0]?.alias ?? '1',
    `a${draw.int(0, measures - 1)}`,
  ]);
  const limit = draw.chance(0.4) ? ` LIMIT ${draw.int(1, 20)}` : '';
  const offset = limit !== '' && draw.chance(0.3) ? ` OFFSET ${draw.int(1, 3)}` : '';
  return `${having} ORDER BY ${by}${direction}${limit}${offset}`;
}

function groupingSets(draw: Draw): string {
  const group = draw.pick([
    'ROLLUP (sex, ward)',
    'ROLLUP (sex), ward',
    'CUBE (sex, ward)',
    'GROUPING SETS ((sex), (ward), ())',
    'GROUPING SETS ((sex, ward), (sex))',
    'sex, ROLLUP (ward)',
  ]);
  const scope: Scope = {
    common: [],
    from: 'person JOIN visit USING (person_id)',
    fields: [
      { sql: 'cost', type: 'double', low: 0, high: 50000 },
      { sql: 'birth_year', type: 'integer', low: 1900, high: 2025 },
    ],
    unit: 'person_id',
    where: [],
  };
  const where = draw.chance(0.5) ? [condition(draw, scope, 1)] : [];
  return `${clauses(scope, ['sex', 'ward', ...aggregates(draw, scope)], where)} GROUP BY ${group}`;
}

function lab(draw: Draw): string {
  if (draw.chance(0.3)) return byPublicKey(draw);
  const scope = labScope(draw);
  const named = draw.chance(0.3) ? { ...scope, from: 'lab JOIN code_name USING (code)' } : scope;
  const where = draw.chance(0.5) ? [condition(draw, scope, 1)] : [];
  const measures = aggregates(draw, scope);
  if (draw.chance(0.5)) return clauses(named, measures, where);
  return `${clauses(named, ['code', ...measures], where)} GROUP BY code`;
}

/** Groups that a public table lists. */
function byPublicKey(draw: Draw): string {
  const key = draw.pick(['c.name', 'c.code', 'upper(c.name)']);
  const where = draw.chance(0.5) ? [`c.name IS ${draw.pick(['', 'NOT '])}NULL`] : [];
  const from = `lab l ${draw.pick(['JOIN', 'LEFT JOIN'])} code_name c USING (code)`;
  const scope: Scope = { common: [], from, fields: [], unit: '', where };
  return `${clauses(scope, [`${key} AS k0`, 'COUNT(*) AS a0'], [])} GROUP BY ${draw.pick(['1', key, 'ALL'])}`;
}

function labAggregate(draw: Draw, scope: Scope): string {
  return draw.pick([
    'COUNT(*)',
    'COUNT(value)',
    'AVG(value)',
    `SUM(${number(draw, scope, 1)})`,
    `COUNT(*) FILTER (WHERE ${condition(draw, scope, 1)})`,
  ]);
}

/** An outer query over a released one. */
function released(draw: Draw): string {
  const inner = `SELECT ward, COUNT(*) AS n, SUM(cost) AS total FROM visit GROUP BY ward`;
  return draw.pick([
    `SELECT ward, total / NULLIF(n, 0) AS mean, round(n, -1) AS rounded FROM (${inner}) r ORDER BY mean DESC`,
    `WITH r AS (${inner}) SELECT ward, n FROM r WHERE n > ${draw.int(1, 50)}`,
    `SELECT SUM(n) AS visits FROM (${inner}) r`,
    `WITH r AS (${inner}) SELECT ward, n / (SELECT SUM(n) FROM r) AS share FROM r WHERE n > (SELECT AVG(n) FROM r) / 2`,
    `SELECT sex, COUNT(*) / (SELECT COUNT(*) FROM visit WHERE cost < ${draw.int(1, 9000)}) AS share FROM person GROUP BY sex`,
    `SELECT c.name, r.n FROM (SELECT code, COUNT(*) AS n FROM lab GROUP BY code) r JOIN code_name c USING (code)`,
    `SELECT code, n, CASE WHEN n < 0 THEN 0 ELSE n END AS shown FROM (SELECT code, COUNT(*) AS n FROM lab GROUP BY 1)`,
  ]);
}

function distinctKeys(draw: Draw): string {
  return draw.pick([
    'SELECT DISTINCT sex FROM person',
    'SELECT DISTINCT city FROM person',
    'SELECT DISTINCT ward, sex FROM visit JOIN person USING (person_id)',
    `SELECT DISTINCT extract(year FROM start_date) AS y FROM visit WHERE cost > ${draw.int(1, 9000)}`,
  ]);
}

function publicOnly(draw: Draw): string {
  return draw.pick([
    'SELECT COUNT(*) AS n FROM code_name',
    `SELECT code, upper(name) AS name FROM code_name WHERE name LIKE '%a%' ORDER BY 1 LIMIT ${draw.int(1, 9)}`,
    'SELECT left(code, 1) AS letter, COUNT(*) AS n FROM code_name GROUP BY 1',
  ]);
}

/** The same question as people type it: other cases, comments, quoted names, line breaks. */
function surface(draw: Draw, question: string): string {
  let text = question;
  if (draw.chance(0.2))
    text = text.replaceAll(/\b(SELECT|FROM|WHERE|GROUP BY|AS|AND)\b/g, (word) => word.toLowerCase());
  if (draw.chance(0.2)) text = text.replaceAll(/ (FROM|WHERE|GROUP BY|ORDER BY) /g, '\n$1 ');
  if (draw.chance(0.1)) text = text.replaceAll(/\bcost\b/g, '"cost"');
  if (draw.chance(0.1)) text = text.replaceAll(/\bward\b/g, 'Ward');
  if (draw.chance(0.1)) text = `-- a question; with a quote ' in it\n${text}`;
  if (draw.chance(0.1)) text = text.replace(' FROM ', ' /* from /* nested */ here */ FROM ');
  if (draw.chance(0.2)) text = `${text};`;
  return text;
}
