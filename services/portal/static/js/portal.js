// What every page does: keep the help card offline, and keep the focus where a reader expects it.
"use strict";

if ("serviceWorker" in navigator) {
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/service-worker.js").catch(() => undefined);
  });
}

document.addEventListener("htmx:afterSwap", (event) => {
  const swapped = event.detail.target;
  if (swapped && swapped.id === "main") {
    document.getElementById("main").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
});

// A form that asks to be sent once is not sent twice by an impatient finger.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
}, true);

// Where the horizontal strip of days is longer than the screen, show the chosen one.
function showChosenDay() {
  const day = document.querySelector(".days [aria-current]");
  if (day) {
    const strip = day.parentElement;
    strip.scrollLeft = day.offsetLeft - strip.offsetLeft - strip.clientWidth / 2 + day.clientWidth / 2;
  }
}
showChosenDay();
document.addEventListener("htmx:afterSettle", showChosenDay);
