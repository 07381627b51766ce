/** Which process is meant, across pids used again, restarts of the machine, containers and machines that share a disk. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { sha256Hex } from '../../crypto/canonical.ts';

/** Outside Linux pid and machine alone are known. */
const BOOT = textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')).slice(0, 8);
const NAMESPACE = textOf(() => readlinkSync('/proc/self/ns/pid')).replace(/\D/g, '');
const MACHINE = sha256Hex(new TextEncoder().encode(hostname())).slice(0, 8);

/** This process: pid, start in ticks, pid namespace, boot, machine; at most 70 characters. */
export function identity(): string {
  return [process.pid, stat(process.pid)?.started ?? '', NAMESPACE, BOOT, MACHINE].join(' ');
}

/** Whether the process of an `identity` has surely ended; false where that cannot be told from here. */
export function isDead(holder: string): boolean {
  const [pid, started, namespace, boot, machine] = holder.split(' ');
  if (!/^[1-9]\d*$/.test(pid ?? '') || machine === undefined) return false;
  if (boot !== BOOT) return machine === MACHINE && boot !== '' && BOOT !== '';
  // A pid of another container says nothing here.
  if (namespace !== NAMESPACE || (BOOT === '' && machine !== MACHINE)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
  const now = stat(Number(pid));
  return now !== null && (now.started !== started || now.ended);
}

/** Start and end of a process; a zombie, which nobody has waited for, has ended. */
function stat(pid: number): { readonly started: string; readonly ended: boolean } | null {
  const text = textOf(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === '') return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { started: fields[19] ?? '', ended: fields[0] === 'Z' || fields[0] === 'X' };
}

function textOf(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}
