// Plays the Web eID extension on a login page of the demo: it takes the page's messages and answers as the extension would, with a card
// that is none. What the real one shows in a window of its own, this shows in a dialog.
"use strict";
(() => {
  const own = new URL(document.currentScript.src).origin;
  const AUTHENTICATE = "web-eid:authenticate";
  /** What ends without a card, as the extension says it. */
  const ERRORS = {
    "no-card": "ERR_WEBEID_USER_CANCELLED",
    pin: "ERR_WEBEID_NATIVE_FATAL",
    late: "ERR_WEBEID_USER_TIMEOUT",
    old: "ERR_WEBEID_VERSION_MISMATCH",
  };
  const answer = (kind, rest) => window.postMessage({ action: `${AUTHENTICATE}-${kind}`, ...rest }, window.location.origin);
  const fail = (code) => answer("failure", { error: { code, name: "Demo", message: "the demo says so" } });

  const element = (name, className, text) => {
    const made = document.createElement(name);
    made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const choice = (id, label, options) => {
    const field = element("div", "utrecht-form-field utrecht-form-field--text");
    const name = element("label", "utrecht-form-label", label);
    name.htmlFor = id;
    const select = element("select", "utrecht-select utrecht-select--html-select");
    select.id = id;
    for (const [value, text] of options) {
      const option = element("option", "", text);
      option.value = value;
      select.append(option);
    }
    field.append(name, select);
    return [field, select];
  };

  const show = async (challenge, lang) => {
    const { people, words } = await (await fetch(`${own}/people?lang=${encodeURIComponent(lang)}`)).json();
    const dialog = element("dialog", "poort-dialog");
    dialog.setAttribute("aria-labelledby", "demo-card-title");
    const title = element("h2", "utrecht-heading-2", words.title);
    title.id = "demo-card-title";
    const [whose, person] = choice("demo-card-person", words.person, people.map(({ key, name }) => [key, name]));
    const happenings = ["good", "no-card", "pin", "late", "old", "revoked", "expired", "unanswered"];
    const [what, card] = choice("demo-card-what", words.card, happenings.map((key) => [key, words[key]]));
    const confirm = element("button", "utrecht-button utrecht-button--primary-action", words.confirm);
    confirm.id = "demo-card-confirm";
    const cancel = element("button", "utrecht-button utrecht-button--secondary-action", words.cancel);
    cancel.id = "demo-card-cancel";
    const buttons = element("div", "utrecht-button-group");
    buttons.append(confirm, cancel);
    dialog.append(title, element("p", "utrecht-paragraph", words.sample), whose, what, buttons);
    document.body.append(dialog);
    const end = () => dialog.remove();
    const stop = () => {
      end();
      fail("ERR_WEBEID_USER_CANCELLED");
    };
    cancel.addEventListener("click", stop);
    dialog.addEventListener("cancel", stop);
    confirm.addEventListener("click", async () => {
      const happens = card.value;
      const body = new URLSearchParams({ person: person.value, challenge, card: happens });
      end();
      if (ERRORS[happens]) return fail(ERRORS[happens]);
      const signed = await fetch(`${own}/sign`, { method: "POST", body });
      if (signed.ok) answer("success", await signed.json());
      else fail("ERR_WEBEID_NATIVE_FATAL");
    });
    dialog.showModal();
  };

  window.addEventListener("message", (event) => {
    if (event.source !== window || event.data?.action !== AUTHENTICATE) return;
    answer("ack", {});
    show(event.data.challengeNonce, event.data.options?.lang ?? "").catch(() => fail("ERR_WEBEID_NATIVE_UNAVAILABLE"));
  });
})();
