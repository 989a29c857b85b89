// The line in which the text's caret stands is marked in the picture; a line that is clicked there is found in the text.
"use strict";
const text = document.getElementById("text");
const lines = [...document.querySelectorAll(".scan rect")];
function mark() {
  const at = text.value.slice(0, text.selectionStart).split("\n").length - 1;
  lines.forEach((line, number) => line.classList.toggle("here", number === at));
  if (lines[at]) lines[at].scrollIntoView({ block: "nearest" });
}
if (text) {
  for (const what of ["keyup", "click", "focus", "input"]) text.addEventListener(what, mark);
  lines.forEach((line, number) => line.addEventListener("click", () => {
    const before = text.value.split("\n").slice(0, number).join("\n").length + (number ? 1 : 0);
    text.focus();
    text.setSelectionRange(before, before);
    mark();
  }));
}
