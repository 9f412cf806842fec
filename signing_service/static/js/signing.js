/**
 * The one act of a signatory: make ready (key, certificate request, answer to the challenge) and bind (wait for the
 * turn, check what was prepared, sign, send). Before the key is used the browser itself proves that the prepared file
 * begins with the very document it displayed and that the signed attributes speak of that file; otherwise it signs
 * nothing and says what did not match. It draws nothing: progress is told through a callback.
 */

import { ConnectionLost, Problem, fromBase64, getBytes, getBytesFrom, getJson, postJson, sha256Hex, toBase64 } from "./api.js";
import { certificationRequest, concat } from "./der.js";
import { findOrMake, publicBytes, remember, signWith } from "./keystore.js";
import { confirm } from "./passkeys.js";

/** Refusals after which the same press is prepared anew: the consent and the command are still valid. */
const AGAIN = new Set(["signature.stale_base", "signature.attempt_expired"]);

/** OID messageDigest (RFC 5652 §11.2), then SET and OCTET STRING headers of a SHA-256 value. */
const MESSAGE_DIGEST_OID = Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04);
const DIGEST_HEADER = Uint8Array.of(0x31, 0x22, 0x04, 0x20);
const SET = 0x31;

const [ZERO, OPEN, CLOSE] = [..."0<>"].map((character) => character.charCodeAt(0));

/** Something the browser checked did not match; `what` names it, and nothing was signed. */
export class Mismatch extends Error {
  constructor(what) {
    super(`refused to sign: ${what}`);
    this.name = "Mismatch";
    this.what = what;
  }
}

function require(condition, what) {
  if (!condition) throw new Mismatch(what);
}

const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

function occurrences(bytes, part) {
  const found = [];
  for (let at = bytes.indexOf(part[0]); at >= 0; at = bytes.indexOf(part[0], at + 1))
    if (same(bytes.subarray(at, at + part.length), part)) found.push(at);
  return found;
}

/** (a) What was displayed is, byte for byte, the beginning of what is to be signed. */
export function checkBeginning(prepared, shown) {
  require(shown.length > 0 && prepared.length > shown.length, "beginning");
  require(same(prepared.subarray(0, shown.length), shown), "beginning");
}

/** (b) The range covers every byte but one gap behind the displayed document, and the gap is empty. */
export function checkRange(prepared, shown, range) {
  require(Array.isArray(range) && range.length === 4 && range.every(Number.isSafeInteger), "range");
  const [first, gap, rest, size] = range;
  require(first === 0 && gap >= shown.length && rest > gap + 2 && size > 0, "range");
  require(rest + size === prepared.length, "range");
  const empty = prepared.subarray(gap, rest);
  require(empty[0] === OPEN && empty[empty.length - 1] === CLOSE, "gap");
  require(empty.subarray(1, -1).every((byte) => byte === ZERO), "gap");
  const around = concat(prepared.subarray(shown.length, gap), prepared.subarray(rest));
  const written = [...new TextDecoder("latin1").decode(around).matchAll(/\/ByteRange\s*\[([\d\s]+)\]/g)];
  const numbers = written.map(([, text]) => text.trim().split(/\s+/).map(Number));
  require(numbers.some((each) => each.length === 4 && each.every((value, at) => value === range[at])), "range");
}

/** (c) The signed attributes are one DER SET whose only messageDigest is that of both ranges; gives it as bytes. */
export async function checkAttributes(prepared, [, gap, rest], attributes) {
  require(attributes[0] === SET && derLength(attributes) === attributes.length, "attributes");
  const covered = concat(prepared.subarray(0, gap), prepared.subarray(rest));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", covered));
  require(occurrences(attributes, MESSAGE_DIGEST_OID).length === 1, "attributes");
  require(occurrences(attributes, concat(MESSAGE_DIGEST_OID, DIGEST_HEADER, digest)).length === 1, "digest");
  return digest;
}

/** Bytes of the first DER element, header included; 0 when the header is not one. */
function derLength(der) {
  if (der.length < 2) return 0;
  if (der[1] < 0x80) return 2 + der[1];
  const count = der[1] & 0x7f;
  if (count === 0 || count > 4 || der.length < 2 + count) return 0;
  return der.subarray(2, 2 + count).reduce((size, byte) => size * 256 + byte, 0) + 2 + count;
}

/** All checks of one prepared signature; raises `Mismatch` naming the first that fails. */
export async function checkPrepared({ prepared, shown, range, attributes }) {
  checkBeginning(prepared, shown);
  checkRange(prepared, shown, range);
  await checkAttributes(prepared, range, attributes);
}

