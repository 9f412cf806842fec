/**
 * Writes the few DER structures a browser-held key needs: a PKCS#10 certification request (RFC 2986) and the
 * ECDSA-Sig-Value of a raw WebCrypto signature (RFC 3279 §2.2.3). It reads nothing and knows no other encoding.
 */

const TAG = { integer: 0x02, bitString: 0x03, oid: 0x06, utf8: 0x0c, sequence: 0x30, set: 0x31, attributes: 0xa0 };

const COMMON_NAME = [2, 5, 4, 3];
const CHALLENGE_PASSWORD = [1, 2, 840, 113549, 1, 9, 7];
const ECDSA_WITH_SHA256 = [1, 2, 840, 10045, 4, 3, 2];

/** Upper bound of a common name, RFC 5280 Appendix A.1; taken as bytes, because some readers count those. */
const LONGEST_COMMON_NAME = 64;

/** Bytes of one P-256 coordinate. */
const COORDINATE = 32;

/** All `parts` one after the other. */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function length(size) {
  if (size < 0x80) return Uint8Array.of(size);
  const bytes = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

function element(tag, ...parts) {
  const body = concat(...parts);
  return concat(Uint8Array.of(tag), length(body.length), body);
}

export const sequence = (...parts) => element(TAG.sequence, ...parts);
export const utf8String = (text) => element(TAG.utf8, new TextEncoder().encode(text));
const set = (...parts) => element(TAG.set, ...parts);
const bitString = (bytes) => element(TAG.bitString, Uint8Array.of(0), bytes);

/** A non-negative INTEGER out of big-endian bytes: shortest form, with a zero byte where the sign bit would be set. */
export function integer(bytes) {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const shortest = bytes.subarray(start);
  return element(TAG.integer, shortest[0] & 0x80 ? concat(Uint8Array.of(0), shortest) : shortest);
}

/** An OBJECT IDENTIFIER out of its arcs. */
export function oid(arcs) {
  const bytes = [arcs[0] * 40 + arcs[1]];
  for (const arc of arcs.slice(2)) {
    const digits = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | rest % 128);
    bytes.push(...digits);
  }
  return element(TAG.oid, Uint8Array.from(bytes));
}

/** WebCrypto's r‖s (64 bytes) as ECDSA-Sig-Value. */
export function rawToDer(raw) {
  if (raw.length !== 2 * COORDINATE) throw new RangeError(`a P-256 value has 64 bytes, not ${raw.length}`);
  return sequence(integer(raw.subarray(0, COORDINATE)), integer(raw.subarray(COORDINATE)));
}

/** At most 64 bytes of UTF-8, never half of a character; nothing of it gets into the certificate unchecked anyway. */
function commonName(name) {
  const encoder = new TextEncoder();
  let kept = "";
  for (const character of name.normalize("NFC")) {
    if (encoder.encode(kept + character).length > LONGEST_COMMON_NAME) break;
    kept += character;
  }
  return kept;
}

/**
 * A PKCS#10 request in DER. `spki` is the SubjectPublicKeyInfo as exported by WebCrypto, `challenge` (text) goes into
 * the challengePassword attribute (RFC 2985 §5.4.1), `sign` takes bytes and gives the raw 64-byte ECDSA/SHA-256 value.
 */
export async function certificationRequest({ spki, name, challenge, sign }) {
  const subject = sequence(set(sequence(oid(COMMON_NAME), utf8String(commonName(name)))));
  const attributes = challenge ? [sequence(oid(CHALLENGE_PASSWORD), set(utf8String(challenge)))] : [];
  const info = sequence(integer(Uint8Array.of(0)), subject, spki, element(TAG.attributes, ...attributes));
  const value = rawToDer(await sign(info));
  return sequence(info, sequence(oid(ECDSA_WITH_SHA256)), bitString(value));
}
