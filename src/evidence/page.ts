/** The page for patients, in plain words; as Markdown, or as HTML. */
import type { Transparency, TransparentCap, TransparentDataset } from './transparency.ts';

/** A piece of the page. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] };

/** The whole page. */
export function pageOf(facts: Transparency): readonly Block[] {
  const { contact, datasets, purposes } = facts;
  return [
    heading(1, 'How patient data are used here'),
    text(spanText(facts)),
    text(
      `Researchers may ask questions about many patients together, such as “how many patients over 60 were treated last year?”. They never see the record of a patient. Each figure they get was changed at random before they got it${blurText(facts.largest)}`,
    ),
    heading(2, 'Which data'),
    ...datasets.flatMap(datasetBlocks),
    heading(2, 'What for'),
    purposes.length === 0
      ? text('The rules name no purposes: questions need not say what they are for.')
      : list(
          purposes.map(
            ({ name, description, questions }) =>
              `${name}${description === null ? '' : ` (${description})`}: ${times(questions)} in this period`,
          ),
        ),
    heading(2, 'How you are protected'),
    ...datasets.flatMap(protection),
    text(
      'The protection does not depend on what somebody knows already, and it cannot be undone later. It does not stop anybody from drawing conclusions about groups: if a study shows that smoking harms, that is learnt about smokers whether or not you took part.',
    ),
    heading(2, 'How much was asked'),
    ...asked(facts),
    heading(2, 'Questions, or no longer wish to take part?'),
    text(
      contact === null
        ? 'The rules name nobody to write to. Ask the hospital that treated you.'
        : `Write to: ${contact}`,
    ),
    text(
      'Everything on this page comes from the rules and from the list of questions. No figure on it is computed from patients’ records.',
    ),
  ];
}

/** As Markdown. */
export function printMarkdown(blocks: readonly Block[]): string {
  const lines = blocks.map((block) => {
    if (block.kind === 'heading') return `${'#'.repeat(block.level)} ${plain(block.text)}`;
    return block.kind === 'text' ? plain(block.text) : block.items.map((item) => `- ${plain(item)}`).join('\n');
  });
  return `${lines.join('\n\n')}\n`;
}

/** As one HTML document that loads nothing. */
export function printHtml(blocks: readonly Block[]): string {
  const body = blocks.map((block) => {
    if (block.kind === 'heading') return `<h${block.level}>${escaped(block.text)}</h${block.level}>`;
    if (block.kind === 'text') return `<p>${escaped(block.text)}</p>`;
    return `<ul>\n${block.items.map((item) => `<li>${escaped(item)}</li>`).join('\n')}\n</ul>`;
  });
  const style = 'body{max-width:40rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}';
  return `<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>How patient data are used here</title>\n<style>${style}</style>\n${body.join('\n')}\n</html>\n`;
}

/** What the page covers; where earlier records lie in an archive, to the second, since it is not that whole day. */
function spanText({ period: { from, to }, archivedUntil }: Transparency): string {
  if (archivedUntil === null) return `This page covers ${day(from)} to ${day(to)}.`;
  return `This page covers ${second(from)} to ${second(to)}. Earlier records, until ${second(archivedUntil)}, lie in an archive and are not counted here.`;
}

/** Up to here somebody who thought “50 %” can think “52.5 %” at most. */
const EPSILON_SMALL = 0.1;

/** How much one answer may tell about one person, by the question that may tell most: no more is promised. */
function blurText(largest: Transparency['largest']): string {
  if (largest === null) return '.';
  const { epsilon, delta } = largest;
  const rest = delta > 0 ? ` This may fail with a chance of at most ${delta} for each question.` : '';
  if (epsilon <= EPSILON_SMALL) return `, so that each answer says almost nothing about any one person.${rest}`;
  return `. The question of this time that may tell most was charged epsilon ${epsilon}: in the worst case somebody who thought “50 %” about something in your record could think “${belief(epsilon)} %” after seeing its answer.${rest}`;
}

