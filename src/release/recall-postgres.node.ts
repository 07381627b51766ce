/** Stored answers in PostgreSQL, authenticated as those in files are. */
import { unavailable } from '../charge/store/postgres-failures.node.ts';
import type { PostgresLink } from '../charge/store/postgres-link.node.ts';
import type { AnswerStore } from './recall.ts';
import { sealAnswer, unsealAnswer } from './recall-seal.ts';

/**
 * Answers in `schema`. Of two that are kept under one name at once the database takes one, and the other waits until that
 * one is durable.
 *
 * @throws GauzeError LEDGER_UNAVAILABLE; CRYPTO_SIGNATURE when one was changed, or sealed with another key
 */
export function postgresAnswers(link: PostgresLink, schema: string, secret: Uint8Array): AnswerStore {
  return {
    find: async (name) => {
      let rows: readonly { body: Uint8Array }[];
      try {
        rows = await link.run(
          (sql) => sql<{ body: Uint8Array }[]>`select body from ${sql(schema)}.answers where name = ${name}`,
        );
      } catch (error) {
        throw unavailable('cannot read a stored answer, so it is not asked and paid for again', error);
      }
      const sealed = rows[0];
      return sealed === undefined ? null : unsealAnswer(name, new TextDecoder().decode(sealed.body), secret);
    },
    keep: async (name, body) => {
      const sealed = new TextEncoder().encode(sealAnswer(name, body, secret));
      const { warnings } = link;
      try {
        await link.run(
          (sql) =>
            sql`insert into ${sql(schema)}.answers (name, body) values (${name}, ${sealed}) on conflict do nothing`,
        );
        if (link.warnings !== warnings) throw new Error('The answer is not surely kept.');
      } catch (error) {
        throw unavailable('does not store the answer, so it is not shown; its charge stays', error);
      }
    },
  };
}
