/**
 * DuckDB's keywords by what they may still name (`duckdb_keywords()` of DuckDB 1.5; a test compares). Words in lower
 * case. What is in no class is an ordinary identifier.
 */

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

const RESERVED: ReadonlySet<string> = words(`
  all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
  deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect
  into lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary
  qualify references returning select show some summarize symmetric table then to trailing true union unique unpivot
  using variadic when where window with`);

const TYPE_OR_FUNCTION: ReadonlySet<string> = words(`
  anti asof at authorization binary by collation columns concurrently cross freeze full generated glob ilike inner is
  isnull join left like map natural notnull outer overlaps positional right semi similar struct tablesample try_cast
  unpack verbose`);

const COLUMN_NAME: ReadonlySet<string> = words(`
  between bigint bit boolean char character coalesce dec decimal exists extract float grouping grouping_id inout int
  integer interval national nchar none nullif numeric out overlay position precision real row setof smallint substring
  time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse
  xmlpi xmlroot xmlserialize xmltable`);

const UNRESERVED: ReadonlySet<string> = words(`
  abort absolute access action add admin after aggregate also alter always assertion assignment attach attribute backward
  before begin cache call called cascade cascaded catalog centuries century chain characteristics checkpoint class close
  cluster comment comments commit committed compression configuration conflict connection constraints content continue
  conversion copy cost csv cube current cursor cycle data database day days deallocate decade decades declare defaults
  deferred definer delete delimiter delimiters depends detach dictionary disable discard document domain double drop each
  enable encoding encrypted enum error escape event exclude excluding exclusive execute explain export export_state
  extension extensions external family filter first following force forward function functions global grant granted groups
  handler header hold hour hours identity if ignore immediate immutable implicit import include including increment index
  indexes inherit inherits inline input insensitive insert install instead invoker isolation json key label language large
  last leakproof level listen load local location lock locked logged macro mapping match matched materialized maxvalue
  merge method microsecond microseconds millennia millennium millisecond milliseconds minute minutes minvalue mode month
  months move name names new next no nothing notify nowait nulls object of off oids old operator option options ordinality
  others over overriding owned owner parallel parser partial partition partitioned passing password percent persistent
  plans policy pragma preceding prepare prepared preserve prior privileges procedural procedure program publication quarter
  quarters quote range read reassign recheck recursive ref referencing refresh reindex relative release rename repeatable
  replace replica reset respect restart restrict returns revoke role rollback rollup rows rule sample savepoint schema
  schemas scope scroll search second seconds secret security sequence sequences serializable server session set sets share
  simple skip snapshot sorted source sql stable standalone start statement statistics stdin stdout storage stored strict
  strip subscription sysid system tables tablespace target temp template temporary text ties transaction transform trigger
  truncate trusted type types unbounded uncommitted unencrypted unknown unlisten unlogged until update use user vacuum
  valid validate validator value variable varying version view views virtual volatile week weeks whitespace within without
  work wrapper write xml year years yes zone`);

/** All classes, for the test that compares them with DuckDB's own list. */
export const KEYWORD_CLASSES: Readonly<Record<string, ReadonlySet<string>>> = {
  reserved: RESERVED,
  type_function: TYPE_OR_FUNCTION,
  column_name: COLUMN_NAME,
  unreserved: UNRESERVED,
};

/** Whether the unquoted word may name a column, a table or an alias after AS in FROM. */
export function isNameWord(word: string): boolean {
  return !RESERVED.has(word) && !TYPE_OR_FUNCTION.has(word);
}

/** Whether the unquoted word may name a function. */
export function isFunctionWord(word: string): boolean {
  return !RESERVED.has(word);
}

/** Whether the unquoted word may be a column's alias without AS. */
export function isBareAlias(word: string): boolean {
  return isNameWord(word) && !COLUMN_NAME.has(word) && !UNRESERVED.has(word);
}

/** Whether the word is a keyword that can't stand alone as a name. */
export function isReserved(word: string): boolean {
  return RESERVED.has(word);
}

const CLAUSE_WORDS: readonly string[] = (
  'select distinct from where group order having limit offset union intersect except join inner left right full outer ' +
  'cross on using and or not between like ilike in is null case when then else end as by with over partition filter ' +
  'exists qualify window'
).split(' ');

/** The clause keyword that a misspelt word probably means, or null. */
export function nearestKeyword(word: string): string | null {
  if (word.length < 3 || word.length > 12 || CLAUSE_WORDS.includes(word)) return null;
  const allowed = word.length <= 4 ? 1 : 2;
  let best: string | null = null;
  let bestDistance = allowed + 1;
  for (const keyword of CLAUSE_WORDS) {
    if (keyword.length < 4 || Math.abs(keyword.length - word.length) > allowed) continue;
    const distance = editDistance(word, keyword);
    if (distance < bestDistance) {
      best = keyword;
      bestDistance = distance;
    }
  }
  return best;
}

/** Damerau–Levenshtein distance with adjacent swaps, on words of at most a dozen letters. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
