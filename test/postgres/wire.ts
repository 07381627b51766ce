/** A wire between a client and a PostgreSQL server that can be cut around the append of an entry. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server as Listener, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOCKET = '.s.PGSQL.5432';

export class Wire {
  /** Folder of its socket, `host` of a connection. */
  readonly host: string = mkdtempSync(join(tmpdir(), 'gauze-wire-'));
  /** Where it is cut next: before the server is sent an entry, or after the server has confirmed one. */
  cut: 'before' | 'after' | null = null;
  readonly #listener: Listener;
  readonly #sockets: Set<Socket> = new Set();

  constructor(serverFolder: string) {
    chmodSync(this.host, 0o755);
    this.#listener = createServer((client) => this.#join(client, createConnection(join(serverFolder, SOCKET))));
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#listener.listen(join(this.host, SOCKET), resolve));
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#listener.close();
    rmSync(this.host, { recursive: true, force: true });
  }

  #join(client: Socket, server: Socket): void {
    const pass = (from: Socket, to: Socket, isCut: (chunk: Buffer) => boolean): void => {
      this.#sockets.add(from);
      from.on('data', (chunk: Buffer) => {
        if (!isCut(chunk)) {
          to.write(chunk);
          return;
        }
        this.cut = null;
        client.destroy();
        server.destroy();
      });
      from.on('error', () => undefined);
      from.on('close', () => to.end());
    };
    // An entry is sent as bytes in hex, and confirmed by the number of rows.
    pass(client, server, (chunk) => this.cut === 'before' && chunk.includes('\\x'));
    pass(server, client, (chunk) => this.cut === 'after' && chunk.includes('INSERT 0 1'));
  }
}
