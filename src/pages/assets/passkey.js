// Asks the browser for a passkey, or to make one, for each form that says so. Nothing else on a page needs this file.
"use strict";
(() => {
  const knows = "PublicKeyCredential" in window
    && typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function"
    && typeof PublicKeyCredential.parseCreationOptionsFromJSON === "function";
  if (!knows) return;

  /** What this form's page wants to be asked; when it will not say, the form goes there as it is, and its page says why. */
  const options = async (form) => {
    const answer = await fetch(form.dataset.options, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    const kind = answer.headers.get("content-type") ?? "";
    if (!answer.ok || !kind.startsWith("application/json")) {
      form.submit();
      return null;
    }
    return (await answer.json()).publicKey;
  };

  const give = (form, credential) => {
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.submit();
  };

  const say = (form, why) => {
    for (const message of form.querySelectorAll("[data-passkey-says]")) message.hidden = true;
    const message = form.querySelector(`[data-passkey-says="${why}"]`);
    if (message) message.hidden = false;
  };

  /** The browser offers its passkeys in the field for the user name, for as long as the page is there. */
  const offer = async (form, waiting) => {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const asked = await options(form);
    if (!asked) return;
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
    const credential = await navigator.credentials.get({ publicKey, mediation: "conditional", signal: waiting.signal });
    if (credential) give(form, credential);
  };

  const press = async (form) => {
    say(form, "wait");
    try {
      const asked = await options(form);
      if (!asked) return;
      const credential = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
      give(form, credential);
    } catch (error) {
      say(form, error.name === "InvalidStateError" ? "known" : "failed");
    }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (form.dataset.passkey === "offer") {
      const waiting = new AbortController();
      window.addEventListener("pagehide", () => waiting.abort());
      // Nobody asked for it: when it does not work, the page is as it was.
      offer(form, waiting).catch(() => {});
      continue;
    }
    form.querySelector("[data-passkey-without]").hidden = true;
    form.querySelector("[data-passkey-go]").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.reportValidity()) press(form);
    });
  }
})();
