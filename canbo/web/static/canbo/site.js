// What the pages do beyond links and forms. Everything that is read works without it.
"use strict";

// A menu closes when the visitor goes elsewhere, or by Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.me[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.me[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A choice that stands alone in its form is sent as it is made; its button is for browsers without script.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-at-once]");
  if (form) form.requestSubmit();
});
function hideButtons(within) {
  for (const button of within.querySelectorAll("form[data-at-once] [data-by-hand]")) button.hidden = true;
}
hideButtons(document);
document.addEventListener("htmx:load", (event) => hideButtons(event.target));

// Dialogs are opened by what names them, and take the focus.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault(); // without script, its address leads to the same
    document.getElementById(opener.dataset.dialog).showModal();
  }
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog").close();
});
