/** Synthetic draws and the auditor's arithmetic; nothing on the walk to a release imports this. */
export { clopperPearson, epsilonLowerBound } from './auditor.ts';
export { streamConstants } from './streams.ts';
