/**
 * The document of a seat: fetched until it is here, and the service is told which pages were on the screen. It neither
 * displays nor judges anything.
 */

import { ConnectionLost, postJson } from "./api.js";
import { fetchShown } from "./signing.js";

const GATHER_MS = 400;
const AGAIN_MS = 2000;

/** The bytes of the document that is displayed; asks again while there is no answer. Raises `Mismatch` or `Problem`. */
export async function fetchSurely({ document_url: url, document_sha256: sha256 }) {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 15000)) {
    try {
      return await fetchShown(url, sha256);
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/** Pages that were displayed, told in bundles; what could not be told is told again. */
export class Pages {
  #unsent = [];
  #timer = null;
  #seat;
  #fail;

  /** `seat` gives the board as it stands, `fail` hears what the service refused. */
  constructor(seat, fail) {
    this.#seat = seat;
    this.#fail = fail;
  }

  displayed(numbers) {
    this.#unsent.push(...numbers);
    this.#soon(GATHER_MS);
  }

  async send() {
    const pages = this.#unsent;
    if (!pages.length) return;
    this.#unsent = [];
    const { api, agreement } = this.#seat();
    try {
      await postJson(`${api}/pages`, { pages, document_sha256: agreement.document_sha256 }, { keepalive: true });
    } catch (error) {
      this.#unsent.push(...pages);
      if (error instanceof ConnectionLost) this.#soon(AGAIN_MS);
      else this.#fail(error);
    }
  }

  #soon(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.send(), milliseconds);
  }
}
