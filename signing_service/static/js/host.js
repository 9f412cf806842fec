/**
 * The host console: the board of presence and readiness, the one next command, pause and break-off with a reason, and what
 * happened. Commands carry the version the host saw, so that two hosts never act on an old screen.
 */

import { ConnectionLost, actAs, newCommandKey, postJson } from "./api.js";
import { drawRehearsal } from "./host_rehearsal.js";
import { Live } from "./live.js";
import { firstState, pick, say, utcClock, words, write } from "./words.js";

/** Which command stands on the big button, in the order of the show. */
const SHOW = ["resume", "open_doors", "go_live", "open_round", "conclude"];
const STEPS = ["joined", "identified", "read", "ready", "signed"];
const REACHED = { invited: 0, joined: 1, identified: 2, ready: 4, signing: 4, signed: 5, declined: 0 };
const EVENTS_SHOWN = 80;

const byId = (id) => document.getElementById(id);

let board = firstState;
let busy = false;
const readers = new Set();
actAs(board.me.id);

/* ---- the board ---- */

function draw(next) {
  const before = board;
  board = next;
  const list = byId("seats");
  const known = new Map([...list.children].map((row) => [row.dataset.id, row]));
  const rows = next.seats.map((seat) => row(seat, known.get(seat.signatory_id) ?? newRow(seat)));
  if (rows.some((each, at) => each !== list.children[at]) || rows.length !== list.children.length)
    list.replaceChildren(...rows);
  drawHead();
  drawRehearsal(next);
  announceChanges(before, next);
}

function newRow(seat) {
  const fresh = byId("row").content.firstElementChild.cloneNode(true);
  fresh.dataset.id = seat.signatory_id;
  fresh.querySelector("[data-invited]").value = seat.signatory_id;
  return fresh;
}

function row(seat, element) {
  element.dataset.state = seat.state;
  element.classList.toggle("present", seat.present);
  write(element.querySelector("[data-party]"), pick(seat.party));
  write(element.querySelector("[data-who]"), `${seat.name} · ${pick(seat.title)}`);
  write(element.querySelector("[data-custody]"), pick(seat.custody_words));
  write(element.querySelector("[data-presence]"), say(seat.present ? "present" : "absent"));
  write(element.querySelector("[data-what]"), stateWords(seat));
  const reached = Math.max(REACHED[seat.state] ?? 0, seat.state === "identified" && readers.has(seat.signatory_id) ? 3 : 0);
  for (const [at, name] of STEPS.entries())
    element.querySelector(`[data-step="${name}"]`).classList.toggle("done", at < reached);
  const over = ["signed", "declined"].includes(seat.state) || ["concluded", "aborted"].includes(board.ceremony.state);
  element.querySelector("form").hidden = over;
  element.querySelector("[data-resend]").setAttribute("aria-label", say("resend_for", { name: seat.name }));
  return element;
}

function stateWords(seat) {
  const read = seat.state === "identified" && readers.has(seat.signatory_id);
  return say(`seat_${read ? "read" : seat.state}`, { at: seat.signed_at ? utcClock(seat.signed_at) : "" });
}

function counts() {
  const ready = board.seats.filter((seat) => ["ready", "signing", "signed"].includes(seat.state)).length;
  return { ready, signed: board.signed, of: board.of };
}

/* ---- head: state, the one next command, what it does ---- */

function drawHead() {
  const { ceremony } = board;
  const round = ceremony.state === "live" && ceremony.round_state !== "waiting" ? `live_${ceremony.round_state}` : ceremony.state;
  const pill = byId("ceremony-state");
  write(pill, say(`state_${round}`));
  pill.className = `state ${{ live: "live", concluded: "proved", paused: "attention", aborted: "refused" }[ceremony.state] ?? "quiet"}`;
  write(byId("counts"), say("ready_count", counts()));
  const next = SHOW.find((command) => ceremony.allowed.includes(command));
  const button = byId("next");
  button.hidden = !next;
  button.dataset.command = next ?? "";
  button.setAttribute("aria-busy", String(busy));
  write(button, next ? say(`do_${next}`) : "");
  write(byId("hint"), hint(next));
  for (const second of document.querySelectorAll("[data-second]"))
    second.hidden = !ceremony.allowed.includes(second.dataset.second);
  byId("abort-closed").hidden = ceremony.allowed.includes("abort") || board.signed === 0 || board.signed === board.of || ["concluded", "aborted"].includes(ceremony.state);
  byId("final").hidden = !board.final;
  write(byId("final-hash"), board.final?.document_sha256.slice(0, 12) ?? "");
}

