// What the page does by itself: opens clauses, keeps the log over a reload, prints large.
window.policyPage = (() => {
  const root = document.documentElement;
  root.lang = "zh-CN";

  const store = (area, key, value) => {
    try {
      if (value === undefined) return area.getItem(key);
      if (value === null) area.removeItem(key);
      else area.setItem(key, value);
    } catch {
      // Storage may be full or forbidden; the page works without.
    }
    return null;
  };

  // A tab's own conversation: it outlives a reload, not the tab, for the next user's sake.
  const newSession = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(24));
    const name = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    store(sessionStorage, "session", name);
    return name;
  };
  const choose = (region) => store(sessionStorage, "region", region);
  const resume = (home) => [
    store(sessionStorage, "session") ?? newSession(),
    store(sessionStorage, "region") ?? home,
  ];

  const turns = () => document.querySelector("#log .turns");
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const reveal = (element, block) =>
    element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });

  const show = ({ key, html, region }) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const turn = holder.content.firstElementChild;
    const before = document.getElementById(key);
    if (before) before.replaceWith(turn);
    else turns().append(turn);
    // Who has scrolled away while the answer is being written is left there.
    if (!before || !turn.querySelector(".waiting")) reveal(turn, "start");
    keep();
    if (region) choose(region);
  };
  const keep = () => store(sessionStorage, "log", turns().innerHTML);

  const log = (element, props, trigger, watch) => {
    printLarge(root.classList.contains("large"));
    turns().innerHTML = store(sessionStorage, "log") ?? "";
    turns().querySelectorAll(".waiting").forEach((waiting) => waiting.closest(".turn").remove());
    watch("value", () => props.value?.key && show(props.value));
    element.addEventListener("click", ({ target }) => {
      const chip = target.closest("[data-say]");
      if (chip) trigger("select", { say: chip.dataset.say });
      const verdict = target.closest("[data-verdict]");
      if (verdict) {
        const both = verdict.parentElement.querySelectorAll("[data-verdict]");
        both.forEach((button) => button.setAttribute("aria-pressed", button === verdict));
        const { id } = verdict.closest(".turn");
        trigger("like", { reply: id, verdict: verdict.dataset.verdict });
        keep();
      }
    });
  };

  const forget = (home) => {
    turns().replaceChildren();
    store(sessionStorage, "log", null);
    store(sessionStorage, "region", null);
    document.querySelector("#message textarea")?.focus();
    return [newSession(), home];
  };

  const printLarge = (large) => {
    root.classList.toggle("large", large);
    document
      .querySelectorAll("[data-large-print]")
      .forEach((button) => button.setAttribute("aria-pressed", large));
  };
  root.classList.toggle("large", store(localStorage, "large") === "yes");

  document.addEventListener("click", ({ target }) => {
    const reference = target.closest?.("[data-opens]");
    const source = reference && document.getElementById(reference.dataset.opens);
    if (source) {
      source.open = true;
      source.querySelector("summary").focus({ preventScroll: true });
      reveal(source, "nearest");
    }
    if (target.closest?.("[data-large-print]")) {
      const large = !root.classList.contains("large");
      store(localStorage, "large", large ? "yes" : null);
      printLarge(large);
    }
  });

  return {
    log,
    choose,
    resume,
    forget,
    reveal: (selector) => reveal(document.querySelector(selector), "nearest"),
  };
})();
