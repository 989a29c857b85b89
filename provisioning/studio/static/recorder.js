// An answer or a declaration, recorded by the browser and kept in the shoebox; nothing else hears it.
"use strict";
const kinds = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
for (const place of document.querySelectorAll(".recorder")) {
  if (!navigator.mediaDevices || !window.MediaRecorder) continue;
  const button = place.querySelector("button"), told = place.querySelector("[role=status]"), say = place.dataset;
  let recorder = null;
  button.textContent = say.start;
  place.hidden = false;
  const keep = async (parts) => {
    const sound = new Blob(parts, { type: recorder.mimeType });
    const answer = await fetch(say.to, { method: "POST", headers: { "Content-Type": sound.type || "audio/webm" }, body: sound });
    const result = answer.ok ? await answer.json() : null;
    if (!result) { told.textContent = say.failed + " " + answer.status; return; }
    if (result.again) say.to = result.again;
    if (say.judge && !result.good) { told.textContent = say.failed + " " + result.heard; return; }
    if (say.judge) told.textContent = say.good; else location.reload();
  };
  const begin = async () => {
    let stream;
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { told.textContent = say.denied; return; }
    const parts = [];
    recorder = new MediaRecorder(stream, { mimeType: kinds.find((kind) => MediaRecorder.isTypeSupported(kind)) });
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => { stream.getTracks().forEach((track) => track.stop()); keep(parts); };
    recorder.start(1000);
    button.textContent = say.stop; button.classList.add("on"); told.textContent = "";
  };
  button.addEventListener("click", () => {
    if (recorder && recorder.state === "recording") {
      recorder.stop(); button.textContent = say.start; button.classList.remove("on");
    } else begin();
  });
}
