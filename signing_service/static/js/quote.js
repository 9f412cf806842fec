/* Selecting words in the text offers to comment on them. Without script the form has a field for the quoted words. */

const MOST = 1000;
const text = document.querySelector("[data-quotable]");

function flat(words) {
  return words.split(/\s+/).filter(Boolean).join(" ");
}

/** The words of a range without the labels before paragraphs, which are not part of the text. */
function wordsOf(range) {
  const copy = range.cloneContents();
  for (const label of copy.querySelectorAll(".para-label, .clause-tools, .clause-mark")) label.remove();
  const holder = document.createElement("div");
  holder.append(copy);
  for (const block of holder.querySelectorAll("p, h2")) block.append(" ");
  return flat(holder.textContent);
}

/** What is selected, when it lies in one article and one language: {clause, language, quote, near}. */
function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const common = range.commonAncestorContainer;
  const element = common.nodeType === Node.ELEMENT_NODE ? common : common.parentElement;
  const clause = element.closest("section.clause");
  const side = element.closest("section.clause [lang]");
  if (!clause || !side || !text.contains(clause)) return null;
  const quote = wordsOf(range);
  if (!quote || quote.length > MOST) return null;
  const before = document.createRange();
  before.setStart(clause, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const copy = before.cloneContents();
  for (const other of copy.querySelectorAll("[lang]")) if (other.lang !== side.lang) other.remove();
  return { clause: clause.id.replace(/^clause-/, ""), language: side.lang, quote, near: flat(copy.textContent).length };
}

if (text) {
  const button = document.createElement("a");
  button.className = "btn btn-press quote-button";
  button.textContent = text.dataset.quoteWords;
  button.hidden = true;
  document.body.append(button);
  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const found = selected();
      button.hidden = !found;
      if (!found) return;
      const address = new URL(text.dataset.quotable, window.location.href);
      for (const [name, value] of Object.entries(found)) address.searchParams.set(name, value);
      button.href = address.href;
    }, 150);
  });
}
