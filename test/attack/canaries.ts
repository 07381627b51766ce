/** Values of one person that no output may show, and the words by which an engine would give itself away. */

/** Stands in every hostile text. */
export const CANARY = 'CANARY';

/** Whole numbers and decimals that noise does not hit: far outside every range of the policy, or with many digits. */
export const CANARY_UNIT = 7777111122223333n;
export const CANARY_VISIT = 8888777766660000n;
export const CANARY_COST = '31337.731933';
export const CANARY_DATE = '2019-02-17';

const CANARIES = /canary|77771111222233|88887777666|31337\.73193/i;
const ENGINE =
  /(?:binder|conversion|catalog|parser|constraint|out of range|invalid input|internal|io|serialization|permission|not implemented|out of memory|invalid) (?:error|exception)|duckdb|"?gauze"?\."?t\d|"[kx]\d+"|\bk\d+\b|try_cast\(|read_(?:csv|parquet)\(|\[object|undefined|\bNaN\b|\bat .+\.(?:ts|js):\d/i;

/** The canary in a text, or null. */
export function canaryIn(text: string): string | null {
  return CANARIES.exec(text)?.[0] ?? null;
}

/** What is the engine's in a message; words of the question itself do not count. */
export function engineWordIn(message: string, question: string): string | null {
  const word = ENGINE.exec(message)?.[0] ?? null;
  const bare = word?.replaceAll('"', '').toLowerCase() ?? '';
  return word === null || question.toLowerCase().includes(bare) ? null : word;
}
