/** Child of the crash tests: charges and archives until it is killed, and prints every charge it was told is durable. */
import { readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { archive } from '../../src/govern/archive.node.ts';
import { inOffice } from '../../src/index/office.node.ts';
import { account, laplaceCharge } from '../charge/fixtures.ts';

const [, , policy = '', directory = '', run = ''] = process.argv;
const lee = account('dr-lee', 1000);
for (let i = 0; ; i++) {
  await inOffice({ policy, directory }, [], async (office) => {
    for (const plan of [`${run}-${i}-a`, `${run}-${i}-b`]) {
      await office.ledger.reserve(laplaceCharge([lee], 1, plan));
      writeSync(1, `${plan}\n`);
    }
    const numbers = readdirSync(directory).map((name) => Number(/^archive-(\d+)$/.exec(name)?.[1] ?? 0));
    await archive(office, join(directory, `archive-${Math.max(0, ...numbers) + 1}`));
    await office.ledger.reserve(laplaceCharge([lee], 1, `${run}-${i}-c`));
    writeSync(1, `${run}-${i}-c\n`);
  });
}
