/** The reference of the API is made without a warning. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('npm run docs passes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gauze-reference-'));
  try {
    const { status, stdout, stderr } = spawnSync('node_modules/.bin/typedoc', ['--out', folder], { encoding: 'utf8' });
    expect(`${status}: ${stdout}${stderr}`).toMatch(/^0: /);
    expect(readdirSync(folder)).toContain('index.html');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
