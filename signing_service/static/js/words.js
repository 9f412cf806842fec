/**
 * The words and the first state a page was served with, and how times and hashes are written. No text for people stands
 * in a script: it comes, translated, from the data block `words` of the page.
 */

function block(id) {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent) : {};
}

export const words = block("words");
export const firstState = block("state");

/** The language of the page. */
export const language = document.documentElement.lang;

/** The text `key` with its {placeholders} filled. */
export function say(key, facts = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}

/** The text for the reader out of {language: text}. */
export function pick(texts) {
  return texts?.[language] || texts?.en || texts?.["zh-Hans"] || Object.values(texts ?? {})[0] || "";
}

/** "10:02:31 UTC". */
export function utcClock(moment) {
  return `${new Date(moment).toISOString().slice(11, 19)} UTC`;
}

/** "2026-11-22 10:02:31 UTC". */
export function utcFull(moment) {
  return `${new Date(moment).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

const OWN_ZONE = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
  year: "numeric", month: "long", day: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});

/** The same moment where the reader is, with the zone's name; empty where that is UTC itself. */
export function here(moment) {
  const date = new Date(moment);
  return date.getTimezoneOffset() === 0 ? "" : OWN_ZONE.format(date);
}

/** "21 December 2026 at 17:30 GMT+8 (2026-12-21 09:30 UTC)", or the latter alone. */
export function hereAndUtc(moment) {
  const utc = `${new Date(moment).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return here(moment) ? `${here(moment)} (${utc})` : utc;
}

/** The first twelve characters of a hash. */
export function short(sha256) {
  return (sha256 ?? "").slice(0, 12);
}

/** A whole hash in groups of eight, so that two people can compare it aloud. */
export function grouped(sha256) {
  return (sha256 ?? "").replace(/(.{8})(?=.)/g, "$1 ");
}

/** Set the text of an element only when it changes, so that nothing is announced twice. */
export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
