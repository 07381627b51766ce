/** An evidence pack as people read it: one Markdown text for the index, one for each piece. */
import type { Artefact, Json } from './artefact/artefact.ts';
import type { Pack } from './pack.ts';

/** The index, and what the pack speaks to. */
export function printIndex({ index: { body, digest, publicKey } }: Pack): string {
  const { time, by, period, policy, head, chainValid, artefacts, map, notes, software } = body;
  const frameworks = [...new Set(map.map(({ framework }) => framework))];
  return lines([
    '# Evidence',
    '',
    `- period: ${period.from} to ${period.to}`,
    `- made: ${time}, ${by === null ? 'by nobody named' : `by ${cell(by)}`}, with ${software}`,
    `- policy: ${policy}`,
    `- journal: ${head === null ? 'empty' : `${head.sequence + 1} entries, newest ${head.hash}`}; ${chainValid ? 'it verifies' : 'IT DOES NOT VERIFY, see LED'}`,
    `- digest of this pack: ${digest}, signed with ${publicKey}`,
    '',
    ...notes.map((note) => `${note}\n`),
    '## Pieces',
    '',
    ...table(
      ['piece', 'what it is', 'status', 'SHA-256'],
      artefacts.map(({ id, title, status, sha256 }) => [id, title, status, sha256]),
    ),
    ...frameworks.flatMap((framework) => [
      '',
      `## ${framework}`,
      '',
      ...table(
        ['section', 'asks', 'status', 'evidence', 'not provided by software'],
        map
          .filter((row) => row.framework === framework)
          .map(({ section, asks, status, evidence, absent, notProvided }) => [
            section,
            asks,
            status,
            [...evidence, ...absent.map((id) => `${id} (absent)`)].join(', ') || 'none',
            notProvided,
          ]),
      ),
    ]),
  ]);
}

/** One piece. */
export function printArtefact({
  id,
  title,
  status,
  period,
  time,
  software,
  policy,
  content,
  note,
  sha256,
}: Artefact): string {
  return lines([
    `# ${id}: ${title}`,
    '',
    `- status: ${status}`,
    `- period: ${period.from} to ${period.to}; made ${time} with ${software}`,
    `- policy: ${policy}`,
    `- SHA-256 of the JSON beside this: ${sha256}`,
    ...(note === null ? [] : ['', note]),
    ...(content === null
      ? []
      : Object.entries(content).flatMap(([name, value]) => ['', `## ${words(name)}`, '', ...shown(value)])),
  ]);
}

function shown(value: Json): string[] {
  if (Array.isArray(value)) return listed(value as readonly Json[]);
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value as Readonly<Record<string, Json>>);
    return entries.length === 0
      ? ['none']
      : entries.map(([name, one]) => `- ${cell(words(name))}: ${cell(inline(one))}`);
  }
  const text = inline(value);
  return text.includes('\n') ? ['```', ...text.replaceAll('```', '` ` `').split('\n'), '```'] : [cell(text)];
}

/** Records are a table, anything else a list. */
function listed(values: readonly Json[]): string[] {
  if (values.length === 0) return ['none'];
  const isRecords = values.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  if (!isRecords) return values.map((one) => `- ${cell(inline(one))}`);
  const records = values as readonly Readonly<Record<string, Json>>[];
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return table(
    names.map(words),
    records.map((record) => names.map((name) => inline(record[name] ?? null))),
  );
}

function inline(value: Json): string {
  if (value === null) return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : (value as readonly Json[]).map(inline).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value as Readonly<Record<string, Json>>)
      .filter(([, one]) => one !== null)
      .map(([name, one]) => `${words(name)} ${inline(one)}`)
      .join(', ');
  }
  return String(value);
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), `| ${header.map(() => '---').join(' | ')} |`, ...rows.map(line)];
}

/** Words of others are no markup. */
function cell(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_[\]<>|]/g, (sign) => `\\${sign}`);
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
