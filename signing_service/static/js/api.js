/**
 * Talks to the service: JSON there and back, refusals as `Problem`, silence as `ConnectionLost`. It decides nothing
 * and keeps nothing; what a lost answer means is for the caller to ask.
 */

const PATIENCE_MS = 20000;

/** The service answered and refused; `code` is stable, `title` and `detail` are written for people. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? "unknown";
    this.title = body.title ?? "";
    this.detail = body.detail ?? "";
    this.requestId = body.request_id ?? "";
  }
}

/** No answer, or one that says nothing about the outcome: the command may or may not have been carried out. */
export class ConnectionLost extends Error {
  constructor(cause) {
    super("connection lost", { cause });
    this.name = "ConnectionLost";
  }
}

/** A name for one command of one person; sent again with every repetition of it. */
export function newCommandKey() {
  return crypto.randomUUID();
}

export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

let actingAs = "";

/** Every later call is made as this person: a browser may hold several sign-ins. */
export function actAs(personId) {
  actingAs = personId;
}

function spoken(headers) {
  return actingAs ? { ...headers, "X-Acting-As": actingAs } : headers;
}

function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

async function refusal(response) {
  const text = await response.text().catch(() => "");
  try {
    return new Problem(response.status, JSON.parse(text));
  } catch {
    return new ConnectionLost(new Error(`HTTP ${response.status} without a problem document`));
  }
}

async function call(url, options = {}) {
  let response;
  try {
    response = await fetch(url, {
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(options.patience ?? PATIENCE_MS),
      ...options,
      headers: spoken(options.headers),
    });
  } catch (error) {
    throw new ConnectionLost(error);
  }
  if (response.ok) return response;
  const problem = await refusal(response);
  throw response.status >= 502 && response.status <= 504 ? new ConnectionLost(problem) : problem;
}

async function bodyOf(response, read) {
  try {
    return await read(response);
  } catch (error) {
    throw new ConnectionLost(error);
  }
}

/** The JSON at `url`. */
export async function getJson(url) {
  const response = await call(url, { headers: { Accept: "application/json" }, cache: "no-store" });
  return bodyOf(response, (r) => r.json());
}

/** The bytes at `url`. */
export async function getBytes(url, patience = 60000) {
  const response = await call(url, { patience });
  return new Uint8Array(await bodyOf(response, (r) => r.arrayBuffer()));
}

/**
 * The bytes at `url` from `begin` on, and where they begin: at 0 when the whole came, as it may (RFC 9110, 14.2).
 */
export async function getBytesFrom(url, begin, patience = 60000) {
  const response = await call(url, { headers: { Range: `bytes=${begin}-` }, cache: "no-store", patience });
  const bytes = new Uint8Array(await bodyOf(response, (r) => r.arrayBuffer()));
  if (response.status !== 206) return { bytes, begin: 0 };
  const range = /^bytes (\d+)-\d+\/\d+$/.exec(response.headers.get("Content-Range") ?? "");
  return { bytes, begin: range ? Number(range[1]) : -1 };
}

/** Send `body` as JSON; gives the JSON of the answer, or null when there is none. */
export async function postJson(url, body, { keepalive = false } = {}) {
  const response = await call(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
    body: JSON.stringify(body),
    keepalive,
  });
  return response.status === 204 ? null : bodyOf(response, (r) => r.json());
}

/** Send bytes as they are; gives the JSON of the answer. */
export async function postBytes(url, bytes, patience = 120000) {
  const headers = { "Content-Type": "application/octet-stream", Accept: "application/json", "X-CSRFToken": csrfToken() };
  const response = await call(url, { method: "POST", headers, body: bytes, patience });
  return bodyOf(response, (r) => r.json());
}

/** Lower-case hex of SHA-256 over `bytes`. */
export async function sha256Hex(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
