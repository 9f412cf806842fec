/**
 * Keeps the signatory's private key in this browser: made by WebCrypto, not extractable, stored in IndexedDB under the
 * invitation it was made for. The key never leaves; only its public half and values made with it do.
 */

const DATABASE = "signing-service";
const STORE = "keys";
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

/** Keys of browsers that store nothing (some private windows): they last as long as the page. */
const onlyHere = new Map();

/** True where this browser can make and use a key at all: WebCrypto exists only on https and on localhost. */
export function canHoldKeys() {
  return Boolean(globalThis.isSecureContext && globalThis.crypto?.subtle && globalThis.indexedDB);
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function database() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "invitation" });
  return settled(request);
}

async function inStore(mode, work) {
  const base = await database();
  try {
    const transaction = base.transaction(STORE, mode);
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
    const result = await settled(work(transaction.objectStore(STORE)));
    await finished;
    return result;
  } finally {
    base.close();
  }
}

async function save(record) {
  onlyHere.set(record.invitation, record);
  try {
    await inStore("readwrite", (store) => store.put(record));
    return true;
  } catch {
    return false; // the key works until the page is closed; the page says so
  }
}

/** The record of `invitation`, or null: {invitation, privateKey, publicKey, madeAt, command, consent}. */
export async function find(invitation) {
  try {
    const stored = await inStore("readonly", (store) => store.get(invitation));
    if (stored) return stored;
  } catch {
    // fall through: what this page itself made is still known
  }
  return onlyHere.get(invitation) ?? null;
}

/**
 * The key of `invitation`, made now unless there is one. `lasting` is false when the browser keeps nothing beyond this
 * page. Refuses a key that could be exported.
 */
export async function findOrMake(invitation) {
  const known = await find(invitation);
  if (known) return { ...known, lasting: true };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  if (privateKey.extractable) throw new Error("this browser made a key that could be copied out");
  const record = { invitation, privateKey, publicKey, madeAt: new Date().toISOString(), command: null, consent: null };
  const lasting = await save(record);
  return { ...record, lasting };
}

/** Keep `facts` beside the key: the command of the one press (for a reload to ask about), the words that were accepted. */
export async function remember(invitation, facts) {
  const record = await find(invitation);
  if (record) await save({ ...record, ...facts });
}

/** The public half as SubjectPublicKeyInfo (DER). */
export async function publicBytes(record) {
  return new Uint8Array(await crypto.subtle.exportKey("spki", record.publicKey));
}

/** The raw r‖s value (64 bytes) over `bytes`. */
export async function signWith(record, bytes) {
  return new Uint8Array(await crypto.subtle.sign(SIGNATURE, record.privateKey, bytes));
}
