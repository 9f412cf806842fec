/**
 * The document on the screen: page images with the words over them as selectable text, and a record of which pages
 * were really displayed. A page counts when its head, middle and foot each stood still in view, with the image loaded.
 * It opens to the full width of the screen without a second copy of anything. It does not judge what is signed.
 */

import { getJson } from "./api.js";
import { say, write } from "./words.js";

const DWELL_MS = 250; // a page flung past was not displayed
const ZOOM = [1, 1.5, 2.2];

export class Reading {
  #section;
  #scroller;
  #pages;
  #counter;
  #read;
  #onRead;
  #seen = new Map();
  #current = 1;
  #zoom = 0;
  #opener = null;

  /** `read`: page numbers displayed before; `onRead(numbers)` hears of each new one. */
  constructor(section, { read, onRead, wordsUrl }) {
    this.#section = section;
    this.#scroller = section.querySelector("[data-scroller]");
    this.#pages = [...section.querySelectorAll("[data-page]")];
    this.#counter = section.querySelector("[data-counter]");
    this.#read = new Set(read);
    this.#onRead = onRead;
    this.#watch(wordsUrl);
    this.#controls();
    this.#count();
  }

  get total() {
    return this.#pages.length;
  }

  get allRead() {
    return this.#pages.every((page) => this.#read.has(Number(page.dataset.page)));
  }

  get unread() {
    return this.#pages.map((page) => Number(page.dataset.page)).filter((number) => !this.#read.has(number));
  }

  get isOpen() {
    return this.#section.classList.contains("full");
  }

  /** Show the next part that was not displayed: from the foot of what is in view on, never over it. */
  goOn() {
    const next = this.unread[0];
    if (!next) return;
    const page = this.#pages[next - 1];
    const bands = [...page.querySelectorAll("[data-band]")];
    const seen = this.#seen.get(next) ?? new Set();
    const band = bands.find((each) => !seen.has(each)) ?? page;
    const above = band === bands[0] ? 0 : this.#scroller.clientHeight * 0.6;
    const target = band.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top - above;
    this.#scroller.scrollBy({ top: target, behavior: "smooth" });
  }

  /** Take the whole screen; what is behind cannot be reached until `close`. */
  open(opener) {
    this.#opener = opener ?? document.activeElement;
    this.#section.classList.add("full");
    this.#section.setAttribute("role", "dialog");
    this.#section.setAttribute("aria-modal", "true");
    document.body.classList.add("reading");
    for (const element of document.querySelectorAll("[data-behind]")) element.inert = true;
    this.#scroller.focus({ preventScroll: true });
  }

