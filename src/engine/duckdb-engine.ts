/** What native DuckDB and duckdb-wasm have in common: printing, running under a warrant, reading public tables, verifying. */
import { walkRelation } from '../ask/fold.ts';
import type { Relation } from '../ask/ir.ts';
import type { Value } from '../ask/types.ts';
import type { BoundedQuestion } from '../bound/bounded.ts';
import { Warrant } from '../charge/warrant.ts';
import { GauzeError, invariant } from '../errors.ts';
import type { Declaration } from '../policy/declaration.ts';
import type { Dataset, Policy } from '../policy/policy.ts';
import { type Attachments, attachTables, type SourceHost, tableKey } from './attach.ts';
import { type RawResult, statisticsOf, valuesOf } from './columns.ts';
import { Deadline, type ReadLimits } from './deadline.ts';
import { type BoundedStatement, type DialectOptions, printBounded, printDomain, printRows } from './dialect/duckdb.ts';
import type { Transport } from './dialect/transport.ts';
import type { Engine, PreparedRead, Readable } from './engine.ts';
import { failed, tooManyRows, unavailable } from './failures.ts';
import { Sealed } from './sealed.ts';
import { checksOf, fullReads } from './verify.ts';
import { countListed, fingerprintWithout, storeWithdrawals, type Withdrawals } from './withdrawals.ts';

/** Most rows of public tables that leave the engine for one question. */
const PUBLIC_ROWS_MAX = 1_000_000;

/**
 * Largest `perfect_ht_threshold`: DuckDB may index groups by the bits of their keys' ranges, all keys together, and every
 * thread then starts an array of 2^bits groups, up to 100 bytes each, however few rows there are. 20 bits hold a million
 * units in 100 MB a thread; two keys of 4,000 persons are 24 bits, 1.6 GB.
 */
export const UNIT_BITS = 20;

/** A statement and how to read its columns. */
export interface Job {
  readonly sql: string;
  readonly parameters: readonly string[];
  readonly columns: readonly Transport[];
  /** Every grouping is by one column at most: engines may prefer a table indexed by it. */
  readonly byOneColumn: boolean;
}

/** The part that differs between native and wasm. */
export interface DuckDbAdapter {
  readonly name: string;
  readonly host: SourceHost;
  readonly texts: DialectOptions['texts'];
  /** Runs one statement; stops soon after the deadline. May throw anything: no word of it goes further. */
  run(job: Job, deadline: Deadline): Promise<RawResult>;
  /** Forbids everything but reading what is attached, for good. */
  lock(): Promise<void>;
  fingerprint(dataset: Dataset, key: Uint8Array, attached: Attachments): Promise<string>;
  close(): Promise<void>;
}

/** An engine over an adapter. `portableHash` selects pairs by MD5 instead of DuckDB's hash (conformance only). */
export function duckDbEngine(adapter: DuckDbAdapter, options: { readonly portableHash: boolean }): Engine {
  const attached: Attachments = { tables: new Map(), withdrawn: new Map(), holders: new Map() };
  const dialect: DialectOptions = {
    table: (dataset, name) => attached.tables.get(tableKey(dataset, name)) ?? null,
    texts: adapter.texts,
    portableHash: options.portableHash,
  };
  let locking: Promise<void> | null = null;
  const locked = (): Promise<void> => {
    locking ??= adapter.lock();
    return locking;
  };
  return {
    name: adapter.name,
    attach: async (policy: Policy, dataset: Dataset, withdrawn: Withdrawals = []) => {
      if (locking !== null) throw lockedAlready();
      await hidingWords(
        () => attachTables(policy, dataset, withdrawn, adapter.host, attached),
        unreadable(dataset.name),
      );
    },
    fingerprint: async (dataset, key) => {
      const content = await hidingWords(() => adapter.fingerprint(dataset, key, attached), unreadable(dataset.name));
      return fingerprintWithout(content, attached.withdrawn.get(dataset.name)?.units ?? [], key);
    },
    verify: (dataset) => hidingWords(() => verify(adapter, dataset, attached), unreadable(dataset.name)),
    withdrawnFound: async (dataset, units) => {
      if (locking !== null) throw lockedAlready();
      return hidingWords(() => found(adapter, attached, dataset, units), unreadable(dataset.name));
    },
    prepare: (plan: Readable, salt: bigint): PreparedRead => {
      const statements = plan.questions.map(({ bounded }) => print(bounded, salt, dialect));
      return {
        run: async (warrant: Warrant, limits: ReadLimits) => {
          Warrant.open(warrant, plan.digest);
          return reading(limits, async (deadline) => {
            await locked();
            const answers = [];
            for (const statement of statements) answers.push(await answer(adapter, statement, deadline));
            return Sealed.seal({
              questions: answers.map(({ statistics }) => statistics),
              domains: answers.map(({ domains }) => domains),
            });
          });
        },
      };
    },
    readPublic: async (relation: Relation, limits: ReadLimits) => {
      checkPublic(relation, attached);
      const { columns, sql, parameters } = printRows(relation, dialect);
      const job: Job = { sql: `${sql} LIMIT ${PUBLIC_ROWS_MAX + 1}`, parameters, columns, byOneColumn: false };
      const result = await reading(limits, async (deadline) => {
        await locked();
        return adapter.run(job, deadline);
      });
      if (result.rows > PUBLIC_ROWS_MAX) throw tooManyRows(PUBLIC_ROWS_MAX);
      const values = columns.map((_, index) => valuesOf(result.columns[index] ?? { kind: 'others', others: [] }));
      return { columns: relation.columns, values };
    },
    close: () => adapter.close(),
  };
}

