/**
 * Synthetic draws and the auditor's arithmetic; nothing on the walk to a release imports this.
 *
 * @module gauze/simulation
 */
export {
  type AuditEvent,
  type AuditFinding,
  type AuditOptions,
  audit,
  epsilonLowerBound,
  type Observation,
} from './auditor.ts';
export { clopperPearson } from './clopper-pearson.ts';
export { type SimulatedBits, seededBits } from './seeded.ts';
export { streamConstants } from './streams.ts';
