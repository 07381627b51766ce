/** `gauze preview`. */
import { readFileSync } from 'node:fs';
import { GauzeError } from '../../errors.ts';
import { previewIn } from '../../index/study.node.ts';
import type { Preview, PreviewedGroups, PreviewOptions } from '../../session/preview/preview.ts';
import type { SupposedFrom } from '../../session/preview/supposed-sizes.ts';
import { type Format, fail, print } from '../output.ts';
import { printList } from '../tabular.ts';
import { type TextColumn, textTable } from '../text-table.ts';
import { epsilonOf, noteLines, paramsOf, readInput, short } from './query.ts';

/** Options as commander hands them over; numbers are still text. */
export interface PreviewFlags {
  readonly policy: string;
  readonly as: string;
  readonly purpose?: string;
  readonly part?: string;
  /** Several numbers are a curve; `name=number` gives each output its own. */
  readonly epsilon: readonly string[];
  readonly delta?: string;
  readonly accuracy?: string;
  readonly level?: string;
  readonly param: readonly string[];
  readonly groups?: string;
  readonly rows?: string;
  readonly size: readonly string[];
  /** File with a stored answer. */
  readonly from?: string;
  readonly fromColumn?: string;
  /** `persons=chance`. */
  readonly show: readonly string[];
  readonly format: Format;
}

/** Says what a question would tell, and what it would take; exit code. */
export async function preview(sql: string, flags: PreviewFlags): Promise<number> {
  let text = sql;
  try {
    if (sql === '-') text = readInput();
    const { policy, as, purpose } = flags;
    const who = { policy, as, ...(purpose === undefined ? {} : { purpose }) };
    const seen = previewIn(who, text, optionsOf(flags));
    if (flags.format === 'json') print([JSON.stringify(seen)]);
    else if (flags.format === 'table') print(previewLines(seen));
    else {
      const columns = Object.entries(seen.columns);
      printList(
        [
          { name: 'output', values: columns.map(([name]) => name) },
          { name: 'half_width', values: columns.map(([, { halfWidth }]) => halfWidth) },
        ],
        flags.format,
      );
    }
    return 0;
  } catch (thrown) {
    return fail(thrown, text, flags.format);
  }
}

function optionsOf(flags: PreviewFlags): PreviewOptions {
  const { epsilon, param, delta, accuracy, level, part, groups, rows } = flags;
  const isCurve = epsilon.length > 1 && epsilon.every((text) => !text.includes('='));
  const one = isCurve ? epsilon[0] : epsilon.length === 0 ? undefined : epsilonOf(epsilon);
  return {
    ...(one === undefined ? {} : { epsilon: one }),
    ...(isCurve ? { curve: epsilon } : {}),
    ...(delta === undefined ? {} : { delta }),
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(level === undefined ? {} : { level: Number(level) }),
    ...(part === undefined ? {} : { part }),
    ...(param.length === 0 ? {} : { params: paramsOf(param) }),
    contribution: {
      ...(groups === undefined ? {} : { groups: Number(groups) }),
      ...(rows === undefined ? {} : { rows: Number(rows) }),
    },
    sizes: flags.size.map(Number),
    ...(flags.from === undefined ? {} : { from: storedAnswer(flags.from, flags.fromColumn) }),
    show: flags.show.map(wished),
  };
}

function wished(text: string): { units: number; chance: number } {
  const [units = '', chance = '', ...rest] = text.split('=');
  if (rest.length === 0 && units !== '' && chance !== '') return { units: Number(units), chance: Number(chance) };
  throw new GauzeError('USAGE', {
    message: 'A group to show is given without its size or its chance.',
    next: 'Write --show persons=chance, for example --show 20=0.95.',
  });
}

function storedAnswer(file: string, column: string | undefined): SupposedFrom {
  try {
    const answer = JSON.parse(readFileSync(file, 'utf8')) as SupposedFrom['answer'];
    return { answer, ...(column === undefined ? {} : { column }) };
  } catch {
    throw new GauzeError('USAGE', {
      message: `No stored answer can be read from ${file}.`,
      next: 'Give a file that was written with: gauze query … --format json > FILE',
    });
  }
}

