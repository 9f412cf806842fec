/**
 * The seat of one signatory: keeps the board and this browser's own facts, carries out the one next action, and comes
 * back to the same place after a reload. Drawing is in seat_view.js, signing in signing.js, the document in
 * seat_document.js, what went wrong in seat_problem.js.
 */

import { ConnectionLost, Problem, newCommandKey, postJson } from "./api.js";
import { Drawing } from "./drawing.js";
import { canHoldKeys, find, remember } from "./keystore.js";
import { Live } from "./live.js";
import { bindCertificate, bringBack, isOwn, prepareOwn, watchOwn } from "./own_certificate.js";
import { isConfirmed, setUp } from "./passkeys.js";
import { Reading } from "./reading.js";
import { Pages, fetchSurely } from "./seat_document.js";
import { problemWords } from "./seat_problem.js";
import { announce, draw, drawProblem, isHeld, landSeal, stateWords, step } from "./seat_view.js";
import { Mismatch, bind, commandOutcome, makeReady } from "./signing.js";
import { firstState, language, pick, say, write } from "./words.js";

const HEARTBEAT_MS = 10000;
const STEADY_MS = 700; // a press meant for the button that stood here before must not sign

let seat = firstState;
let reading = null;
let pages = null;
let live = null;
let drawing = null;
let lastStep = "";
let steadySince = 0;

/** What only this browser knows. `record` is undefined until the key store answered, null when the key is not here. */
const own = {
  canHoldKeys: canHoldKeys(),
  record: undefined,
  lasting: true,
  shown: null,
  allRead: false,
  unread: seat.agreement.pages,
  arming: false,
  binding: false,
  progress: "",
  refused: null,
  receipt: null,
  certificate: null,
  attempt: null,
};

function redraw() {
  own.allRead = reading?.allRead ?? false;
  own.unread = reading?.unread.length ?? seat.agreement.pages;
  const now = draw(seat, own);
  drawing?.draw(now);
  if (now === lastStep) return;
  if (lastStep) announce(say(`spoken_${now}`, { party: pick(seat.me.party) }));
  lastStep = now;
  steadySince = performance.now();
}

function take(board) {
  if (board.agreement.document_sha256 !== seat.agreement.document_sha256) {
    location.reload(); // a rehearsal was started anew: another copy
    return;
  }
  for (const next of board.seats) {
    const before = seat.seats.find((each) => each.signatory_id === next.signatory_id);
    if (next.signatory_id !== board.me.signatory_id && before?.state !== next.state)
      announce(`${pick(next.party)}: ${stateWords(next)}`);
  }
  seat = board;
  redraw();
  if (board.me.state === "signed" && !own.receipt) fetchReceipt();
}

/** After a reload: what the service answered to the press that this browser made. */
async function fetchReceipt() {
  const command = own.record?.command;
  if (!command) return;
  const answer = await commandOutcome(seat.api, command).catch(() => null);
  if (answer?.state !== "signed") return;
  own.receipt = answer;
  redraw();
}

/* ---- the document ---- */

async function loadDocument() {
  try {
    own.shown = await fetchSurely(seat.agreement);
    document.getElementById("checked").hidden = false;
  } catch (error) {
    if (error instanceof Mismatch) own.refused = error.what;
  }
  redraw();
}

/* ---- the acts ---- */

const ACTS = { read, agree: arm, bind: press, signed: download, own_agree: arm, own_bind: takeAway, held: toKey, passkey: takePasskey };

/** The page of a key that is held elsewhere; what was read is told first. */
async function toKey() {
  try {
    await pages.send();
    location.assign(`${location.pathname}/key`);
  } catch (error) {
    fail(error);
  }
}

/** Before the day: the passkey that will confirm. */
async function takePasskey() {
  if (own.arming) return;
  own.arming = true;
  try {
    take(await setUp(seat));
  } catch (error) {
    fail(error);
  } finally {
    own.arming = false;
    redraw();
  }
}

function read() {
  if (matchMedia("(min-width: 64rem)").matches) reading.goOn();
  else reading.open(document.getElementById("next"));
}

/** "I am ready": needs the tick; makes the key and gets its certificate. */
async function arm() {
  const box = document.getElementById("agree");
  if (!box.checked) {
    document.getElementById("consent").classList.add("asked");
    announce(say("tick_first"));
    box.focus();
    return;
  }
  if (own.arming) return;
  own.arming = true;
  redraw();
  try {
    await pages.send();
    if (isOwn(seat)) take((await bindCertificate(seat, own)) ?? seat);
    else {
      await armSurely(newCommandKey());
      own.record = await find(seat.me.invitation_id);
    }
  } catch (error) {
    fail(error);
  } finally {
    own.arming = false;
    redraw();
  }
}

