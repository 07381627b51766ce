import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalBytes, sha256Hex } from '../../src/crypto/canonical.ts';

const text = (value: unknown): string => new TextDecoder().decode(canonicalBytes(value));

describe('canonical JSON', () => {
  it('writes the example of RFC 8785 §3.2.2 and §3.2.3', () => {
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(text(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5, '\u0080': 6, '\u00f6': 7 };
    expect(Object.values(JSON.parse(text(keys)) as object).sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([...text(keys).matchAll(/":(\d)/g)].map((match) => match[1]).join('')).toBe('2467153');
  });

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number of bits %s as RFC 8785, Appendix B, does', (bits, shown) => {
    expect(text(Buffer.from(bits, 'hex').readDoubleBE())).toBe(shown);
  });

  it('is one text per value, whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reordered = Object.fromEntries(Object.entries(value).reverse());
        expect(text(reordered)).toBe(text(value));
        expect(JSON.parse(text(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps integers apart from numbers, texts and marks', () => {
    const alike = [1, 1n, '1', { '#': 1 }, [1], ['1'], { '': 1 }];
    expect(new Set(alike.map(text)).size).toBe(alike.length);
    expect(() => text({ '#': '1' })).toThrow(expect.objectContaining({ code: 'INTERNAL_INVARIANT' }));
  });

  it.each([
    ['not a number', Number.NaN],
    ['an infinity', [Number.POSITIVE_INFINITY]],
    ['a map', { of: new Map([[1, 2]]) }],
    ['a date', new Date(0)],
    ['bytes', new Uint8Array(2)],
    ['a function', () => 1],
    ['nothing at all', undefined],
    ['nothing in a list', [undefined]],
  ])('refuses %s, which would lose its meaning', (_, value) => {
    expect(() => canonicalBytes(value)).toThrow(expect.objectContaining({ code: 'INTERNAL_INVARIANT' }));
  });

  it('digests as FIPS 180-4 says', () => {
    expect(sha256Hex(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});