/** What 50 % becomes at most, in percent: e^ε / (1 + e^ε) for pure ε, by Bayes’ rule from [DR14, Def. 2.4]; rounded up. */
function belief(epsilon: number): string {
  const percent = 100 / (1 + Math.exp(-epsilon));
  return percent > 99.9 ? 'more than 99.9' : `${Math.ceil(percent * 10) / 10}`;
}

function datasetBlocks({ name, columns, needsConsent, questions }: TransparentDataset): Block[] {
  return [
    text(`${name}: ${times(questions)} in this period. Questions may use:`),
    list(columns),
    ...(needsConsent ? [text('Only patients who agreed to the purpose of a question count in it.')] : []),
  ];
}

function protection({ name, cap }: TransparentDataset): Block[] {
  if (cap === null)
    return [text(`${name}: everybody who asks has a limit of his own; no limit holds over all of them together.`)];
  return [text(`${name}: ${limitText(cap)} When the limit is reached, no new question about these data is answered.`)];
}

/** ε in words: how far anything that is published can move what somebody believes about one person. */
function limitText({ epsilon, rho, delta, renews }: TransparentCap): string {
  const each =
    renews === null
      ? 'over all time'
      : `in each ${renews}; what was learnt before stays learnt, so that over years it adds up`;
  if (epsilon === null) {
    return `the limit over all questions together is rho ${rho}, ${each}. It bounds how far everything that is answered can move what somebody believes about you, in a form that suits many small questions.`;
  }
  const honest =
    epsilon > 3
      ? ' That is the worst case, by somebody who knew everything else; it is a weak promise on its own.'
      : '';
  const rest = delta > 0 ? ` This may fail with a chance of at most ${delta}.` : '';
  return `the limit over all questions together is epsilon ${epsilon}, ${each}. In the worst case somebody who thought “50 %” about something in your record could think “${belief(epsilon)} %” after seeing every answer.${honest}${rest}`;
}

function asked({ asked: count, refused, refusedFor, changes, stops }: Transparency): Block[] {
  const opened = changes.flatMap(({ time, widened }) => widened.map((line) => `${day(time)}: ${line}`));
  return [
    text(`${times(count)} answered, ${times(refused)} refused.`),
    ...(refused > 0
      ? [list(Object.entries(refusedFor).map(([code, number]) => `refused ${number} for ${REASONS[code] ?? code}`))]
      : []),
    text(
      `The rules were written anew ${changes.length} ${changes.length === 1 ? 'time' : 'times'}${opened.length > 0 ? ', and opened:' : '.'}`,
    ),
    ...(opened.length > 0 ? [list(opened)] : []),
    ...(stops > 0 ? [text(`All answers were stopped ${stops} ${stops === 1 ? 'time' : 'times'}.`)] : []),
  ];
}

const REASONS: Readonly<Record<string, string>> = {
  BUDGET_EXHAUSTED: 'the limit of what may be learnt',
  POLICY_PURPOSE: 'a purpose that is not allowed',
  POLICY_SENSITIVE: 'specially protected data',
  POLICY_COLUMN: 'data that are closed to the asker',
  POLICY_TERMS: 'an agreement that was not accepted, or has ended',
  POLICY_ROLE: 'an asker who is no researcher',
  POLICY_PRINCIPAL: 'an asker who may not ask',
  DATASET_FROZEN: 'answers that were stopped',
};

function times(count: number): string {
  return `${count} ${count === 1 ? 'question' : 'questions'}`;
}

function day(time: string): string {
  return time.slice(0, 10);
}

function second(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')} UTC`;
}

function heading(level: 1 | 2, words: string): Block {
  return { kind: 'heading', level, text: words };
}

function text(words: string): Block {
  return { kind: 'text', text: words };
}

function list(items: readonly string[]): Block {
  return { kind: 'list', items };
}

/** Names of a policy are somebody's words: none of them is markup. */
function plain(words: string): string {
  return words.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>#|]/g, (sign) => `\\${sign}`);
}

function escaped(words: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return words.replace(/[&<>"']/g, (sign) => names[sign] as string);
}
