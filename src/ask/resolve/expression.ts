/** Syntax of an expression → typed tree. */
import type { Expr } from '../ir.ts';
import { unsupported } from '../sql/refuse.ts';
import type * as Syntax from '../sql/syntax.ts';
import { resolveCall, resolveExtract } from './call.ts';
import { makeCase } from './case.ts';
import { applyScalar, asCondition, bring, commonTypeOf, explicitCast, literal, typeError } from './coerce.ts';
import type { Environment } from './environment.ts';
import { comparedInterval, resolveBinary, resolveIntervalAlone } from './operator.ts';
import { lookUp } from './scope.ts';
import { resolveExists, resolveInQuery, resolveValueSubquery } from './subquery.ts';
import { roundedTo, typeNamed } from './type-name.ts';

const INTEGER_HIGH = 2n ** 63n - 1n;

/**
 * Resolves an expression at its place.
 *
 * @throws SpannedError QUERY_TYPE, QUERY_UNKNOWN_NAME, QUERY_AMBIGUOUS, QUERY_UNSUPPORTED, POLICY_COLUMN, …
 */
export function resolveExpr(expr: Syntax.Expr, env: Environment): Expr {
  return env.question.withinExpression(expr.span, () => resolveInner(expr, env));
}

function resolveInner(expr: Syntax.Expr, env: Environment): Expr {
  switch (expr.kind) {
    case 'column-ref':
      return lookUp(expr, env);
    case 'number':
      return numberLiteral(expr, false);
    case 'string':
      return textLiteral(expr);
    case 'boolean':
      return literal('boolean', expr.value, expr.span);
    case 'null':
      return literal('null', null, expr.span);
    case 'typed-literal':
      return explicitCast(literal('text', expr.value, expr.span), expr.type, false, expr.span);
    case 'parameter':
      return parameter(expr, env);
    case 'interval':
      return resolveIntervalAlone(expr);
    case 'unary':
      return unary(expr, env);
    case 'binary':
      return resolveBinary(expr, env);
    case 'logical':
      return applyScalar(
        expr.operator,
        expr.operands.map((operand) => resolveExpr(operand, env)),
        expr.span,
        expr.operator.toUpperCase(),
      );
    default:
      return resolveTest(expr, env);
  }
}

type Test = Exclude<Syntax.Expr, Syntax.Atom | Syntax.IntervalExpr | Syntax.Unary | Syntax.Binary | Syntax.Logical>;

function resolveTest(expr: Test, env: Environment): Expr {
  switch (expr.kind) {
    case 'is-test':
      return isTest(expr, env);
    case 'in-list':
      return inList(expr, env);
    case 'in-query':
      return resolveInQuery(expr, env);
    case 'between':
      return between(expr, env);
    case 'like':
      return like(expr, env);
    case 'exists':
      return resolveExists(expr, env);
    case 'scalar-subquery':
      return resolveValueSubquery(expr, env);
    case 'case':
      return resolveCase(expr, env);
    case 'cast': {
      const operand = resolveExpr(expr.operand, env);
      const type = typeNamed(expr.type);
      return roundedTo(explicitCast(operand, type, true, expr.span), expr.type);
    }
    case 'call':
      return resolveCall(expr, env);
    case 'extract':
      return resolveExtract(expr, env);
  }
}

function numberLiteral(
  expr: Syntax.NumberLiteral,
  negative: boolean,
  span: Syntax.NumberLiteral['span'] = expr.span,
): Expr {
  if (expr.form !== 'integer') {
    const value = Number(negative ? `-${expr.text}` : expr.text);
    if (Number.isFinite(value)) return literal('double', value, span);
    throw typeError(span, 'This number is too large.', 'Doubles reach about 1.8e308.');
  }
  const magnitude = BigInt(expr.text);
  const value = negative ? -magnitude : magnitude;
  if (value <= INTEGER_HIGH && value >= -INTEGER_HIGH - 1n) return literal('integer', value, span);
  throw typeError(
    span,
    'This whole number has more than 64 bits.',
    'Write it with a decimal point or an exponent to make it a double: 1e20.',
  );
}

function textLiteral(expr: Syntax.StringLiteral): Expr {
  if (/\p{Surrogate}/u.test(expr.value)) {
    throw typeError(expr.span, 'This text is not valid Unicode.', 'Remove the lone surrogate from it.');
  }
  return literal('text', expr.value, expr.span);
}

function parameter(expr: Syntax.Parameter, env: Environment): Expr {
  const bound = env.question.parameters.get(expr.key);
  if (bound === undefined)
    throw unsupported(expr.span, 'This parameter is not bound.', 'Give its value with the question.');
  return { ...bound, span: expr.span };
}

