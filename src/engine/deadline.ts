/** How long a read may go on: until the caller aborts it or its time is up. */
import type { GauzeError } from '../errors.ts';
import { aborted, timedOut } from './failures.ts';

/** What a caller may say about a read. */
export interface ReadLimits {
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly timeout?: number;
}

const INTERRUPT_EVERY_MS = 20;
/** Timers hold no more: about 24 days. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** One read's deadline. `stop` tells why it ended; `close` must be called when the read is over. */
export class Deadline {
  readonly #stoppers = new Set<() => void>();
  readonly #close: () => void;
  #stop: GauzeError | null = null;

  constructor({ signal, timeout }: ReadLimits) {
    const onAbort = (): void => this.#end(aborted());
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => this.#end(timedOut(timeout)), Math.min(timeout, TIMER_MS_MAX));
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#close = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    if (signal?.aborted) onAbort();
  }

  /** The error to end with; null while the read may go on. */
  get stop(): GauzeError | null {
    return this.#stop;
  }

  /** @throws GauzeError ENGINE_ABORTED, ENGINE_TIMEOUT once the read is to end */
  check(): void {
    if (this.#stop !== null) throw this.#stop;
  }

  /**
   * Runs `work`, calling `interrupt` if the deadline passes meanwhile, and again until the work ends: an engine between
   * two statements forgets the first call.
   */
  async during<T>(work: () => Promise<T>, interrupt: () => void): Promise<T> {
    this.check();
    let again: ReturnType<typeof setInterval> | undefined;
    const stopper = (): void => {
      interrupt();
      again = setInterval(interrupt, INTERRUPT_EVERY_MS);
    };
    this.#stoppers.add(stopper);
    try {
      return await work();
    } finally {
      this.#stoppers.delete(stopper);
      clearInterval(again);
    }
  }

  close(): void {
    this.#close();
  }

  #end(reason: GauzeError): void {
    if (this.#stop !== null) return;
    this.#stop = reason;
    for (const interrupt of this.#stoppers) interrupt();
  }
}