/** A preview as people read it. */
function previewLines(seen: Preview): string[] {
  const { epsilon, delta } = seen.cost;
  return [
    `At epsilon ${epsilon}${delta > 0 ? `, delta ${delta}` : ''}; nothing is charged for looking:`,
    '',
    ...textTable(widthColumns(seen)),
    ...seen.groups.flatMap((groups) => ['', ...groupLines(groups)]),
    ...(seen.curve.length === 0 ? [] : ['', `By epsilon${inGroups(seen)}:`, '', ...textTable(curveColumns(seen))]),
    ...wishLines(seen),
    ...(seen.notes.length === 0 ? [] : ['', ...noteLines(seen.notes)]),
  ];
}

function widthColumns({ columns, sizes }: Preview): TextColumn[] {
  const entries = Object.entries(columns);
  const level = Math.round((entries[0]?.[1].level ?? 0.95) * 1000) / 10;
  const own = {
    title: `half-width (${level} %)`,
    cells: entries.map(([, { halfWidth }]) => width(halfWidth)),
    right: true,
  };
  const supposed = sizes.map(({ size, columns: at }) => ({
    title: `${size} in a group`,
    cells: entries.map(([name]) => width(at[name]?.halfWidth ?? null)),
    right: true,
  }));
  return [
    { title: 'output', cells: entries.map(([name]) => name), right: false, role: 'key' },
    ...(supposed.length === 0 ? [own] : supposed),
  ];
}

function width(halfWidth: number | null): string {
  return halfWidth === null ? 'depends on size' : `± ${short(halfWidth)}`;
}

function percent(chance: number): string {
  const digits = (chance * 100).toPrecision(3);
  return chance > 0.9995 && chance < 1 ? '> 99.9 %' : chance > 0 && chance < 1e-4 ? '< 0.01 %' : `${Number(digits)} %`;
}

function groupLines({ keys, minimumUnits, shown, sizeFor }: PreviewedGroups): string[] {
  const least = sizeFor.map(({ chance, units }) => `${units ?? 'no size'} with ${percent(chance)}`);
  return [
    `Groups by ${keys.join(', ')} are shown by chance, never with fewer than ${minimumUnits} persons:`,
    '',
    ...textTable([
      { title: 'persons', cells: shown.map(({ units }) => String(units)), right: true },
      { title: 'shown with', cells: shown.map(({ chance }) => percent(chance)), right: true },
    ]),
    '',
    `Smallest group shown: ${least.join(', ')}.`,
  ];
}

function curveColumns({ curve, columns }: Preview): TextColumn[] {
  return [
    { title: 'epsilon', cells: curve.map(({ epsilon }) => String(epsilon)), right: true, role: 'key' },
    ...Object.keys(columns).map((name) => ({
      title: name,
      cells: curve.map((at) => width(at.columns[name]?.halfWidth ?? null)),
      right: true,
    })),
    ...curve[0]!.groups.map(({ keys }, index) => ({
      title: `95 % shown by ${keys.join(', ')}`,
      cells: curve.map((at) => String(at.groups[index]?.sizeFor.find(({ chance }) => chance === 0.95)?.units ?? '?')),
      right: true,
    })),
  ];
}

/** Of which size, where one is supposed: the smallest. */
function inGroups({ sizes }: Preview): string {
  return sizes[0] === undefined ? '' : `, in groups of ${sizes[0].size}`;
}

function wishLines(seen: Preview): string[] {
  const { accuracy, show } = seen.epsilonFor;
  const lines = [
    ...(accuracy === null
      ? []
      : [
          `All intervals within ± ${short(accuracy.halfWidth)}${inGroups(seen)} take epsilon ${accuracy.epsilon}: ask with --${accuracy.ask} ` +
            `${accuracy.ask === 'epsilon' ? accuracy.epsilon : accuracy.halfWidth}.`,
        ]),
    ...show.map(({ units, chance, epsilon }) =>
      epsilon === null
        ? `No epsilon shows groups of ${units} persons with ${percent(chance)}.`
        : `Groups of ${units} persons are shown with ${percent(chance)} from epsilon ${epsilon} on.`,
    ),
  ];
  return lines.length === 0 ? [] : ['', ...lines];
}
