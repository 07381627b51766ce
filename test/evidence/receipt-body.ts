/** What a receipt says, with a value in every field. */
import type { ReceiptBody } from '../../src/release/receipt.ts';

const place = (sequence: number, letter: string) => ({ sequence, hash: letter.repeat(64) });

export const BODY: ReceiptBody = {
  format: 'gauze-receipt-2',
  software: 'gauze 0.1.0',
  time: '2026-01-01T00:00:00.000Z',
  principal: 'dr-lee',
  purpose: 'research',
  dataset: 'network',
  part: { table: 'person', column: 'site', value: 'north' },
  version: 'v1',
  question: {
    text: 'SELECT COUNT(*) AS n FROM person WHERE site = $site',
    parameters: [{ name: 'site', value: 'north' }],
  },
  policy: { digest: 'p'.repeat(64), version: 2, entry: place(3, 'a') },
  plan: 'q'.repeat(64),
  proof: { claim: 'c', rule: 'r', theorem: 't', facts: { epsilon: '0.5' }, premises: [] },
  event: { kind: 'discrete-laplace', scale: ['2', '1'], l1: '1', lInf: '1', l0: '1' },
  cost: { epsilon: '0.5', delta: '0' },
  charge: { recalled: false, entry: place(7, 'b') },
  head: place(8, 'c'),
  answer: { digest: 'd'.repeat(64), values: 'e'.repeat(64), level: 0.95, intervals: 'each', covers: 'the noise' },
};
