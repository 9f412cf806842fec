/**
 * A passkey that confirms a signature: set up at the seat before the day, asked once within signing. Its challenge is the
 * SHA-256 of the signed attributes, so that it confirms exactly this signature. Both answers go to the service as they came.
 */

import { fromBase64, newCommandKey, postJson, toBase64 } from "./api.js";

/** The person gave no confirmation, or the device has none to give; `word` names what to say. Nothing was signed. */
export class NoPasskey extends Error {
  constructor(word, cause) {
    super(word, { cause });
    this.name = "NoPasskey";
    this.word = word;
  }
}

/** The key is made here as usual, and a passkey has to confirm its use. */
export const isConfirmed = (me) => me.outside === "passkey";

/** Whether a browser would give this page a passkey of the service at all: a named site, over https or on localhost. */
export function isPossible({ passkey }) {
  return passkey.offered && globalThis.isSecureContext && "PublicKeyCredential" in globalThis && location.hostname === passkey.rp_id;
}

/** The step of such a seat while its passkey is missing, else null. */
export function passkeyStep(seat) {
  if (!isConfirmed(seat.me)) return null;
  if (!isPossible(seat)) return "no_passkey";
  return seat.passkey.credential_id ? null : "passkey";
}

const fromBase64Url = (text) => fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
const text64 = (buffer) => toBase64(new Uint8Array(buffer));

/** Make a passkey and tell the service; gives the new board. */
export async function setUp(seat) {
  const options = await postJson(`${seat.api}/passkey/options`, {});
  const publicKey = {
    ...options,
    challenge: fromBase64Url(options.challenge),
    user: { ...options.user, id: fromBase64Url(options.user.id) },
  };
  const made = await asked(() => navigator.credentials.create({ publicKey }), "passkey_not_made");
  return postJson(`${seat.api}/passkey`, {
    credential_id: text64(made.rawId),
    attestation_object: text64(made.response.attestationObject),
    client_data_json: text64(made.response.clientDataJSON),
    command_key: newCommandKey(),
  });
}

/** Have the passkey confirm these signed attributes; gives what the service wants beside the value. */
export async function confirm({ rp_id: rpId, credential_id: id }, attributes) {
  const publicKey = {
    challenge: await crypto.subtle.digest("SHA-256", attributes),
    rpId,
    allowCredentials: [{ type: "public-key", id: fromBase64Url(id) }],
    userVerification: "required",
    timeout: 55000,
  };
  const given = await asked(() => navigator.credentials.get({ publicKey }), "passkey_not_given");
  return {
    credential_id: text64(given.rawId),
    authenticator_data: text64(given.response.authenticatorData),
    client_data_json: text64(given.response.clientDataJSON),
    signature: text64(given.response.signature),
  };
}

async function asked(question, word) {
  try {
    return await question();
  } catch (error) {
    throw new NoPasskey(word, error); // browsers tell no more, so that pages cannot find out what somebody owns
  }
}
