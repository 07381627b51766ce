/** The watch of a process: a file beside the journal, OpenTelemetry, and a callback. */
import { join } from 'node:path';
import type { Policy } from '../policy/policy.ts';
import type { Alert } from './alert.ts';
import { fileSink } from './sink-file.node.ts';
import { otelSink } from './sink-otel.node.ts';
import { makeWatch } from './watch.ts';
import { type OnAlert, tell, type Watching, watchFromNow } from './watching.ts';

/** Who hears of alerts, apart from OpenTelemetry. */
export interface Listeners {
  /** State folder, which `alerts.jsonl` stands in; null: there is none. */
  readonly folder: string | null;
  readonly onAlert?: OnAlert | undefined;
}

/**
 * Watches a journal that is about to be opened. Each alert is told once, whichever process meets it first and however
 * often the journal is opened: `alerts.jsonl` remembers. Without a folder, or where the file cannot be written, alerts are
 * told from the opening on.
 */
export function watchHere(policy: Policy, { folder, onAlert }: Listeners): Watching {
  const telemetry = otelSink();
  const hear = (alert: Alert): void => {
    tell(onAlert, alert);
    void telemetry(alert);
  };
  if (folder === null) return watchFromNow(policy, hear);
  const take = fileSink(join(folder, 'alerts.jsonl'));
  let isPast = true;
  const seen = makeWatch(policy, (alert) => {
    const taken = take(alert);
    if (taken === 'new' || (taken === 'failed' && !isPast)) hear(alert);
  });
  return {
    seen,
    begin: () => {
      isPast = false;
    },
  };
}
