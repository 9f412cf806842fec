/**
 * Draws a seat: where the ceremony stands, the one next action, who else is here, the receipt. It is given the board and
 * what only this browser knows, and it calls nothing back; `step` alone decides what comes next for a person.
 */

import { drawOwn, isOwn, ownStep } from "./own_certificate.js";
import { passkeyStep } from "./passkeys.js";
import { grouped, here, hereAndUtc, pick, say, short, utcClock, utcFull, write } from "./words.js";

const ENDED = new Set(["declined", "withdrawn", "expired", "void"]);
const ARMED = new Set(["ready", "signing"]);

const TITLE = document.title;

const byId = (id) => document.getElementById(id);

/** The key is with a provider or in a module: it is chosen and used on a page of its own. */
export const isHeld = (me) => ["provider", "token"].includes(me.outside);

/** The one thing that comes next, out of the board and this browser's own facts. */
export function step(seat, own) {
  const { me, ceremony, agreement } = seat;
  if (me.state === "signed") return "signed";
  if (me.state === "declined") return "declined";
  if (ceremony.state === "aborted") return "aborted";
  if (ENDED.has(agreement.state)) return "ended";
  if (ceremony.state === "concluded") return "closed";
  if (isHeld(me)) return own.allRead ? "held" : "read";
  if (isOwn({ me })) return ownStep({ me, ceremony }, own);
  if (!own.canHoldKeys) return "insecure";
  if (own.refused) return "refused";
  if (own.binding) return "binding";
  const passkey = passkeyStep(seat);
  if (passkey) return passkey;
  if (own.arming) return "agree"; // the board may already say ready; this browser says so when its key is stored
  if (own.record === undefined) return "loading";
  if (me.certificate_serial && ARMED.has(me.state)) return armed(ceremony, own);
  if (!own.allRead) return "read";
  if (ceremony.state === "planned") return "early";
  if (ceremony.state === "paused") return "paused";
  return own.shown ? "agree" : "loading";
}

function armed(ceremony, own) {
  if (own.record === null) return "elsewhere";
  if (ceremony.state === "paused") return "paused";
  if (ceremony.state !== "live" || ceremony.round_state !== "open") return "waiting";
  return own.shown ? "bind" : "loading";
}

/** What the button of a step looks like; a step without a row has no button. */
const BUTTONS = { read: "press", passkey: "press", agree: "press", bind: "seal", binding: "seal", signed: "press", own_agree: "press", own_bind: "seal", held: "press", own_sending: "seal" };

/** Everything at once; cheap, because texts are written only where they changed. */
export function draw(seat, own) {
  const now = step(seat, own);
  document.body.dataset.step = now;
  document.title = now === "bind" ? `● ${say("do_bind", { party: pick(seat.me.party) })}` : TITLE;
  drawLine(seat);
  drawConsent(seat, now, own);
  drawOwn(now, own);
  drawOthers(seat);
  drawReceipt(seat, own);
  drawAction(seat, now, own);
  const over = ["signed", "declined", "aborted", "ended", "closed", "binding", "own_sending"].includes(now);
  byId("decline")?.toggleAttribute("hidden", over); // a rehearsal has none
  drawPractice(seat.rehearsal);
  return now;
}

/** The way to the rehearsal, while one is running. */
function drawPractice(rehearsal) {
  const card = byId("practice");
  if (!card) return;
  card.hidden = !rehearsal;
  card.querySelector("[data-practised]").hidden = !rehearsal?.practised;
  card.querySelector("[data-invites]").hidden = Boolean(rehearsal?.practised);
}

function drawLine({ ceremony }) {
  const round = ceremony.state === "live" && ceremony.round_state !== "waiting" ? `live_${ceremony.round_state}` : "";
  write(byId("ceremony-line"), say(`line_${round || ceremony.state}`));
  byId("ceremony-line").classList.toggle("on-air", ceremony.state === "live");
}

function drawConsent({ me, consent }, now, own) {
  const given = ARMED.has(me.state) && Boolean(me.certificate_serial);
  const card = byId("consent");
  card.hidden = !own.allRead || !["agree", "early", "loading", "waiting", "bind", "binding", "paused", "own_agree", "own_bind", "own_out", "own_sending"].includes(now);
  const box = byId("agree");
  const { text, language } = (given && own.record?.consent) || consent;
  if (byId("consent-text").textContent !== text) {
    write(byId("consent-text"), text); // other words than those that were ticked: they count only if ticked anew
    byId("consent-text").lang = language;
    box.checked = false;
  }
  box.disabled = given || own.arming || now === "early";
  if (given) box.checked = true;
  card.classList.toggle("given", given);
  write(byId("consent-note"), given && !isOwn({ me }) ? say(own.lasting ? "key_here" : "key_until_closed") : "");
}

function drawOthers({ seats, me }) {
  const list = byId("others");
  const known = new Map([...list.children].map((item) => [item.dataset.id, item]));
  const items = seats
    .filter((seat) => seat.signatory_id !== me.signatory_id)
    .map((seat) => other(seat, known.get(seat.signatory_id) ?? byId("other").content.firstElementChild.cloneNode(true)));
  if (items.some((item, at) => item !== list.children[at]) || items.length !== list.children.length)
    list.replaceChildren(...items);
}

