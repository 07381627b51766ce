/** Every command speaks every format it names, and nothing of one stream stands in the other. */
import { tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Workshop } from '../docs/workshop.ts';

const ASK =
  "'SELECT sex, COUNT(*) AS persons FROM person GROUP BY sex' --policy network.yaml --as dr-lee --epsilon 0.5";

let workshop: Workshop;
let folder: string;

beforeAll(async () => {
  workshop = await Workshop.open();
  folder = workshop.place('formats');
});

afterAll(() => workshop?.close());

/** Standard output of a command that must succeed; on stderr nothing but notes. */
async function output(command: string): Promise<string> {
  const { code, stdout, stderr } = await workshop.shell(`gauze ${command}`, folder);
  expect(`${code}: ${stderr}`).toMatch(/^0: (note: |$)/);
  return stdout;
}

/** Rows of an Arrow stream, read through a file: pipes of a test are text. */
async function arrow(command: string): Promise<Record<string, unknown>[]> {
  const base64 = await output(`${command} --format arrow | base64 | tr -d '\\n'`);
  return tableFromIPC(Buffer.from(base64, 'base64'))
    .toArray()
    .map((row) => row.toJSON());
}

it('budget show', async () => {
  const [header, lee, everybody] = (await output('budget show --policy network.yaml --format csv')).split('\n');
  expect(header).toBe(
    'principal,dataset,purpose,limit_epsilon,spent_epsilon,remaining_epsilon,limit_delta,spent_delta,remaining_delta,limit_rho,spent_rho,renews,lifetime_epsilon',
  );
  expect(lee).toBe('dr-lee,network,,10,0,10,0.000001,0,5e-7,,,,');
  expect(everybody).toMatch(/^,network,,20,/);
  const [first, second] = await arrow('budget show --policy network.yaml');
  expect(first).toMatchObject({ principal: 'dr-lee', limit_epsilon: 10, remaining_delta: 5e-7 });
  expect(second?.principal).toBeNull();
});

it('query', async () => {
  const [header, ...rows] = (await output(`query ${ASK} --format csv`)).trim().split('\n');
  expect(header).toBe('sex,persons,persons_low,persons_high');
  expect(rows.map((row) => row.split(',')[0])).toEqual(['F', 'M']);
  const { rows: cells } = JSON.parse(await output(`query ${ASK} --format json`));
  expect((await arrow(`query ${ASK}`)).map(({ sex, persons }) => [sex, Number(persons)])).toEqual(cells);
});

it('notes stand in JSON, and on stderr beside CSV and Arrow', async () => {
  const slip = `"SELECT COUNT(*) AS n FROM visit WHERE ward = 'ICU'" --policy network.yaml --as dr-lee --epsilon 0.5`;
  const { notes } = JSON.parse(await output(`query ${slip} --format json`));
  expect(notes.join('\n')).toContain("Did you mean 'icu'?");
  for (const format of ['csv', 'arrow | wc -c']) {
    const { stdout, stderr } = await workshop.shell(`gauze query ${slip} --format ${format}`, folder);
    expect(stdout).not.toContain('note');
    expect(stderr.replace(/\s+/g, ' ')).toContain("Did you mean 'icu'?");
  }
});

it('explain', async () => {
  expect(await output(`explain ${ASK} --format csv`)).toBe('output,half_width\npersons,6\n');
  expect(await arrow(`explain ${ASK}`)).toEqual([{ output: 'persons', half_width: 6 }]);
});

it('policy check', async () => {
  await workshop.shell("sed 's/    budget: .*//' network.yaml > uncapped.yaml", folder);
  const [header, finding] = (await output('policy check uncapped.yaml --format csv')).split('\n');
  expect(header).toBe('severity,code,where,message,next');
  expect(finding).toMatch(/^warning,BUDGET_CAP_MISSING,datasets\.network,/);
  expect(await arrow('policy check network.yaml')).toEqual([]);
});

it('wrong usage, in words and in JSON', async () => {
  const words = await workshop.shell('gauze query', folder);
  expect([words.code, words.stdout]).toEqual([2, '']);
  const json = await workshop.shell('gauze budget show --format json', folder);
  expect([json.code, json.stderr]).toEqual([2, '']);
  expect(JSON.parse(json.stdout)).toMatchObject({ accepted: false, error: { code: 'USAGE', at: null } });
});

it('an ε for each output', async () => {
  const sql = "'SELECT COUNT(*) AS visits, SUM(cost) AS total FROM visit'";
  const explained = JSON.parse(
    await output(
      `explain ${sql} --policy network.yaml --as dr-lee --epsilon visits=0.1 --epsilon total=0.2 --format json`,
    ),
  );
  expect(explained.cost).toEqual({ epsilon: 0.3, delta: 0 });
  const mixed = await workshop.shell(
    `gauze explain ${sql} --policy network.yaml --as dr-lee --epsilon 0.1 --epsilon total=0.2`,
    folder,
  );
  expect(mixed.code).toBe(2);
});
