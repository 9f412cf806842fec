/**
 * A seat that signs with its own certificate and program: shows what the certificate says before it is bound, hands out
 * what is to be signed and sends back what was signed. No private key ever comes near this page.
 */

import { getJson, newCommandKey, postBytes, postJson, toBase64 } from "./api.js";
import { grouped, hereAndUtc, say, write } from "./words.js";

const byId = (id) => document.getElementById(id);
const ARMED = new Set(["ready", "signing"]);
const MOST = 64 * 1024;

export const isOwn = ({ me }) => me.outside === "own_program";

/** The step of such a seat; the common endings were decided before. */
export function ownStep({ me, ceremony }, own) {
  if (own.binding) return "own_sending";
  if (me.certificate_serial && ARMED.has(me.state)) {
    if (ceremony.state === "paused") return "paused";
    if (ceremony.state !== "live" || ceremony.round_state !== "open") return "waiting";
    return own.attempt ? "own_out" : "own_bind";
  }
  if (!own.allRead) return "read";
  if (ceremony.state === "planned") return "early";
  return ceremony.state === "paused" ? "paused" : "own_agree";
}

export function drawOwn(now, own) {
  if (!byId("own")) return;
  byId("own-certificate").hidden = now !== "own_agree";
  byId("own-sign").hidden = now !== "own_out";
  byId("own").hidden = !["own_agree", "own_out"].includes(now);
  const { attempt } = own;
  if (!attempt) return;
  write(byId("own-base"), grouped(attempt.base_sha256));
  write(byId("own-until"), say("own_until", { at: hereAndUtc(attempt.expires_at) }));
  for (const link of document.querySelectorAll("[data-part]")) link.href = attempt.to_sign_url + link.dataset.part;
}

const bytesOf = async (file) => new Uint8Array(await file.arrayBuffer());

/** Wire the two file fields; `fail(error)` shows a refusal, `send(bytes)` brings the answer back. */
export function watchOwn(seat, own, { fail, send, redraw }) {
  if (!byId("own")) return;
  byId("own-file").addEventListener("change", async ({ target }) => {
    own.certificate = null;
    byId("own-facts").hidden = true;
    byId("own-confirm").checked = false;
    if (!target.files.length) return;
    try {
      if (target.files[0].size > MOST) throw new Error(say("own_too_long"));
      const upload = await bytesOf(target.files[0]);
      const facts = await postJson(`${seat().api}/own/certificate`, { certificate: toBase64(upload) });
      own.certificate = { upload, facts };
      drawFacts(facts);
    } catch (error) {
      fail(error);
    }
    redraw();
  });
  byId("own-answer").addEventListener("change", async ({ target }) => {
    if (!target.files.length) return;
    const bytes = await bytesOf(target.files[0]);
    target.value = "";
    await send(bytes);
  });
}

function drawFacts(facts) {
  for (const place of document.querySelectorAll("[data-own]")) {
    const value = facts[place.dataset.own];
    const shown = { not_after: () => hereAndUtc(value), sha256: () => grouped(value) }[place.dataset.own];
    write(place, shown ? shown() : value || "–");
  }
  write(byId("own-trust"), say(facts.listed ? "own_listed" : "own_unlisted"));
  const differing = [!facts.same_name && "own_other_name", !facts.same_organisation && "own_other_organisation"].filter(Boolean);
  byId("own-differs").hidden = !differing.length;
  write(byId("own-differs"), differing.map((key) => say(key)).join(" "));
  byId("own-facts").hidden = false;
}

/** Bind the certificate; gives the new board, or null when something is still to be ticked. */
export async function bindCertificate(seat, own) {
  if (!own.certificate) return byId("own-file").focus() ?? null;
  if (!byId("own-confirm").checked) return byId("own-confirm").focus() ?? null;
  const { consent, agreement } = seat;
  return postJson(`${seat.api}/own/ready`, {
    certificate: toBase64(own.certificate.upload),
    confirmed_sha256: own.certificate.facts.sha256,
    consent: { text_id: consent.text_id, language: consent.language, sha256: consent.sha256 },
    document_sha256: agreement.document_sha256,
    command_key: newCommandKey(),
  });
}

/** Ask for what is to be signed, waiting for a turn that somebody else still has. */
export async function prepareOwn(seat) {
  const body = { document_sha256: seat.agreement.document_sha256, command_key: newCommandKey() };
  for (;;) {
    const answer = await postJson(`${seat.api}/signatures`, body);
    if (answer.state !== "waiting") return answer;
    await new Promise((resolve) => setTimeout(resolve, Math.max(answer.retry_ms, 500)));
  }
}

/** Bring back what was signed; a lost answer is asked for. */
export async function bringBack(seat, attempt, bytes) {
  try {
    return await postBytes(attempt.answer_url, bytes);
  } catch (error) {
    if (error.name !== "ConnectionLost") throw error;
    const board = await getJson(seat.api);
    if (board.me.state !== "signed") throw error;
    return { state: "signed", signed_at: board.me.signed_at };
  }
}