function unary(expr: Syntax.Unary, env: Environment): Expr {
  if (expr.operator === '-' && expr.operand.kind === 'number') return numberLiteral(expr.operand, true, expr.span);
  if (expr.operand.kind === 'interval') return resolveIntervalAlone(expr.operand);
  const operand = resolveExpr(expr.operand, env);
  switch (expr.operator) {
    case 'not':
      return applyScalar('not', [operand], expr.span, 'NOT');
    case '-':
      return applyScalar('negate', [operand], expr.span, '-');
    case '+':
      // Checks that a number stands there; the sign itself says nothing.
      applyScalar('negate', [operand], expr.span, '+');
      return operand;
  }
}

function isTest(expr: Syntax.IsTest, env: Environment): Expr {
  const operand = resolveExpr(expr.operand, env);
  const shown = `IS ${expr.negated ? 'NOT ' : ''}${expr.test.toUpperCase()}`;
  if (expr.test === 'null') {
    return applyScalar(expr.negated ? 'is-not-null' : 'is-null', [operand], expr.span, shown);
  }
  const wanted = literal('boolean', expr.test === 'true', expr.span);
  const condition = asCondition(operand, shown);
  return applyScalar(expr.negated ? 'is-distinct' : 'is-not-distinct', [condition, wanted], expr.span, shown);
}

/** Members that are no constants are compared one by one, as SQL defines IN. */
function inList(expr: Syntax.InListExpr, env: Environment): Expr {
  const resolved = [expr.operand, ...expr.list].map((member) => resolveExpr(member, env));
  const type = commonTypeOf(resolved);
  const [arg, ...list] = resolved.map((member) => bring(member, type));
  const { negated, span } = expr;
  if (arg === undefined || list.length === 0) throw typeError(span, 'IN compares with nothing.', 'Write x IN (1, 2).');
  if (arg.kind === 'literal' || !list.every((member) => member.kind === 'literal')) {
    const tests = list.map((member) => applyScalar('eq', [arg, member], span, 'IN'));
    const any = tests.length === 1 ? tests[0]! : applyScalar('or', tests, span, 'IN');
    return negated ? applyScalar('not', [any], span, 'NOT IN') : any;
  }
  const nullable = arg.nullable || list.some((member) => member.nullable);
  return { kind: 'in-list', arg, list, negated, type: 'boolean', nullable, span };
}

function between(expr: Syntax.Between, env: Environment): Expr {
  if (expr.low.kind === 'interval' || expr.high.kind === 'interval') {
    const word = expr.negated ? 'NOT BETWEEN' : 'BETWEEN';
    throw comparedInterval(expr.operand, [word, expr.low, 'AND', expr.high], env);
  }
  const operand = resolveExpr(expr.operand, env);
  const low = applyScalar('ge', [operand, resolveExpr(expr.low, env)], expr.span, 'BETWEEN');
  const high = applyScalar('le', [operand, resolveExpr(expr.high, env)], expr.span, 'BETWEEN');
  const both = applyScalar('and', [low, high], expr.span, 'BETWEEN');
  return expr.negated ? applyScalar('not', [both], expr.span, 'NOT BETWEEN') : both;
}

function like(expr: Syntax.Like, env: Environment): Expr {
  if (expr.escape !== null) {
    throw unsupported(
      expr.escape.span,
      'LIKE has no ESCAPE here.',
      "Write contains(x, '50%'), starts_with(x, '50%') or ends_with(x, '50%') for texts with % or _ in them.",
    );
  }
  const shown = `${expr.negated ? 'NOT ' : ''}${expr.caseInsensitive ? 'ILIKE' : 'LIKE'}`;
  const args = [resolveExpr(expr.operand, env), resolveExpr(expr.pattern, env)];
  const test = applyScalar(expr.caseInsensitive ? 'ilike' : 'like', args, expr.span, shown);
  return expr.negated ? applyScalar('not', [test], expr.span, shown) : test;
}

function resolveCase(expr: Syntax.CaseExpr, env: Environment): Expr {
  const operand = expr.operand === null ? null : resolveExpr(expr.operand, env);
  const whens = expr.branches.map((branch) => {
    const when = resolveExpr(branch.when, env);
    return operand === null
      ? asCondition(when, 'WHEN')
      : applyScalar('eq', [operand, when], branch.when.span, 'CASE … WHEN');
  });
  const results = expr.branches.map((branch) => resolveExpr(branch.result, env));
  const otherwise = expr.otherwise === null ? null : resolveExpr(expr.otherwise, env);
  return makeCase(whens, results, otherwise, expr.span);
}
