"use strict";
// How many people are chosen in “Nếu…”, while they are being chosen.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form#neu");
  if (!form) return;
  const place = form.querySelector("[data-picked]");
  const number = form.querySelectorAll("input[name=person]:checked").length;
  if (place) place.textContent = number ? `(${number} ${place.dataset.picked})` : "";
});
