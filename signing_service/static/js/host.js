/**
 * The host console: the board of presence and readiness, the one next command, pause and break-off with a reason, and what
 * happened. Commands carry the version the host saw, so that two hosts never act on an old screen.
 */

import { ConnectionLost, actAs, newCommandKey, postJson } from "./api.js";
import { Live } from "./live.js";
import { firstState, pick, say, utcClock, write } from "./words.js";

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
  byId("abort-row").hidden = !ceremony.allowed.includes("abort");
  byId("abort-closed").hidden = ceremony.allowed.includes("abort") || board.signed === 0 || ["concluded", "aborted"].includes(ceremony.state);
  byId("final").hidden = !board.final;
  write(byId("final-hash"), board.final?.document_sha256.slice(0, 12) ?? "");
}

function hint(next) {
  const declined = board.seats.find((seat) => seat.state === "declined");
  const { state, round_state: round } = board.ceremony;
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

/** Pause and break off: say why first; breaking off needs a reason. */
function ask(command) {
  const dialog = byId("ask");
  const reason = byId("ask-reason");
  write(byId("ask-title"), say(`${command}_title`));
  write(byId("ask-text"), say(`${command}_text`));
  write(byId("ask-do"), say(`do_${command}`).replace(" …", ""));
  byId("ask-do").className = `btn ${command === "abort" ? "btn-refuse" : "btn-press"}`;
  byId("ask-optional").hidden = command === "abort";
  reason.required = command === "abort";
  reason.value = "";
  dialog.returnValue = "";
  dialog.onclose = () => dialog.returnValue === "do" && send(command, reason.value.trim());
  dialog.showModal();
}

/* ---- what happened ---- */

function heard(event) {
  const seat = board.seats.find((each) => each.signatory_id === event.data?.signatory);
  if (event.type === "seat.document_read") readers.add(event.data.signatory);
  if (event.type === "invitation.revoked") readers.delete(event.data.signatory);
  const item = document.createElement("li");
  const time = document.createElement("time");
  time.dateTime = event.at;
  time.textContent = utcClock(event.at).replace(" UTC", "");
  const text = document.createElement("span");
  text.textContent = say(`event_${event.type}`).replace(/^event_/, "");
  item.append(time, text);
  if (seat) {
    const who = document.createElement("span");
    who.className = "second";
    who.textContent = `${pick(seat.party)} · ${seat.name}`;
    item.append(who);
  }
  item.title = `#${event.number}`;
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
  second.addEventListener("click", () => ask(second.dataset.second));
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
