// Warns two minutes before the session ends, and extends it when asked. Every page works without this file.
"use strict";
(() => {
  const dialog = document.getElementById("session-ends");
  if (!dialog || typeof dialog.showModal !== "function") return;

  const form = dialog.querySelector("form");
  const warnBefore = 120;
  let end = 0;
  let timer = 0;

  const look = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    clearTimeout(timer);
    if (left <= 0) {
      dialog.dataset.ended = "";
      if (!dialog.open) dialog.showModal();
    } else {
      if (left <= warnBefore && !dialog.open) dialog.showModal();
      timer = setTimeout(look, Math.min(left > warnBefore ? left - warnBefore : left, 3600) * 1000);
    }
  };

  const begin = (seconds) => {
    end = Date.now() + seconds * 1000;
    delete dialog.dataset.ended;
    look();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body: new URLSearchParams(new FormData(form)),
      });
      if (!answer.ok) throw new Error(answer.statusText);
      const { seconds } = await answer.json();
      dialog.close();
      begin(seconds);
    } catch {
      form.submit();
    }
  });

  // A computer that slept runs no timers; look again when the page is seen.
  document.addEventListener("visibilitychange", look);
  begin(Number(dialog.dataset.seconds));
})();
