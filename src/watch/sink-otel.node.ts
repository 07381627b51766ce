/**
 * Alerts as OpenTelemetry log records, for processes that have the package `@opentelemetry/api-logs` and a logger provider
 * registered with it. Without either nothing happens.
 */
import type { LogAttributes, Logger } from '@opentelemetry/api-logs';
import type { Alert } from './alert.ts';

/** How the package is loaded; tests take it away. */
type Load = () => Promise<typeof import('@opentelemetry/api-logs')>;
const installed: Load = () => import('@opentelemetry/api-logs');

/** Emits alerts to the logger `gauze` of the global provider; resolves once that was done or cannot be, and never rejects. */
export function otelSink(load: Load = installed): (alert: Alert) => Promise<void> {
  let logs: ReturnType<Load> | null = null;
  return async (alert) => {
    try {
      logs ??= load();
      const api = await logs;
      emit(api.logs.getLogger('gauze'), api.SeverityNumber, alert);
    } catch {
      // Not installed, or a provider of the host that throws: the file and the journal have the alert.
    }
  };
}

function emit(logger: Logger, numbers: Awaited<ReturnType<Load>>['SeverityNumber'], alert: Alert): void {
  const { severity, time, message } = alert;
  const severityNumber = { notice: numbers.INFO2, warning: numbers.WARN, critical: numbers.ERROR }[severity];
  logger.emit({
    eventName: `gauze.alert.${alert.rule}`,
    timestamp: new Date(time),
    severityNumber,
    severityText: severity,
    body: message,
    attributes: attributesOf(alert),
  });
}

function attributesOf({ rule, dataset, principal, purpose, fields, entry }: Alert): LogAttributes {
  const all = {
    rule,
    dataset,
    principal,
    purpose,
    'entry.sequence': entry.sequence,
    'entry.hash': entry.hash,
    ...fields,
  };
  const known = Object.entries(all).filter(([, value]) => value !== null) as [string, string | number][];
  return Object.fromEntries(known.map(([name, value]) => [`gauze.${name}`, value]));
}
