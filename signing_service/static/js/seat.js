/**
 * The seat of one signatory: keeps the board and this browser's own facts, carries out the one next action, and comes
 * back to the same place after a reload. Drawing is in seat_view.js, signing in signing.js.
 */

import { ConnectionLost, Problem, newCommandKey, postJson } from "./api.js";
import { Drawing } from "./drawing.js";
import { canHoldKeys, find, remember } from "./keystore.js";
import { Live } from "./live.js";
import { bindCertificate, bringBack, isOwn, prepareOwn, watchOwn } from "./own_certificate.js";
import { NoPasskey, isConfirmed, setUp } from "./passkeys.js";
import { Reading } from "./reading.js";
import { announce, draw, drawProblem, isHeld, landSeal, stateWords, step } from "./seat_view.js";
import { Mismatch, bind, commandOutcome, fetchShown, makeReady } from "./signing.js";
import { firstState, language, pick, say, write } from "./words.js";

const HEARTBEAT_MS = 10000;
const GATHER_PAGES_MS = 400;
const STEADY_MS = 700; // a press meant for the button that stood here before must not sign

let seat = firstState;
let reading = null;
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

let unsentPages = [];
let pagesTimer = null;

function pagesDisplayed(numbers) {
  unsentPages.push(...numbers);
  clearTimeout(pagesTimer);
  pagesTimer = setTimeout(sendPages, GATHER_PAGES_MS);
  redraw();
  if (reading.allRead) announce(say("spoken_all_read"));
}

async function sendPages() {
  const pages = unsentPages;
  if (!pages.length) return;
  unsentPages = [];
  const body = { pages, document_sha256: seat.agreement.document_sha256 };
  try {
    await postJson(`${seat.api}/pages`, body, { keepalive: true });
  } catch (error) {
    unsentPages.push(...pages);
    if (error instanceof ConnectionLost) pagesTimer = setTimeout(sendPages, 2000);
    else fail(error);
  }
}

async function loadDocument() {
  for (let pause = 1000; !own.shown; pause = Math.min(pause * 2, 15000)) {
    try {
      own.shown = await fetchShown(seat.agreement.document_url, seat.agreement.document_sha256);
      document.getElementById("checked").hidden = false;
    } catch (error) {
      if (error instanceof Mismatch) own.refused = error.what;
      if (!(error instanceof ConnectionLost)) break;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  redraw();
}

/* ---- the acts ---- */

const ACTS = { read, agree: arm, bind: press, signed: download, own_agree: arm, own_bind: takeAway, held: toKey, passkey: takePasskey };

/** The page of a key that is held elsewhere; what was read is told first. */
async function toKey() {
  try {
    await sendPages();
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
    await sendPages();
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
  } else if (error instanceof NoPasskey) {
    drawProblem({ title: say(error.word), text: say(`${error.word}_text`) });
  } else if (error instanceof Problem && error.status === 401) {
    drawProblem({ title: say("session_over"), text: say("session_over_text") });
  } else if (error instanceof Problem && error.code === "signature.already_signed") {
    live.refresh();
  } else if (error instanceof Problem) {
    drawProblem({ title: say("not_accepted"), text: error.detail || error.title });
  } else if (error instanceof ConnectionLost) {
    drawProblem({ title: say("no_answer"), text: say("no_answer_text") });
  } else {
    drawProblem({ title: say("not_done"), text: say("not_done_text", { why: error.message }) });
  }
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
  reading = new Reading(document.getElementById("document"), {
    read: seat.me.pages_read,
    onRead: pagesDisplayed,
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
