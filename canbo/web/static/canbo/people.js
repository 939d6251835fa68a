// The list of people: how many are ticked is said, and one tick takes the page.
"use strict";

function tell(form) {
  const said = form.querySelector("[data-selected]");
  const number = form.querySelectorAll("input[name=code]:checked").length;
  said.textContent = number ? said.dataset.some.replace("#", String(number)) : said.dataset.none;
}
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-selection]");
  if (form) tell(form);
});