/** The same command until it is answered: a lost connection decides nothing. */
async function armSurely(command) {
  for (;;) {
    try {
      const ready = await makeReady(seat, command);
      own.lasting = ready.lasting;
      take(ready.seat);
      return;
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
}

/** With one's own program: what is to be signed is prepared, downloaded, and brought back. */
async function takeAway() {
  try {
    const answer = await prepareOwn(seat);
    if (answer.state === "prepared") own.attempt = answer;
    else live.refresh();
  } catch (error) {
    fail(error);
  }
  redraw();
}

async function sendBack(bytes) {
  own.binding = true;
  drawProblem(null);
  redraw();
  try {
    own.receipt = await bringBack(seat, own.attempt, bytes);
    own.attempt = null;
  } catch (error) {
    if (["signature.stale_base", "signature.attempt_expired"].includes(error.code)) own.attempt = null;
    fail(error);
  } finally {
    own.binding = false;
    await live.refresh();
    redraw();
    if (own.receipt) landSeal();
  }
}

async function press() {
  await sign(newCommandKey());
}

async function sign(command) {
  if (own.binding) return;
  own.binding = true;
  tell("sending", {});
  try {
    own.receipt = await bind({
      api: seat.api,
      record: own.record,
      shown: own.shown,
      documentSha256: seat.agreement.document_sha256,
      command,
      passkey: isConfirmed(seat.me) ? seat.passkey : null,
      tell,
    });
    const me = { ...seat.me, state: "signed", signed_at: own.receipt.signed_at };
    const seats = seat.seats.map((each) => (each.signatory_id === me.signatory_id ? { ...each, ...me } : each));
    seat = { ...seat, me, seats };
  } catch (error) {
    await remember(own.record.invitation, { command: null }); // refused: only a new press may sign, never a reload
    fail(error);
  } finally {
    own.binding = false;
    redraw();
    if (own.receipt) landSeal();
    live.refresh();
  }
}

function tell(what, facts) {
  own.progress = say(`progress_${what}`, facts);
  drawProblem(null);
  redraw();
  if (what === "waiting" || what === "asking") announce(own.progress);
}

function download() {
  location.assign(seat.downloads.document);
}

async function decline(event) {
  event.preventDefault();
  const reason = event.target.elements.reason.value.trim();
  if (!reason) return;
  try {
    await postJson(`${seat.api}/decline`, { reason, command_key: newCommandKey() });
    live.refresh();
  } catch (error) {
    fail(error);
  }
}

/** Say what happened, that nothing was lost, and what to do. */
function fail(error) {
  if (error instanceof Mismatch) {
    own.refused = error.what;
    redraw();
  } else if (error instanceof Problem && error.code === "signature.already_signed") {
    live.refresh();
  } else drawProblem(problemWords(error));
}

/* ---- beginning ---- */

function connection(state, error) {
  const line = document.getElementById("connection");
  line.hidden = state !== "reconnecting";
  write(line, line.hidden ? "" : say("reconnecting"));
  if (error instanceof Problem && error.status === 401) location.reload(); // the page then says why the seat is closed
}

async function heartbeat() {
  await postJson(`${seat.api}/heartbeat`, {}).catch(() => null);
  setTimeout(heartbeat, HEARTBEAT_MS);
}

/** The key of this invitation, and what became of a press that a reload interrupted. */
async function recall() {
  own.record = own.canHoldKeys && !isOwn(seat) && !isHeld(seat.me) ? await find(seat.me.invitation_id) : null;
  redraw();
  await loadDocument();
  const command = own.record?.command;
  if (!command) return;
  if (seat.me.state === "signed") return fetchReceipt();
  const answer = await commandOutcome(seat.api, command).catch(() => null);
  if (["waiting", "prepared"].includes(answer?.state) && step(seat, own) === "bind") await sign(command);
}

function begin() {
  pages = new Pages(() => seat, fail);
  reading = new Reading(document.getElementById("document"), {
    read: seat.me.pages_read,
    onRead: (numbers) => {
      pages.displayed(numbers);
      redraw();
      if (reading.allRead) announce(say("spoken_all_read"));
    },
    wordsUrl: seat.agreement.words_url,
  });
  document.getElementById("next").addEventListener("click", () => {
    const now = step(seat, own);
    if (now === "bind" && performance.now() - steadySince < STEADY_MS) return;
    drawProblem(null);
    ACTS[now]?.();
  });
  document.getElementById("agree").addEventListener("change", () =>
    document.getElementById("consent").classList.remove("asked"),
  );
  for (const button of document.querySelectorAll("[data-go-on]"))
    button.addEventListener("click", () => (reading.allRead ? reading.close() : reading.goOn()));
  drawing = new Drawing(() => seat, { take, fail });
  watchOwn(() => seat, own, { fail, send: sendBack, redraw });
  document.getElementById("decline-form")?.addEventListener("submit", decline);
  live = new Live({
    boardUrl: `${seat.api}?language=${encodeURIComponent(language)}`,
    eventsUrl: seat.events,
    after: seat.last_event,
    board: seat,
    onBoard: take,
    onConnection: connection,
  }).start();
  redraw();
  const seal = document.querySelector(".seal-word").textContent;
  document.fonts.load('600 1em "Noto Serif SC"', seal).catch(() => null); // so that the seal lands with its own letters
  postJson(`${seat.api}/join`, {}).then(() => live.refresh(), () => null);
  setTimeout(heartbeat, HEARTBEAT_MS);
  recall();
}

begin();
