// What was typed and not saved is not lost by a slip.
"use strict";
const here = document.querySelector(".menu [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - 40;
let changed = false;
for (const form of document.querySelectorAll("form[data-warn]")) {
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
}
addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
// Documents for the consent are copied into the shoebox.
for (const place of document.querySelectorAll(".upload")) {
  place.hidden = false;
  const told = place.querySelector("[role=status]");
  place.querySelector("input").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    const answer = await fetch(place.dataset.to + "?name=" + encodeURIComponent(file.name),
      { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
    if (answer.ok) location.reload(); else told.textContent = answer.status + " " + answer.statusText;
  });
}