/**
 * The whole of what is to be signed. The document that is displayed is at hand and is its beginning, so only what follows
 * is fetched; the digest is computed over both, so other bytes in front would not fit the attributes.
 */
export async function fetchPrepared(url, shown) {
  const { bytes, begin } = await getBytesFrom(url, shown.length);
  if (begin === 0) return bytes;
  require(begin === shown.length, "beginning");
  return concat(shown, bytes);
}

/** The document that is displayed: its bytes, proved to have the announced hash. */
export async function fetchShown(url, announcedSha256) {
  const bytes = await getBytes(url);
  require((await sha256Hex(bytes)) === announcedSha256, "document");
  return bytes;
}

/**
 * Make (or find) the key of this invitation and tell the service that its owner is ready. Gives the new seat and
 * whether the key outlives this page.
 */
export async function makeReady(seat, command) {
  const { me, agreement, consent } = seat;
  const record = await findOrMake(me.invitation_id);
  const sign = (bytes) => signWith(record, bytes);
  const spki = await publicBytes(record);
  const csr = await certificationRequest({ spki, name: me.name, challenge: me.challenge, sign });
  const answer = await postJson(`${seat.api}/ready`, {
    csr: toBase64(csr),
    challenge_signature: toBase64(await sign(fromBase64(me.challenge))),
    consent: { text_id: consent.text_id, language: consent.language, sha256: consent.sha256 },
    document_sha256: agreement.document_sha256,
    command_key: command,
  });
  await remember(me.invitation_id, { consent: { text: consent.text, language: consent.language } });
  return { seat: answer, lasting: record.lasting };
}

/**
 * Sign: `act` is {api, record, shown, documentSha256, command, passkey, tell}; `passkey` is null where none confirms.
 * `tell(step, facts)` hears waiting, checking, confirming, signing, sending, again, asking. Ends with the service's answer that the signature is stored, or raises `Mismatch` (nothing
 * signed) or `Problem` (refused). A lost connection is never an end: the service is asked what became of the command.
 */
export async function bind(act) {
  remember(act.record.invitation, { command: act.command }).catch(() => null); // beside the first request, not before it
  let answer = { state: "again" };
  for (let turn = 0; ; turn += 1) {
    if (answer.state === "signed") return answer;
    const current = answer;
    if (current.state === "prepared" && current.prepared_url) answer = await outcome(() => sendValue(act, current), act);
    else {
      if (turn > 0) await beforeAsking(act, current);
      answer = await outcome(() => requestTurn(act), act);
    }
  }
}

async function beforeAsking(act, answer) {
  if (answer.state === "waiting") act.tell("waiting", { before: answer.before_you });
  await sleep((answer.retry_ms ?? 300) * (0.8 + 0.4 * Math.random()));
}

function requestTurn(act) {
  return postJson(`${act.api}/signatures`, { document_sha256: act.documentSha256, command_key: act.command });
}

async function sendValue(act, answer) {
  act.tell("checking", {});
  const prepared = await fetchPrepared(answer.prepared_url, act.shown);
  const attributes = fromBase64(answer.signed_attributes);
  await checkPrepared({ prepared, shown: act.shown, range: answer.byte_range, attributes });
  if (act.passkey) act.tell("confirming", {});
  const passkey = act.passkey ? await confirm(act.passkey, attributes) : null;
  act.tell("signing", {});
  const value = await signWith(act.record, attributes);
  act.tell("sending", {});
  return postJson(answer.value_url, {
    value: toBase64(value),
    passkey,
    command_key: act.command,
  });
}

async function outcome(step, act) {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ConnectionLost) return whatBecameOf(act);
    if (!(error instanceof Problem && AGAIN.has(error.code))) throw error;
    act.tell("again", {});
    return { state: "again" };
  }
}

/** What became of a command: {"state": "unknown" | "waiting" | "prepared" | "signed", …}. */
export function commandOutcome(api, command) {
  return getJson(`${api}/commands/${encodeURIComponent(command)}`);
}

/** Ask until answered; `unknown` means that the press never arrived, so it is sent again under the same key. */
async function whatBecameOf(act) {
  for (let pause = 400; ; pause = Math.min(pause * 1.6, 5000)) {
    act.tell("asking", {});
    try {
      const answer = await commandOutcome(act.api, act.command);
      return answer.state === "signed" || answer.prepared_url ? answer : { ...answer, state: "again" };
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
    }
    await sleep(pause);
  }
}

function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