function hint(next) {
  const declined = board.seats.find((seat) => seat.state === "declined");
  const { state, round_state: round } = board.ceremony;
  const ended = words[`hint_ended_${board.agreement.state}`];
  if (ended && state === "aborted") return ended;
  if (declined && !["aborted", "concluded"].includes(state)) return say("hint_declined", { who: pick(declined.party) });
  const { ready, of } = counts();
  if (next === "open_round" && ready < of) return say(ready ? "hint_open_round_some" : "hint_open_round_none", counts());
  if (next) return say(`hint_${next}`, counts());
  if (state === "live" && round === "open") return say("hint_signing", counts());
  if (state === "concluded") return say(board.final ? "hint_concluded_final" : "hint_concluded");
  return state === "aborted" ? say("hint_aborted") : "";
}

function announceChanges(before, next) {
  for (const seat of next.seats) {
    const old = before.seats.find((each) => each.signatory_id === seat.signatory_id);
    if (old && old.state !== seat.state)
      write(byId("spoken"), say("spoken_seat", { party: pick(seat.party), what: stateWords(seat) }));
  }
}

/* ---- commands ---- */

async function send(command, reason = "") {
  if (busy) return;
  busy = true;
  drawHead();
  problem("");
  const body = { command, expected_version: board.ceremony.version, command_key: newCommandKey(), reason };
  try {
    draw(await postJson(`${board.api}/commands`, body));
  } catch (error) {
    problem(error instanceof ConnectionLost ? say("no_answer") : `${say("not_accepted")}: ${error.message}`);
    live.refresh();
  } finally {
    busy = false;
    drawHead();
  }
}

function problem(text) {
  byId("problem").hidden = !text;
  write(byId("problem").querySelector("p"), text);
}

/** Say first what it means; pausing may and breaking off must have a reason. `then(reason)` does it. */
function ask(what, then, facts = {}) {
  const dialog = byId("ask");
  const reason = byId("ask-reason");
  write(byId("ask-title"), say(`${what}_title`, facts));
  write(byId("ask-text"), say(`${what}_text`, facts));
  write(byId("ask-do"), say(`${what}_do`));
  byId("ask-do").className = `btn ${what === "pause" ? "btn-press" : "btn-refuse"}`;
  byId("ask-why").hidden = what === "resend";
  byId("ask-optional").hidden = what !== "pause";
  reason.required = what === "abort";
  reason.value = "";
  dialog.returnValue = "";
  dialog.onclose = () => dialog.returnValue === "do" && then(reason.value.trim());
  dialog.showModal();
}

/** A new link withdraws the certificate of somebody who is ready: ask before. */
function askBeforeResending(event) {
  const seat = board.seats.find((each) => each.signatory_id === event.target.elements.invited.value);
  if (!seat || !["ready", "signing"].includes(seat.state)) return;
  event.preventDefault();
  ask("resend", () => event.target.submit(), { name: seat.name });
}

/* ---- what happened ---- */

function heard(event) {
  const seat = board.seats.find((each) => each.signatory_id === event.data?.signatory);
  if (event.type === "seat.document_read") readers.add(event.data.signatory);
  if (event.type === "invitation.revoked") readers.delete(event.data.signatory);
  const item = byId("event").content.firstElementChild.cloneNode(true);
  const time = item.querySelector("time");
  time.dateTime = event.at;
  time.textContent = utcClock(event.at);
  write(item.querySelector("[data-what]"), words[`event_${event.type}`] ?? event.type);
  write(item.querySelector("[data-who]"), seat ? `${pick(seat.party)} · ${seat.name}` : "");
  write(item.querySelector("[data-entry]"), `#${event.number}`);
  const list = byId("events");
  list.prepend(item);
  while (list.children.length > EVENTS_SHOWN) list.lastElementChild.remove();
}

function connection(state) {
  const line = byId("connection");
  line.hidden = state === "live";
  write(line, state === "live" ? "" : say(state));
}

byId("next").addEventListener("click", (event) => send(event.currentTarget.dataset.command));
for (const second of document.querySelectorAll("[data-second]"))
  second.addEventListener("click", () => ask(second.dataset.second, (reason) => send(second.dataset.second, reason)));
byId("ask-form").addEventListener("submit", (event) => event.stopPropagation()); // a dialog may be sent more than once
byId("seats").addEventListener("submit", askBeforeResending);
byId("stage-link").addEventListener("focus", (event) => event.target.select());

draw(firstState);
const live = new Live({
  boardUrl: `${board.api}/board`,
  eventsUrl: `${board.events}?acting_as=${encodeURIComponent(board.me.id)}`,
  after: -1, // the whole story of this ceremony
  board,
  onBoard: draw,
  onEvent: heard,
  onConnection: connection,
}).start();
