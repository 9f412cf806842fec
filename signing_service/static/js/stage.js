/**
 * The stage for the audience: party tiles that turn to a seal when a signature is stored, progress, clock, and the
 * certificate once the ceremony is concluded. It needs no hand and gives none: everything comes from the board.
 */

import { Live } from "./live.js";
import { firstState, grouped, utcClock, utcFull, words, write } from "./words.js";

const { languages } = words;
const CROWDED = 12; // beyond this many tiles the seals are drawn without the grain of ink
const SEAL_MS = 2600; // a seal is seen before the certificate takes the stage

const byId = (id) => document.getElementById(id);
let board = firstState;
let skew = 0;
let concluded = false;

/** A text of ours in the languages of the parties, as marked pieces. */
function inBoth(key, facts = {}) {
  return languages.map((lang) => {
    const piece = document.createElement("span");
    piece.lang = lang;
    piece.textContent = words.texts[key][lang].replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
    return piece;
  });
}

function put(element, key, facts) {
  const mark = `${key}${JSON.stringify(facts ?? {})}`;
  if (element.dataset.mark === mark) return;
  element.dataset.mark = mark;
  element.replaceChildren(...inBoth(key, facts).flatMap((piece, at) => (at ? [" ", piece] : [piece])));
}

/* ---- the clock ---- */

function tick() {
  const now = Date.now() + skew;
  write(byId("clock"), utcClock(now));
  setTimeout(tick, 1000 - (now % 1000));
}

/* ---- tiles ---- */

function tileOf(seat) {
  const known = document.querySelector(`[data-tile="${CSS.escape(seat.signatory_id)}"]`);
  if (known) return known;
  const tile = byId("tile").content.firstElementChild.cloneNode(true);
  tile.dataset.tile = seat.signatory_id;
  names(tile, seat.party, "[data-party]");
  write(tile.querySelector("[data-name]"), seat.name);
  titles(tile.querySelector("[data-title]"), seat.title);
  return tile;
}

function names(scope, texts, place) {
  const [first, second] = scope.querySelectorAll(place);
  const shown = [...new Set(languages.map((lang) => texts[lang]).filter(Boolean))];
  const fallback = Object.values(texts)[0] ?? "";
  first.lang = languages[0];
  first.textContent = shown[0] ?? fallback;
  second.lang = languages[1] ?? languages[0];
  second.textContent = shown[1] ?? "";
}

function titles(element, texts) {
  const pieces = languages.filter((lang) => texts[lang]).map((lang) => {
    const piece = document.createElement("span");
    piece.lang = lang;
    piece.textContent = texts[lang];
    return piece;
  });
  element.replaceChildren(...pieces.flatMap((piece, at) => (at ? [" ", piece] : [piece])));
}

function drawTile(seat, moving) {
  const tile = tileOf(seat);
  const before = tile.dataset.state;
  tile.dataset.state = seat.state;
  tile.classList.toggle("present", seat.present);
  const signed = seat.state === "signed";
  if (signed) {
    write(tile.querySelector("[data-at]"), seat.signed_at ? utcClock(seat.signed_at) : "");
    custody(tile.querySelector("[data-custody]"), seat.custody_words);
  } else put(tile.querySelector("[data-custody]"), statusKey(seat));
  put(tile.querySelector("[data-spoken]"), signed ? "signed" : "to_sign");
  if (signed && moving && before && before !== "signed") {
    tile.classList.add("lands");
    announce(seat);
  }
  return tile;
}

function statusKey({ state, present }) {
  if (["ready", "signing", "declined"].includes(state)) return state;
  return present ? "present" : "expected";
}

function custody(element, texts) {
  if (element.dataset.mark === "custody") return;
  element.dataset.mark = "custody";
  titles(element, texts ?? {});
}

function announce(seat) {
  const texts = languages.map((lang) => `${seat.party[lang] ?? ""} ${words.texts.signed[lang]}`);
  write(byId("spoken"), `${texts.join(" · ")} ${seat.signed_at ? utcClock(seat.signed_at) : ""}`);
}

/* ---- the whole stage ---- */

function draw(next, moving) {
  board = next;
  skew = Date.parse(next.server_time) - Date.now();
  document.body.dataset.state = next.ceremony.state;
  const list = byId("tiles");
  const tiles = next.seats.map((seat) => drawTile(seat, moving));
  if (tiles.some((tile, at) => tile !== list.children[at]) || tiles.length !== list.children.length)
    list.replaceChildren(...tiles);
  list.dataset.count = tiles.length > 24 ? "crowd" : tiles.length > 12 ? "many" : String(tiles.length);
  document.body.classList.toggle("crowded", tiles.length > CROWDED);
  put(byId("stage-state"), stateKey(next.ceremony));
  const { signed, of } = next;
  byId("progress").max = of;
  byId("progress").value = signed;
  put(byId("progress-words"), "count", { signed, of });
  write(byId("hash"), shortened(next.final?.document_sha256 ?? next.agreement.document_sha256));
  drawCertificate(moving);
}

function stateKey({ state, round_state: round }) {
  return state === "live" && round === "open" ? "live_open" : state;
}

/** "3f9a c2d1 77e0 … 5b12". */
function shortened(sha256) {
  const groups = (sha256 ?? "").match(/.{4}/g) ?? [];
  return groups.length > 4 ? `${groups.slice(0, 3).join(" ")} … ${groups.at(-1)}` : groups.join(" ");
}

/* ---- the certificate moment ---- */

function drawCertificate(moving) {
  const now = board.ceremony.state === "concluded";
  if (now && !concluded) setTimeout(revealCertificate, moving ? SEAL_MS : 0);
  concluded = now;
  if (now) fillCertificate();
}

function revealCertificate() {
  document.body.classList.add("certified");
  byId("certificate").hidden = false;
  byId("show").inert = true;
  write(byId("spoken"), inBoth("concluded").map((piece) => piece.textContent).join(" · "));
}

function fillCertificate() {
  const list = byId("certificate-parties");
  const known = new Map([...list.children].map((item) => [item.dataset.party, item]));
  list.replaceChildren(...board.seats.map((seat) => known.get(seat.signatory_id) ?? certified(seat)));
  list.dataset.count = board.seats.length > 8 ? "crowd" : String(board.seats.length);
  const last = board.seats.map((seat) => seat.signed_at).filter(Boolean).sort().at(-1);
  write(byId("certificate-at"), last ? utcFull(last) : "");
  const { final } = board;
  write(byId("certificate-hash"), final ? grouped(final.document_sha256) : "");
  byId("certificate-final").hidden = !final;
  byId("certificate-pending").hidden = Boolean(final);
  byId("certificate-check").hidden = !final?.qr_url;
  if (final?.qr_url && !byId("qr").src) byId("qr").src = final.qr_url;
  write(byId("verify-url"), (final?.verify_url ?? "").replace(/^https?:\/\//, ""));
}

function certified(seat) {
  const item = byId("certified").content.firstElementChild.cloneNode(true);
  item.dataset.party = seat.signatory_id;
  names(item, seat.party, "[data-party]");
  write(item.querySelector("[data-name]"), seat.name);
  titles(item.querySelector("[data-title]"), seat.title);
  write(item.querySelector("[data-at]"), seat.signed_at ? utcClock(seat.signed_at) : "");
  return item;
}

function connection(state) {
  byId("connection").hidden = state !== "reconnecting";
}

draw(firstState, false);
tick();
new Live({
  boardUrl: `${firstState.api}/board`,
  eventsUrl: firstState.events,
  after: firstState.last_event,
  board: firstState,
  onBoard: (next) => draw(next, true),
  onConnection: connection,
}).start();
