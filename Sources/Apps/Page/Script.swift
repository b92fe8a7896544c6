/// What is served as /page.js. Everything works without it; with it, answers come without a new page, sliders move a live
/// prediction, and times are the reader's own.
///
/// The server draws everything: the script puts pieces of its pages in place and never makes markup of texts.
internal let pageScript = #"""
  "use strict";
  (() => {
    const byId = (id) => document.getElementById(id);

    const localTimes = (root) => {
      for (const time of root.querySelectorAll("time[datetime]")) {
        const moment = new Date(time.dateTime);
        if (!isNaN(moment)) time.textContent = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      }
    };

    const say = (place, strong, more) => {
      const box = document.createElement("div");
      const text = document.createElement("p");
      const head = document.createElement("strong");
      box.className = "alert";
      head.textContent = strong;
      text.append(head, " " + more);
      box.append(text);
      place.replaceChildren(box);
    };

    const bones = (text) => {
      const box = document.createElement("div");
      box.className = "bones";
      const label = document.createElement("p");
      label.className = "muted";
      label.textContent = text;
      box.append(label);
      for (let line = 0; line < 3; line++) box.append(document.createElement("span"));
      return box;
    };

    // It did answer, and said no: the server with a reason, or something between here and there.
    const refused = (resultId, answer, text) => {
      let reason = "";
      try { reason = JSON.parse(text).detail ?? ""; } catch { /* Of a proxy nothing more is known. */ }
      byId(resultId).removeAttribute("aria-busy");
      say(byId(resultId), `This was refused (${answer.status}).`, reason || "The server, or a proxy in front of it, does not take it.");
    };

    // Sends a form and puts the named parts of the answered page in place.
    const enhance = (formId, resultId, parts, waiting) => {
      const form = byId(formId);
      if (!form) return;
      let asking = null;
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        asking?.abort();
        const mine = (asking = new AbortController());
        const button = form.querySelector("button");
        const data = new FormData(form);
        const url = new URL(form.action);
        const isGet = form.method === "get";
        if (isGet) url.search = new URLSearchParams(data);
        button.setAttribute("aria-disabled", "true");
        byId(resultId).setAttribute("aria-busy", "true");
        byId(resultId).replaceChildren(bones(waiting));
        try {
          const answer = await fetch(url, isGet ? { signal: mine.signal } : { method: "POST", body: data, signal: mine.signal });
          const text = await answer.text();
          const page = new DOMParser().parseFromString(text, "text/html");
          if (!page.getElementById(resultId)) return refused(resultId, answer, text);
          for (const part of parts) {
            const fresh = page.getElementById(part), old = byId(part);
            if (fresh && old) { localTimes(fresh); old.replaceWith(document.importNode(fresh, true)); }
          }
          if (isGet) history.replaceState(history.state, "", url);
          if (formId !== "table-form") enhanceAll();
          byId(resultId).focus({ preventScroll: true });
          byId(resultId).scrollIntoView({ block: "nearest" });
        } catch (error) {
          if (error.name === "AbortError") return;
          byId(resultId).removeAttribute("aria-busy");
          say(byId(resultId), "This server does not answer.", "Check that it still runs, then try again.");
        } finally {
          if (asking === mine) button.removeAttribute("aria-disabled");
        }
      });
    };

    // What the field holds as the value of a slider from 0 to 1000, and back.
    const sliderScale = (slider) => {
      const low = Number(slider.dataset.low), high = Number(slider.dataset.high);
      if (slider.dataset.scale === "log") {
        const span = Math.log1p(high - low);
        return {
          place: (value) => (Math.log1p(Math.max(0, value - low)) / span) * 1000,
          value: (place) => low + Math.round(Math.expm1((place / 1000) * span)),
        };
      }
      const step = high - low > 20 ? 1 : (high - low) / 1000;
      return {
        place: (value) => ((value - low) / (high - low)) * 1000,
        value: (place) => Number((Math.round((low + (place / 1000) * (high - low)) / step) * step).toPrecision(12)),
      };
    };

    // As TargetNumbers: counts, numbers with so many digits, or all rounded to one place.
    const numberText = (value, form) => {
      if (typeof value !== "number" || !Number.isFinite(value)) return "–";
      const [kind, size] = form.split(" "), sign = (text) => (value < 0 && /[1-9]/.test(text) ? "−" : "") + text;
      const grouped = (number, decimals) => number.toLocaleString("en", {
        minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: number >= 10000 });
      if (kind === "count") {
        const count = Math.max(0, value);
        return count < 9.95 ? count.toFixed(1) : Number(count.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 0 });
      }
      const large = Math.abs(value), exponent = large > 0 ? Math.floor(Math.log10(large)) : 0;
      if (kind === "digits" && large > 0 && (exponent < -6 || exponent >= 15)) return sign(large.toExponential(size - 1).replace("e+", "e"));
      const place = kind === "digits" ? exponent - Number(size) + 1 : Number(size);
      if (large === 0 && kind === "digits") return "0";
      if (place < -9 || large >= 1e15) {
        return large === 0 ? "0" : sign(large.toExponential(large < 1e15 ? Math.max(0, exponent - place) : 3).replace("e+", "e"));
      }
      return sign(place < 0 ? grouped(Number(large.toFixed(-place)), -place) : grouped(Math.round(large / 10 ** place) * 10 ** place, 0));
    };

    // As OutOfFold.usualRange: what eight of ten with such a prediction have.
    const usualText = (prediction, groups, { numbers, scale, unit }) => {
      const group = groups.find(([limit]) => prediction <= limit) ?? groups.at(-1);
      if (!group) return "";
      const [low, high] = group.slice(1).map((shift) => scale === "linear" ? prediction + shift : Math.max(0, (Number(unit) + Math.max(0, prediction)) * 10 ** shift - unit));
      return `8 of 10 with such a prediction have ${numberText(low, numbers)} to ${numberText(high, numbers)}.`;
    };

    // As PredictedInterval.
    const intervalText = ({ quantiles, interval }, { numbers, interval: share }) => {
      if (interval) return `${(share * 100).toFixed(0)} % are expected between ${numberText(interval.low, numbers)} and ${numberText(interval.high, numbers)}.`;
      const levels = Object.keys(quantiles ?? {}).sort((one, other) => one - other);
      if (levels.length < 2) return "";
      const [low, high] = [levels[0], levels.at(-1)];
      return `${((high - low) * 100).toFixed(0)} % are expected between ${numberText(quantiles[low], numbers)} and ${numberText(quantiles[high], numbers)}.`;
    };

    const live = () => {
      const form = byId("hand-form");
      if (!form) return;
      const value = byId("hand-value"), usual = byId("hand-usual");
      const groups = form.dataset.usual ? form.dataset.usual.split(";").map((group) => group.split(" ").map(Number)) : [];
      const instance = () => {
        const row = Object.create(null);
        for (const field of form.querySelectorAll("[data-kind]")) {
          const text = field.value.trim();
          const isWrong = text !== "" && field.dataset.kind === "number" && !Number.isFinite(Number(text));
          if (isWrong) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
          if (isWrong) return null;
          if (text !== "") row[field.dataset.feature] = field.dataset.kind === "number" ? Number(text) : text;
        }
        return row;
      };
      let number = 0;
      const ask = async () => {
        const row = instance(), mine = ++number;
        const place = byId("hand-value") ?? value, interval = byId("hand-interval");
        const forget = () => { if (interval) interval.textContent = ""; };
        if (!place || !row) { forget(); if (place) place.textContent = "–"; if (usual) usual.textContent = row ? "" : "A number is not filled in right."; return; }
        const wishes = ["model", "interval"].filter((name) => form.dataset[name]);
        const query = wishes.map((name, place) => (place ? "&" : "?") + name + "=" + encodeURIComponent(form.dataset[name])).join("");
        try {
          const answer = await fetch("api/predict" + query, {
            method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ instances: [row] }),
          });
          if (mine !== number) return;
          if (!answer.ok) {
            forget();
            place.textContent = "–";
            if (usual) usual.textContent = `This was refused (${answer.status}).`;
            return;
          }
          const prediction = (await answer.json()).predictions[0];
          const found = prediction[form.dataset.target] ?? prediction.stars;
          place.textContent = numberText(found, form.dataset.numbers);
          place.classList.toggle("long", place.textContent.length > 7);
          if (usual) usual.textContent = usualText(found, groups, form.dataset);
          if (interval) interval.textContent = intervalText(prediction, form.dataset);
        } catch {
          if (mine === number) forget();
          if (mine === number && usual) usual.textContent = "This server does not answer. Check that it still runs.";
        }
      };
      let timer;
      const soon = () => { clearTimeout(timer); timer = setTimeout(ask, 120); };
      for (const slider of form.querySelectorAll("input[type=range]")) {
        const field = byId(slider.dataset.for), scale = sliderScale(slider);
        const follow = () => { if (field.value.trim() !== "") slider.value = scale.place(Number(field.value)); };
        slider.addEventListener("input", () => { field.value = scale.value(Number(slider.value)); soon(); });
        field.addEventListener("input", follow);
        slider.hidden = false;
        follow();
      }
      form.addEventListener("input", soon);
      form.addEventListener("change", soon);
      ask();
    };

    const enhanceAll = () => {
      enhance("rank-form", "rank-result", ["rank-form", "rank-result"], "Asking GitHub …");
    };
    // What was typed belongs to this entry of the history: who comes back to it finds it again.
    const remembered = "#hand-form [data-kind], #repositories";
    const restore = () => {
      const typed = history.state?.typed ?? {};
      for (const field of document.querySelectorAll(remembered)) if (Object.hasOwn(typed, field.name)) field.value = typed[field.name];
    };
    const remember = (event) => {
      // A slider moves the field before it.
      const field = event.target.dataset?.for ? byId(event.target.dataset.for) : event.target;
      if (!field.matches?.(remembered)) return;
      history.replaceState({ typed: { ...history.state?.typed, [field.name]: field.value } }, "");
    };
    document.addEventListener("input", remember);
    document.addEventListener("change", remember);

    localTimes(document);
    restore();
    enhanceAll();
    enhance("table-form", "table-result", ["table-result"], "Reading the table …");
    live();
  })();
  """#
