/**
 * Follows a ceremony: server-sent events tell that something happened, the board is fetched anew and handed on. When
 * streams do not come through, it asks every two seconds instead, and it never stops trying either way. It knows
 * nothing of what a board holds beyond the facts that only an event can change.
 */

import { getJson } from "./api.js";

const GATHER_MS = 80; // several events of one moment cost one fetch
const GATHER_LONGEST_MS = 2000; // a busy server is asked less often: the pause is twice what the last answer took
const POLL_MS = 2000;
const CHECK_MS = 10000; // presence is not an event, and a proxy may hold a stream back
const RETRY_MS = 30000; // while polling, how often the stream is tried again
const LONGEST_PAUSE_MS = 10000;
const QUIET_MS = 2500; // a stream that comes back at once is not worth a word

/** What changes only with an event that every audience sees; steps of a seat, presence and the clock are left out. */
function facts(board) {
  const signed = board.seats.filter((seat) => seat.state === "signed").map((seat) => seat.signatory_id);
  return JSON.stringify([board.ceremony.state, board.ceremony.round_state, signed, board.final ?? null]);
}

/**
 * `boardUrl`, `eventsUrl`, `after` (number of the last event known), `board` (the first one), `onBoard(board)`,
 * `onEvent(event)`, `onConnection("live" | "polling" | "reconnecting")`.
 */
export class Live {
  #options;
  #source = null;
  #after;
  #known;
  #failures = 0;
  #missed = 0;
  #polling = false;
  #heldBack = false;
  #timer = null;
  #gather = null;
  #fetching = false;
  #took = 0;
  #again = false;
  #eventSince = 0;
  #pause = 500;
  #worry = null;

  constructor(options) {
    this.#options = { onEvent: () => {}, onConnection: () => {}, ...options };
    this.#after = options.after;
    this.#known = options.board ? facts(options.board) : "";
  }

  /** Begin; the page calls this once. */
  start() {
    this.#open();
    this.#schedule(CHECK_MS);
    for (const sign of ["online", "pageshow"]) addEventListener(sign, () => this.refresh());
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
    return this;
  }

  /** Fetch the board soon; several calls in one moment are one fetch. */
  refresh() {
    this.#gather ??= setTimeout(() => {
      this.#gather = null;
      this.#fetch();
    }, Math.min(Math.max(GATHER_MS, 2 * this.#took), GATHER_LONGEST_MS));
  }

  #open() {
    this.#source?.close();
    const url = new URL(this.#options.eventsUrl, location.href);
    url.searchParams.set("after", this.#after);
    const source = new EventSource(url);
    this.#source = source;
    source.onopen = () => this.#opened();
    source.addEventListener("log", (message) => this.#heard(message));
    source.onerror = () => this.#failed(source);
  }

  #opened() {
    this.#failures = 0;
    if (!this.#heldBack) this.#streamWorks();
    this.refresh();
  }

  #heard(message) {
    const number = Number(message.lastEventId);
    if (Number.isFinite(number) && message.lastEventId !== "") this.#after = Math.max(this.#after, number);
    this.#eventSince += 1;
    this.#missed = 0;
    if (this.#polling) this.#streamWorks();
    this.#options.onEvent({ number, ...JSON.parse(message.data) });
    this.refresh();
  }

  #failed(source) {
    this.#failures += 1;
    if (!this.#polling) this.#worried();
    if (this.#failures >= 2) this.#poll();
    if (source.readyState === EventSource.CLOSED && source === this.#source) {
      const pause = this.#polling ? RETRY_MS : 1000;
      setTimeout(() => source === this.#source && this.#open(), pause);
    }
  }

  #poll() {
    if (this.#polling) return;
    this.#polling = true;
    this.#schedule(0);
  }

  #streamWorks() {
    this.#polling = false;
    this.#heldBack = false;
    this.#say("live");
  }

  #say(state, error) {
    clearTimeout(this.#worry);
    this.#worry = null;
    this.#options.onConnection(state, error);
  }

  #worried() {
    this.#worry ??= setTimeout(() => this.#say("reconnecting"), QUIET_MS);
  }

  #schedule(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fetch(), milliseconds);
  }

  async #fetch() {
    if (this.#fetching) {
      this.#again = true;
      return;
    }
    this.#fetching = true;
    const heardBefore = this.#eventSince;
    const begun = performance.now();
    try {
      const board = await getJson(this.#options.boardUrl);
      this.#took = performance.now() - begun;
      this.#take(board, heardBefore);
      this.#pause = 500;
      this.#schedule(this.#polling ? POLL_MS : CHECK_MS);
    } catch (error) {
      this.#say("reconnecting", error);
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
      this.#schedule(this.#pause);
    } finally {
      this.#fetching = false;
      if (this.#again) {
        this.#again = false;
        this.refresh();
      }
    }
  }

  #take(board, heardBefore) {
    if (board.last_event < (this.#options.board?.last_event ?? 0)) return; // an older answer that came late
    this.#options.board = board;
    const now = facts(board);
    if (this.#known && now !== this.#known && heardBefore === 0 && this.#eventSince === 0) this.#silent();
    this.#known = now;
    this.#eventSince = 0;
    if (this.#polling) this.#say("polling");
    else if (this.#source?.readyState === EventSource.OPEN) this.#say("live");
    this.#options.onBoard(board);
  }

  /** The board moved and the stream said nothing: twice, and a proxy is holding the stream back. */
  #silent() {
    this.#missed += 1;
    this.#heldBack = this.#missed >= 2;
    if (this.#heldBack) this.#poll();
  }
}
