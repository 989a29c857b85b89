// Empty lines part paragraphs and are none of the picture's. The line in which the text's caret stands is marked in the picture; a line that is clicked there is found in the text.
"use strict";
const text = document.getElementById("text");
const lines = [...document.querySelectorAll(".scan rect")];
function mark() {
  const before = text.value.slice(0, text.selectionStart).split("\n");
  const at = before.slice(0, -1).filter((line) => line.trim()).length;
  lines.forEach((line, number) => line.classList.toggle("here", number === at));
  if (lines[at]) lines[at].scrollIntoView({ block: "nearest" });
}
if (text) {
  for (const what of ["keyup", "click", "focus", "input"]) text.addEventListener(what, mark);
  lines.forEach((line, number) => line.addEventListener("click", () => {
    let left = number, before = 0;
    for (const written of text.value.split("\n")) {
      if (written.trim() && left-- === 0) break;
      before += written.length + 1;
    }
    before = Math.min(before, text.value.length);
    text.focus();
    text.setSelectionRange(before, before);
    mark();
  }));
}
