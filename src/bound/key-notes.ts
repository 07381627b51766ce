/** Which rows public keys leave out, in words; from the policy and the question alone. */
import type { Expr } from '../ask/ir.ts';
import type { PolicyColumn } from '../policy/policy.ts';
import type { Domain } from './bounded.ts';
import { type DeclaredColumns, declaredColumns } from './declared-columns.ts';
import { domainOf, domainSize } from './domain.ts';
import { canBeNull } from './facts.ts';
import { literalText } from './literal-text.ts';
import { freeColumns } from './make-expr.ts';
import type { BoundContext, Facts, Tracked } from './tracked.ts';
import { note } from './walk.ts';

/** Listed values that a sentence names; of more it says how many there are. */
const NAMED_MAX = 6;

/** A group key with its public values, and its name in the answer. */
interface NamedKey {
  readonly name: string;
  readonly expr: Expr;
  readonly domain: Domain | null;
}

/** Notes the rows that no group takes: those whose key is missing, or outside what is public. */
export function noteLeftOut(keys: readonly NamedKey[], tracked: Tracked, context: BoundContext): void {
  const declared = declaredColumns(tracked.relation, context.policy);
  for (const { name, expr, domain } of keys) {
    if (domain === null || domain.kind === 'relation') continue;
    const missing = canBeNull(expr, tracked.facts) && !(domain.kind === 'list' && domain.values.includes(null));
    const outside = canBeOutside(expr, domain, tracked.facts, declared);
    const column = declared.of(expr);
    const where = [...(missing ? ['missing'] : []), ...(outside ? [beyond(column)] : [])].join(' or ');
    if (where !== '') note(context, `Rows whose ${column?.name ?? name} is ${where} are left out.`);
  }
}

/** Whether the values are fewer than the expression alone allows: then what is declared keeps the others away. */
function canBeOutside(expr: Expr, domain: Domain, facts: Facts, declared: DeclaredColumns): boolean {
  const confined = new Set([...freeColumns(expr)].filter((id) => declared.isConfined(id)));
  if (confined.size === 0) return false;
  const bare: Facts = {
    columns: new Map(
      [...facts.columns].map(([id, known]) => [
        id,
        confined.has(id) ? { ...known, range: null, values: null, rangeBy: null } : known,
      ]),
    ),
  };
  const free = domainOf(expr, bare);
  return free === null || domainSize(free) !== domainSize(domain);
}

function beyond(column: PolicyColumn | null): string {
  const values = column?.values ?? null;
  if (column === null || values === null) return 'outside its public range';
  if (values.length > NAMED_MAX) return `none of its ${values.length} listed values`;
  return `none of ${values.map((value) => literalText({ type: column.type, value })).join(', ')}`;
}
