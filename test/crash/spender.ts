/** Child of the crash tests: charges until it is killed or refused, and prints every charge it was told is durable. */
import { writeSync } from 'node:fs';
import { openLedger } from '../../src/charge/open-ledger.ts';
import { fileStore } from '../../src/charge/store/file.node.ts';
import { account, laplaceCharge } from '../charge/fixtures.ts';

const [, , path = '', limit = '1000', most = '1000000'] = process.argv;
const lee = account('dr-lee', Number(limit));
const ledger = await openLedger(fileStore(path));
for (let i = 0; i < Number(most); i++) {
  try {
    const warrant = await ledger.reserve(laplaceCharge([lee], 1, `${process.pid}-${i}`));
    writeSync(1, `${warrant.place.hash}\n`);
  } catch (error) {
    writeSync(1, `refused ${(error as { code?: string }).code}\n`);
    break;
  }
}
