// The texts of ids as the server has them (`id_v6.rs`, `base32.rs`), where `convex-test` has
// others: `000…10000users`. Each text of one form has its own of the other, and the order is kept.

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const THEIR_LENGTH = 32;
const THEIRS = /^(\d+)([A-Za-z]\w*)$/;
const THEIRS_INSIDE = /\b\d{8,}[A-Za-z]\w*/g;

/** Turns what comes in into what `convex-test` has, and what goes out into what servers have. */
export class Ids {
  constructor(tables, firstNumber) {
    const numbered = [...tables].sort().map((table, at) => [table, firstNumber + at]);
    this.numbers = new Map(numbered);
    this.tables = new Map(numbered.map(([table, number]) => [number, table]));
  }

  inward(value) {
    return mapped(value, (text) => this.#theirs(text));
  }

  outward(value) {
    return mapped(value, (text) => this.#ours(text));
  }

  /** A text that has ids somewhere inside. */
  outwardInside(text) {
    return text.replace(THEIRS_INSIDE, (id) => this.#ours(id));
  }

  #ours(text) {
    const [, digits, table] = THEIRS.exec(text) ?? [];
    const number = this.numbers.get(table);
    if (number === undefined) return text;
    return theirText(BigInt(digits), table) === text ? encode(number, BigInt(digits)) : text;
  }

  #theirs(text) {
    const [number, own] = decode(text) ?? [];
    const table = this.tables.get(number);
    return table === undefined ? text : theirText(own, table);
  }
}

function theirText(own, table) {
  return own.toString().padStart(THEIR_LENGTH - table.length, "0") + table;
}

function mapped(value, change) {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapped(item, change));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0][0].startsWith("$")) return value;
  return Object.fromEntries(
    entries.map(([name, item]) => [change(name), mapped(item, change)]),
  );
}

function encode(number, own) {
  const data = [...varint(number)];
  for (let shift = 120n; shift >= 0n; shift -= 8n) data.push(Number((own >> shift) & 255n));
  data.push(...checksum(data));
  const digits = Math.ceil((data.length * 8) / 5);
  let rest = data.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  rest <<= BigInt(digits * 5 - data.length * 8);
  let text = "";
  for (let at = 0; at < digits; at++, rest >>= 5n) text = DIGITS[Number(rest & 31n)] + text;
  return text;
}

function decode(text) {
  if (!/^[0-9a-hjkmnp-tv-z]{31,37}$/.test(text)) return null;
  let value = [...text].reduce((sum, digit) => (sum << 5n) | BigInt(DIGITS.indexOf(digit)), 0n);
  const size = Math.floor((text.length * 5) / 8);
  value >>= BigInt(text.length * 5 - size * 8);
  const data = [];
  for (let at = 0; at < size; at++, value >>= 8n) data.unshift(Number(value & 255n));
  const own = data.slice(-18, -2).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const head = data.slice(0, -18);
  const number = head.reduceRight((sum, byte) => sum * 128 + (byte & 127), 0);
  return encode(number, own) === text ? [number, own] : null;
}

function* varint(number) {
  for (; number > 127; number = Math.floor(number / 128)) yield (number & 127) | 128;
  yield number;
}

/** Fletcher's, of 16 bits, modulo 256. */
function checksum(data) {
  let [low, high] = [0, 0];
  for (const byte of data) {
    low = (low + byte) & 255;
    high = (high + low) & 255;
  }
  return [low, high];
}
