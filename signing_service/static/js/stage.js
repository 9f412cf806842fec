/**
 * The stage for the audience: party tiles that turn to a seal when a signature is stored, progress, clock, and the
 * certificate once the ceremony is concluded. It needs no hand and gives none: everything comes from the board.
 */

import { Live } from "./live.js";
import { arrange } from "./stage_layout.js";
import { firstState, grouped, utcClock, utcFull, words, write } from "./words.js";

const { languages } = words;
const PHONE = matchMedia("(orientation: portrait) and (max-width: 600px)");
const SEAL_MS = 2600; // a seal is seen before the certificate takes the stage

const byId = (id) => document.getElementById(id);
let board = firstState;
let skew = 0;
let concluded = false;

/** The texts of `byLanguage` in the languages of the parties, each once, as marked pieces. */
function pieces(byLanguage) {
  const shown = new Map(languages.filter((lang) => byLanguage?.[lang]).map((lang) => [byLanguage[lang], lang]).reverse());
  return [...shown].reverse().map(([text, lang]) => {
    const piece = document.createElement("span");
    piece.lang = lang;
    piece.textContent = text;
    return piece;
  });
}

function spaced(parts) {
  return parts.flatMap((part, at) => (at ? [" ", part] : [part]));
}

function put(element, key) {
  if (element.dataset.mark === key) return;
  element.dataset.mark = key;
  element.replaceChildren(...spaced(pieces(words.texts[key])));
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
  element.replaceChildren(...spaced(pieces(texts)));
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

/** The board says who held the key in a whole sentence; a tile has room for our few words on it. */
function custody(element, sentences) {
  if (words.texts[sentences?.en]) put(element, sentences.en);
  else if (element.dataset.mark !== "custody") {
    element.dataset.mark = "custody";
    element.replaceChildren(...spaced(pieces(sentences)));
  }
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
  fit();
  put(byId("stage-state"), next.ceremony.state);
  const { signed, of } = next;
  byId("progress").max = of;
  byId("progress").value = signed;
  write(byId("count"), `${signed} / ${of}`);
  write(byId("hash"), shortened(next.final?.document_sha256 ?? next.agreement.document_sha256));
  drawCertificate(moving);
}

/** "3f9a c2d1 77e0 … 5b12". */
function shortened(sha256) {
  const groups = (sha256 ?? "").match(/.{4}/g) ?? [];
  return groups.length > 4 ? `${groups.slice(0, 3).join(" ")} … ${groups.at(-1)}` : groups.join(" ");
}

/* ---- everything on one screen ---- */

/** Pixels of one unit of the stage. */
function unit() {
  return parseFloat(getComputedStyle(document.querySelector(".stage-frame")).paddingLeft) / 3.75;
}

function fit() {
  const main = byId("main");
  const u = unit();
  const headline = document.querySelector(".headline").offsetHeight;
  const gap = parseFloat(getComputedStyle(byId("show")).rowGap) || 0;
  const height = PHONE.matches ? Infinity : main.clientHeight - headline - gap - 3 * u;
  const { mode, columns, scale, widest } = arrange(board.seats.length, main.clientWidth / u, height / u, u);
  const list = byId("tiles");
  document.body.dataset.mode = mode;
  list.style.setProperty("--columns", columns);
  list.style.setProperty("--k", scale);
  list.style.setProperty("--widest", widest);
  for (let k = scale; list.offsetHeight > height && k > scale / 2; k *= 0.96) list.style.setProperty("--k", k);
  fitCertificate(main.clientHeight, u);
}

function fitCertificate(room, u) {
  const sheet = document.querySelector(".sheet");
  sheet.style.removeProperty("--u");
  if (!PHONE.matches && sheet.offsetHeight > room) sheet.style.setProperty("--u", `${(u * room * 0.98) / sheet.offsetHeight}px`);
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
  fit();
  write(byId("spoken"), pieces(words.texts.concluded).map((piece) => piece.textContent).join(" · "));
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
  fitCertificate(byId("main").clientHeight, unit());
  const { host, pathname } = final ? new URL(final.verify_url) : { host: "", pathname: "" };
  const [first, second] = byId("verify-url").children;
  write(first, host);
  write(second, pathname);
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
new ResizeObserver(fit).observe(document.documentElement);
document.fonts.ready.then(fit);
document.fonts.load('600 1em "Noto Serif SC"', words.seal).catch(() => null); // so that a seal lands with its own letters
tick();
new Live({
  boardUrl: `${firstState.api}/board`,
  eventsUrl: firstState.events,
  after: firstState.last_event,
  board: firstState,
  onBoard: (next) => draw(next, true),
  onConnection: connection,
}).start();