  close() {
    if (!this.isOpen) return;
    this.#section.classList.remove("full");
    this.#section.removeAttribute("role");
    this.#section.removeAttribute("aria-modal");
    document.body.classList.remove("reading");
    for (const element of document.querySelectorAll("[data-behind]")) element.inert = false;
    if (this.allRead) this.#scroller.scrollTop = 0;
    if (this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });
  }

  #controls() {
    this.#section.querySelector("[data-open]").addEventListener("click", (event) => this.open(event.currentTarget));
    for (const button of this.#section.querySelectorAll("[data-close]"))
      button.addEventListener("click", () => this.close());
    for (const button of this.#section.querySelectorAll("[data-zoom]"))
      button.addEventListener("click", () => this.#magnify(Number(button.dataset.zoom)));
    this.#section.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    addEventListener("beforeprint", () => this.close());
  }

  #magnify(step) {
    this.#zoom = Math.min(Math.max(this.#zoom + step, 0), ZOOM.length - 1);
    this.#scroller.style.setProperty("--zoom", ZOOM[this.#zoom]);
    for (const button of this.#section.querySelectorAll("[data-zoom]"))
      button.disabled = this.#zoom === (Number(button.dataset.zoom) > 0 ? ZOOM.length - 1 : 0);
    this.#pages[this.#current - 1]?.scrollIntoView({ block: "nearest", inline: "start" });
  }

  #watch(wordsUrl) {
    const bands = new IntersectionObserver((entries) => entries.forEach((entry) => this.#band(entry)), {
      root: this.#scroller,
    });
    const near = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (!isIntersecting) continue;
          near.unobserve(target);
          layText(target, wordsUrl);
        }
      },
      { root: this.#scroller, rootMargin: "100%" },
    );
    for (const page of this.#pages) {
      near.observe(page);
      for (const band of page.querySelectorAll("[data-band]")) bands.observe(band);
      const image = page.querySelector("img");
      image.addEventListener("error", () => page.classList.add("missing"));
      image.addEventListener("load", () => page.classList.remove("missing"));
      page.querySelector("[data-retry]").addEventListener("click", () => again(image));
    }
  }

  #band({ target, isIntersecting }) {
    clearTimeout(Number(target.dataset.timer));
    if (!isIntersecting) return;
    const page = target.closest("[data-page]");
    this.#current = Number(page.dataset.page);
    this.#count();
    target.dataset.timer = setTimeout(() => this.#stood(page, target), DWELL_MS);
  }

  async #stood(page, band) {
    const number = Number(page.dataset.page);
    const image = page.querySelector("img");
    if (this.#read.has(number) || document.hidden) return;
    if (!image.complete || image.naturalWidth === 0) {
      image.addEventListener("load", () => this.#stood(page, band), { once: true });
      return;
    }
    const seen = this.#seen.get(number) ?? new Set();
    this.#seen.set(number, seen.add(band));
    if (seen.size < page.querySelectorAll("[data-band]").length) return;
    this.#read.add(number);
    this.#count();
    this.#onRead([number]);
  }

  #count() {
    const key = this.allRead ? "page_all_read" : "page_of";
    write(this.#counter, say(key, { page: this.#current, pages: this.total, left: this.unread.length }));
    this.#counter.classList.toggle("proved", this.allRead);
    for (const page of this.#pages) page.classList.toggle("read", this.#read.has(Number(page.dataset.page)));
  }
}

function again(image) {
  const source = image.src;
  const set = image.srcset;
  image.removeAttribute("srcset");
  image.src = "";
  image.srcset = set;
  image.src = source;
}

/**
 * Words of one page: {"words": [{"text", "x0", "y0", "x1", "y1"}]} with boxes in fractions of the page from the upper
 * left, or {"text"} alone, which is then read out and copied but not placed.
 */
async function layText(page, wordsUrl) {
  const layer = page.querySelector("[data-text]");
  let content;
  try {
    content = await getJson(wordsUrl.replace("{n}", page.dataset.page));
  } catch {
    return; // the image stands; a reload brings the text
  }
  const boxes = Array.isArray(content) ? content : content.words;
  if (!boxes?.length) {
    layer.classList.add("visually-hidden");
    layer.textContent = content.text ?? "";
    return;
  }
  const spans = boxes.map(placed);
  layer.replaceChildren(...spans.flatMap((span) => [span, document.createTextNode(" ")]));
  await document.fonts.ready;
  const room = layer.getBoundingClientRect().width;
  const widths = spans.map((span) => span.getBoundingClientRect().width);
  spans.forEach((span, at) => stretch(span, widths[at], (boxes[at].x1 - boxes[at].x0) * room));
}

function placed({ text, x0, y0, y1 }) {
  const span = document.createElement("span");
  span.textContent = text;
  span.style.left = `${x0 * 100}%`;
  span.style.top = `${y0 * 100}%`;
  span.style.fontSize = `${(y1 - y0) * 90}cqh`;
  return span;
}

/** The screen's font is not the document's: make each word as wide as it is printed. */
function stretch(span, width, wanted) {
  if (width > 0 && wanted > 0) span.style.transform = `scaleX(${wanted / width})`;
}
