/** `docs/accuracy.md`, as measured. */
import type { ErrorLine } from './measured.ts';

/** What one measurement found. */
export interface Measured {
  readonly lines: readonly ErrorLine[];
  readonly epsilons: readonly number[];
  readonly times: number;
  readonly coverage: { readonly held: number; readonly of: number };
}

const SETS: Readonly<Record<string, string>> = {
  diabetes130: '101,766 hospital stays of 71,518 diabetic patients, 130 US hospitals (real)',
  'omop-gibleed': 'OMOP CDM, 2,694 persons (synthetic, Eunomia GiBleed)',
  'omop-synthea27': 'OMOP CDM, 28 persons (synthetic, Eunomia Synthea27): too few for anything but totals',
  heart4: '920 cardiac patients of four hospitals (real)',
  census: 'Census extracts: 32,561 persons (Adult) and 1,000 persons (PUMS, California) (real)',
};

/** The whole page. */
export function accuracyPage({ lines, epsilons, times, coverage }: Measured): string {
  const sets = [...new Set(lines.map((line) => line.question.policy))];
  return [
    HEAD,
    `Median over ${times} answers with fresh noise. Of ${coverage.of.toLocaleString('en')} intervals at 95 %, ` +
      `${((100 * coverage.held) / coverage.of).toFixed(1)} % held the value they were drawn around.`,
    '',
    ...sets.flatMap((set) => [
      `## ${SETS[set] ?? set}`,
      '',
      `| question | figure | rows | typical | ${epsilons.map((epsilon) => `ε = ${epsilon}`).join(' | ')} | bounds alone |`,
      `|---|---|---:|---:|${'---:|'.repeat(epsilons.length + 1)}`,
      ...lines.filter((line) => line.question.policy === set).map(printLine),
      '',
    ]),
    FOOT,
  ].join('\n');
}

/** Titles that a page lists. */
export function isListed(page: string, title: string): boolean {
  return page.includes(`| ${escaped(title)} |`);
}

function printLine({ question, column, figures, typical, errors, bias }: ErrorLine): string {
  const cells = [escaped(question.title), column, String(figures), printTypical(typical)];
  return `| ${[...cells, ...[...errors, bias].map(printShare)].join(' | ')} |`;
}

function printTypical(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}

function printShare(share: number): string {
  if (!Number.isFinite(share)) return 'not told';
  const percent = 100 * share;
  if (percent > 100) return '> 100 %';
  if (percent < 0.005) return percent === 0 ? '0' : '< 0.01 %';
  return `${percent >= 10 ? Math.round(percent) : percent.toPrecision(2)} %`;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '\\<');
}

const HEAD = `# How accurate answers are

Questions of clinical and health-services research on public data, asked through the whole path. Every cell is the median,
over the rows of the answer and over repeated noise, of |answer − plain SQL| / |plain SQL|; plain SQL knows no bound and
adds no noise. *Typical* is the median of the exact figures. *Bounds alone* is what remains without any noise: rows beyond
the policy’s bound per person are not counted, and values are clamped. (Where a person is in more groups than the policy
counts, some are dropped at random; that shows in the errors, not in the last column.) *Not told* means that most figures
were withheld as resting on too few rows for this ε; the interval is then the whole range. The budget is that of the whole
question: where it asks for several figures, they share it.

Questions, policies and the plain SQL stand in \`test/real/\`. \`GAUZE_DATA_DIR=… UPDATE_ACCURACY=1 npx vitest run --config
test/vitest.config.ts test/real\` measures this page again.
`;

const FOOT = `## What to take from it

- Counting persons (\`COUNT(DISTINCT person_id)\`, or rows of one per person) costs the same however much happened to them:
  at ε = 1 an interval is ± 3 persons where each is in one group. Counting events costs as many as one person may add: lower
  \`rows\` with \`contribution\` where the question allows it.
- A sum or mean is as good as its bounds are tight. Clamp inside the question (\`least(x, 60)\`, \`WHERE x BETWEEN 1 AND 480\`):
  narrower bounds mean less noise and more bias, and the last column shows the bias.
- Groups share nothing: each has the noise of the whole, so a figure about 300 persons is a hundred times less certain in
  proportion than one about 30,000.
- A share is steadier as \`AVG\` of a condition than as the quotient of two counts, where both would do: the average’s count and
  sum are centred.
- Names from a vocabulary cost nothing where the policy names the vocabulary’s \`key\`: a join on it adds no rows, and only names
  that the data can have are groups. Names joined to the released answer (an outer query) are free in any case.
`;
