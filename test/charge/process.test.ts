import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as files from 'node:fs';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryLock, unlock } from '../../src/charge/store/lock.node.ts';
import { identity, isDead } from '../../src/charge/store/process.node.ts';

/** Our identity with some parts exchanged: pid, start, pid namespace, boot, machine. */
function other(parts: Readonly<Record<number, string>>): string {
  return identity()
    .split(' ')
    .map((part, index) => parts[index] ?? part)
    .join(' ');
}

describe('a process', () => {
  it('is told from an ended one', async () => {
    expect(isDead(identity())).toBe(false);
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(isDead(other({ 0: String(child.pid), 1: '1' }))).toBe(true);
  });

  it.runIf(process.platform === 'linux')(
    'is known by its start and its boot, and beyond a container not at all',
    () => {
      expect(isDead(other({ 1: '1' }))).toBe(true);
      expect(isDead(other({ 3: '01234567' }))).toBe(true);
      expect(isDead(other({ 3: '01234567', 4: 'ffffffff' }))).toBe(false);
      expect(isDead(other({ 0: '4194304', 2: '1' }))).toBe(false);
      expect(isDead('4194304')).toBe(false);
      expect(isDead('nonsense')).toBe(false);
    },
  );
});

describe('the lock', () => {
  const folder = (): string => join(mkdtempSync(join(tmpdir(), 'gauze-')), 'lock');

  it('is held by one at a time, and taken again once given back', () => {
    const lock = folder();
    const mine = tryLock(lock, files)!;
    expect(tryLock(lock, files)).toBeNull();
    unlock(lock, mine, files);
    expect(tryLock(lock, files)).toBe(mine + 1);
    expect(readdirSync(lock)).toEqual([String(mine + 1)]);
  });

  it('is taken from the dead and from nobody else', () => {
    const lock = folder();
    unlock(lock, tryLock(lock, files)!, files);
    const held = (holder: string): number | null => {
      for (const name of readdirSync(lock)) writeFileSync(join(lock, name), holder.padEnd(96));
      return tryLock(lock, files);
    };
    expect(held(other({ 4: 'ffffffff', 3: '01234567' }))).toBeNull();
    expect(held(identity())).toBeNull();
    expect(held(other({ 0: '4194304' }))).not.toBeNull();
  });

  it('left behind because it could not be given back is free for this process', () => {
    const lock = folder();
    const full = { ...files, openSync: () => expect.fail('no descriptors left') };
    unlock(lock, tryLock(lock, files)!, full);
    expect(tryLock(lock, files)).not.toBeNull();
  });
});