function other(seat, item) {
  item.dataset.id = seat.signatory_id;
  item.dataset.state = seat.state;
  item.classList.toggle("present", seat.present);
  write(item.querySelector("[data-party]"), pick(seat.party));
  write(item.querySelector("[data-who]"), `${seat.name} · ${pick(seat.title)}`);
  write(item.querySelector("[data-what]"), stateWords(seat));
  return item;
}

/** "signed 10:02:31 UTC", "ready", "here, reading", "invited". */
export function stateWords(seat) {
  if (seat.state === "signed") return say("seat_signed", { at: seat.signed_at ? utcClock(seat.signed_at) : "" });
  if (["invited", "declined", "signing"].includes(seat.state)) return say(`seat_${seat.state}`);
  if (seat.state === "ready") return say(seat.present ? "seat_ready" : "seat_ready_away");
  return say(seat.present ? "seat_here" : "seat_away");
}

function drawReceipt(seat, own) {
  const { me, agreement, downloads } = seat;
  const card = byId("receipt");
  card.hidden = me.state !== "signed";
  if (card.hidden) return;
  const facts = own.receipt ?? me.receipt ?? {};
  const at = facts.signed_at ?? me.signed_at;
  write(byId("seal-time"), at ? utcClock(at) : "");
  write(byId("receipt-at"), at ? utcFull(at) : "");
  write(byId("receipt-here"), at ? here(at) : "");
  fact("receipt-revision", facts.revision);
  fact("receipt-hash", grouped(facts.document_sha256));
  fact("receipt-log", facts.log_index);
  fact("receipt-certificate", me.certificate_serial);
  link("receipt-document", downloads?.document);
  link("receipt-proof", downloads?.receipt ?? facts.receipt_url);
  const done = seat.final ? "complete" : "signed";
  const whole = ENDED.has(agreement.state) ? agreement.state : agreement.state === "completed" ? done : "open";
  write(byId("receipt-whole"), say(`whole_${whole}`, { ...remaining(seat), who: decliner(seat) }));
}

/** The party that declined, if one did. */
function decliner({ seats }) {
  const declined = seats.find((seat) => seat.state === "declined");
  return declined ? pick(declined.party) : "";
}

function remaining({ seats }) {
  return { signed: seats.filter((seat) => seat.state === "signed").length, of: seats.length };
}

function fact(id, value) {
  const place = byId(id);
  const row = place.closest("[data-fact]");
  row.hidden = value === undefined || value === null || value === "";
  write(place, String(value ?? ""));
}

function link(id, url) {
  const anchor = byId(id);
  anchor.hidden = !url;
  if (url) anchor.href = url;
}

function drawAction(seat, now, own) {
  const button = byId("next");
  const look = BUTTONS[now];
  const download = seat.downloads?.document;
  const shown = Boolean(look) && (now !== "signed" || Boolean(download));
  const facts = actionFacts(seat, own);
  const hadFocus = document.activeElement === button;
  button.hidden = !shown;
  button.className = `btn btn-big btn-${look ?? "press"}`;
  button.setAttribute("aria-busy", String(["binding", "own_sending"].includes(now) || Boolean(own.arming)));
  write(button.querySelector("[data-what]"), say(own.arming && now !== "passkey" ? "do_arming" : `do_${now}`, facts));
  write(button.querySelector("[data-small]"), now === "binding" ? own.progress : say(`small_${now}`, facts));
  const words = byId("action-words");
  words.hidden = shown;
  write(words.querySelector("h2"), shown ? "" : say(`head_${now}`, facts));
  write(words.querySelector("p"), shown ? "" : say(`text_${now}`, facts));
  words.classList.toggle("calm", ["waiting", "loading", "signed", "own_out"].includes(now));
  if (hadFocus && !shown) words.focus();
}

function actionFacts(seat, own) {
  const { me, agreement, ceremony } = seat;
  return {
    party: pick(me.party),
    pages: agreement.pages,
    left: own.unread,
    version: agreement.version,
    hash: short(agreement.document_sha256),
    host: ceremony.host_name ?? "",
    starts: ceremony.starts_at ? hereAndUtc(ceremony.starts_at) : "",
    who: decliner(seat),
    what: own.refused ? say(`mismatch_${own.refused}`) : "",
  };
}

/** Say something that went wrong (or null to take it back), beside the action and aloud. */
export function drawProblem(problem) {
  const card = byId("problem");
  card.hidden = !problem;
  write(card.querySelector("h2"), problem?.title ?? "");
  write(card.querySelector("p"), problem?.text ?? "");
}

/** Tell those who listen instead of looking. */
export function announce(text) {
  write(byId("spoken"), text);
}

/** The seal lands once, when the service has said that the signature is stored; on a reload it simply stands there. */
export function landSeal() {
  byId("seal").classList.add("lands");
  byId("receipt-title").focus({ preventScroll: true });
  scrollTo({ top: 0 });
}
