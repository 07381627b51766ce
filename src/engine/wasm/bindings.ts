/** The part of duckdb-wasm that gauze calls; bytes and numbers only, so that no version of Arrow crosses. */

/** An `AsyncDuckDB` of duckdb-wasm. */
export interface WasmBindings {
  connectInternal(): Promise<number>;
  disconnect(connection: number): Promise<void>;
  /** The result as an Arrow IPC stream. */
  runQuery(connection: number, sql: string): Promise<Uint8Array>;
  /** The schema as the head of an Arrow IPC stream; null while the result is not ready: poll. */
  startPendingQuery(connection: number, sql: string, allowStreamResult?: boolean): Promise<Uint8Array | null>;
  pollPendingQuery(connection: number): Promise<Uint8Array | null>;
  cancelPendingQuery(connection: number): Promise<boolean>;
  /** The next piece of the stream; empty or null at its end. */
  fetchQueryResults(connection: number): Promise<Uint8Array | null>;
  /** Takes the buffer away from the caller. */
  registerFileBuffer(name: string, buffer: Uint8Array): Promise<void>;
  registerFileHandle<T>(name: string, handle: T, protocol: number, directIO: boolean): Promise<void>;
  dropFile(name: string): Promise<unknown>;
  insertArrowFromIPCStream(
    connection: number,
    stream: Uint8Array,
    options?: { readonly name: string; readonly schema?: string; readonly create?: boolean },
  ): Promise<void>;
}

/** A running duckdb-wasm. */
export interface WasmDatabase {
  readonly bindings: WasmBindings;
  /** True where gauze started the database, and may lock and end it. */
  readonly owned: boolean;
  close(): Promise<void>;
}

/**
 * Runs one statement step by step, so that a worker hears of a cancellation between steps.
 *
 * @param isStopped - asked between steps; true cancels the statement
 * @returns the pieces of an Arrow IPC stream
 * @throws Error of duckdb-wasm, or one of this function when stopped
 */
export async function runInSteps(
  bindings: WasmBindings,
  connection: number,
  sql: string,
  isStopped: () => boolean,
): Promise<readonly Uint8Array[]> {
  let head = await bindings.startPendingQuery(connection, sql, false);
  while (head === null) {
    if (isStopped()) {
      await bindings.cancelPendingQuery(connection);
      throw new Error('stopped');
    }
    head = await bindings.pollPendingQuery(connection);
  }
  const pieces = [head];
  for (;;) {
    const piece = await bindings.fetchQueryResults(connection);
    if (piece === null || piece.length === 0) return pieces;
    if (isStopped()) throw new Error('stopped');
    pieces.push(piece);
  }
}