/** One question's statements: its statistics, and the public relations that keys take their values from. */
interface PrintedQuestion {
  readonly question: BoundedQuestion;
  readonly main: BoundedStatement;
  readonly domains: readonly ReturnType<typeof printDomain>[];
}

function print(question: BoundedQuestion, salt: bigint, dialect: DialectOptions): PrintedQuestion {
  return {
    question,
    main: printBounded(question, salt, dialect),
    domains: question.keys.map((key) => printDomain(key, dialect)),
  };
}

async function answer(
  adapter: DuckDbAdapter,
  { question, main, domains }: PrintedQuestion,
  deadline: Deadline,
): Promise<{
  statistics: ReturnType<typeof statisticsOf>;
  domains: (readonly Value[] | null)[];
}> {
  const columns: Transport[] = [...(main.setNumbers === null ? [] : (['bigint'] as const)), ...main.keys];
  for (const transport of main.statistics) {
    columns.push(...(transport === 'halves' ? (['bigint', 'bigint'] as const) : [transport]));
  }
  const { sql, parameters } = main;
  const result = await adapter.run({ sql, parameters, columns, byOneColumn: groupsByOneColumn(question) }, deadline);
  const listed: (readonly Value[] | null)[] = [];
  for (const domain of domains) {
    if (domain === null) {
      listed.push(null);
      continue;
    }
    const job: Job = {
      sql: domain.sql,
      parameters: domain.parameters,
      columns: [domain.transport],
      byOneColumn: false,
    };
    const values = await adapter.run(job, deadline);
    listed.push(valuesOf(values.columns[0] ?? { kind: 'others', others: [] }));
  }
  return { statistics: statisticsOf(main, result, question.keys.length), domains: listed };
}

/** Whether no grouping of a statement, inside its source or over it, has several keys. */
function groupsByOneColumn(question: BoundedQuestion): boolean {
  if (question.path === 'pairs' || question.sets.some((set) => set.length > 1)) return false;
  let single = true;
  walkRelation(question.source, (relation) => {
    if (relation.kind === 'aggregate' && relation.keys.length > 1) single = false;
  });
  return single;
}

async function verify(
  adapter: DuckDbAdapter,
  dataset: Dataset,
  attached: Attachments,
): Promise<readonly Declaration[]> {
  const broken: Declaration[] = [];
  const deadline = new Deadline({});
  for (const sql of fullReads(dataset, attached)) {
    await adapter.run({ sql, parameters: [], columns: ['bigint'], byOneColumn: false }, deadline);
  }
  for (const { declaration, sql } of checksOf(dataset, attached)) {
    const result = await adapter.run({ sql, parameters: [], columns: ['bigint'], byOneColumn: false }, deadline);
    const [count] = valuesOf(result.columns[0] ?? { kind: 'others', others: [] });
    if (count !== 0n) broken.push(declaration);
  }
  return broken;
}

async function found(
  adapter: DuckDbAdapter,
  { holders }: Attachments,
  { name }: Dataset,
  units: Withdrawals,
): Promise<number> {
  const list = await storeWithdrawals(units, 'asked', (sql) => adapter.host.execute(sql));
  try {
    const sql = countListed(holders.get(name) ?? [], list);
    const job: Job = { sql, parameters: [], columns: ['bigint'], byOneColumn: false };
    const result = await adapter.run(job, new Deadline({}));
    const [count] = valuesOf(result.columns[0] ?? { kind: 'others', others: [] });
    return Number(count);
  } finally {
    await adapter.host.execute(`DROP TABLE ${list}`);
  }
}

function checkPublic(relation: Relation, attached: Attachments): void {
  walkRelation(relation, (node) => {
    invariant(node.kind !== 'released', 'released answers are put in before public tables are read');
    if (node.kind !== 'table') return;
    const table = attached.tables.get(tableKey(node.dataset, node.table));
    invariant(table?.public === true, 'only public tables are read without a charge');
  });
}

/** Runs a read; whatever goes wrong is ENGINE_FAILED unless the caller ended it. */
async function reading<T>(limits: ReadLimits, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const deadline = new Deadline(limits);
  try {
    return await work(deadline);
  } catch {
    throw deadline.stop ?? failed();
  } finally {
    deadline.close();
  }
}

/** Lets typed errors through and replaces all others: an engine's own text never leaves it. */
async function hidingWords<T>(work: () => Promise<T>, instead: GauzeError): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof GauzeError ? error : instead;
  }
}

function unreadable(dataset: string): GauzeError {
  return unavailable(
    `The data of ${dataset} cannot be read.`,
    'Check that the files of the policy exist, are not being written, and are DuckDB, Parquet or CSV files.',
  );
}

function lockedAlready(): GauzeError {
  return unavailable(
    'Data sets are attached before the first question; after it the engine is locked.',
    'Open a new session that attaches all data sets first.',
  );
}
