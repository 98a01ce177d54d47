// Asks the Web eID extension to have the card sign, for the form that says so. The messages are those of the extension's own API
// (web-eid.js 2): a request by window.postMessage, an acknowledgement within a second, then success or failure.
"use strict";
(() => {
  const form = document.querySelector("form[data-card]");
  if (!form) return;
  const AUTHENTICATE = "web-eid:authenticate";
  /** How long the extension may take to say that it is there, and the person to put in the card and type the PIN: milliseconds. */
  const THERE = 2000;
  const ANSWERED = 2 * 60 * 1000 + 6000;
  /** After this the challenge of the page is soon too old: the page asks for another one. */
  const OLD = 4 * 60 * 1000;

  /** What each error of the extension means to a person. */
  const MEANS = {
    ERR_WEBEID_EXTENSION_UNAVAILABLE: "no-extension",
    ERR_WEBEID_NATIVE_UNAVAILABLE: "no-program",
    ERR_WEBEID_VERSION_MISMATCH: "old",
    ERR_WEBEID_VERSION_INVALID: "old",
    ERR_WEBEID_USER_CANCELLED: "cancelled",
    ERR_WEBEID_USER_TIMEOUT: "late",
    ERR_WEBEID_ACTION_TIMEOUT: "late",
    ERR_WEBEID_ACTION_PENDING: "pending",
    ERR_WEBEID_CONTEXT_INSECURE: "insecure",
  };

  const say = (why) => {
    for (const message of form.querySelectorAll("[data-card-says]")) message.hidden = message.dataset.cardSays !== why;
  };

  const ask = () => new Promise((resolve, reject) => {
    if (!window.isSecureContext) return reject({ code: "ERR_WEBEID_CONTEXT_INSECURE" });
    let there, answered;
    const end = (settle, value) => {
      clearTimeout(there);
      clearTimeout(answered);
      window.removeEventListener("message", hear);
      settle(value);
    };
    const hear = (event) => {
      // The extension speaks from this page itself; another window has nothing to say here.
      if (event.source !== window || event.origin !== window.location.origin) return;
      const message = event.data ?? {};
      if (message.action === `${AUTHENTICATE}-ack`) clearTimeout(there);
      else if (message.action === `${AUTHENTICATE}-success`) end(resolve, message);
      else if (message.action === `${AUTHENTICATE}-failure`) end(reject, message.error ?? {});
    };
    window.addEventListener("message", hear);
    there = setTimeout(() => end(reject, { code: "ERR_WEBEID_EXTENSION_UNAVAILABLE" }), THERE);
    answered = setTimeout(() => end(reject, { code: "ERR_WEBEID_ACTION_TIMEOUT" }), ANSWERED);
    const request = {
      action: AUTHENTICATE,
      libraryVersion: "2.0.1",
      challengeNonce: form.dataset.card,
      options: { lang: document.documentElement.lang },
    };
    window.postMessage(request, window.location.origin);
  });

  const press = async (button) => {
    button.disabled = true;
    say("wait");
    try {
      const { unverifiedCertificate, algorithm, signature, format, appVersion } = await ask();
      form.elements.token.value = JSON.stringify({ unverifiedCertificate, algorithm, signature, format, appVersion });
      form.submit();
    } catch (error) {
      say(MEANS[error.code] ?? "failed");
      button.disabled = false;
      button.focus();
    }
  };

  form.querySelector("[data-card-without]").hidden = true;
  const button = form.querySelector("[data-card-go]");
  button.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (performance.now() > OLD) window.location.reload();
    else press(button);
  });
  // A page that comes back from the browser's memory has a challenge that was taken.
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
})();
