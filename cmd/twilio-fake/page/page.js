// Keeps the page alive: what the server has changed appears by itself, and forms
// are sent without leaving the page. Without this script the page works, too.
"use strict";

const notice = document.getElementById("notice");
const sent = new WeakMap(); // of an item, as the server sent it

const liveRegions = (root) => root.querySelectorAll("[data-live]");

// problemOf returns what a page says went wrong.
const problemOf = (page) => page.getElementById("notice")?.textContent || "That didn't work.";

for (const region of liveRegions(document)) {
  for (const item of region.children) sent.set(item, item.outerHTML);
}

// refresh loads the page again and puts what is new in its place.
let refreshing = false;
let again = false;
async function refresh() {
  if (refreshing) {
    again = true;
    return;
  }
  refreshing = true;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok) {
      notice.textContent = problemOf(fresh);
      return;
    }
    for (const region of liveRegions(fresh)) {
      const shown = document.getElementById(region.id);
      if (shown) merge(shown, region);
    }
  } catch {
    // The server has stopped; the event source tries again.
  } finally {
    refreshing = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

// merge makes the items of a region those of a fresh one. Items that are the
// same stay, so that what is open stays open and what has the focus keeps it.
function merge(region, fresh) {
  const atEnd = region.scrollHeight - region.scrollTop - region.clientHeight < 8;
  const focused = document.activeElement?.id;
  const shown = new Map(Array.from(region.children, (item) => [item.id, item]));
  let place = region.firstElementChild;
  for (const item of Array.from(fresh.children)) {
    const html = item.outerHTML;
    let current = shown.get(item.id);
    shown.delete(item.id);
    if (current && sent.get(current) === html) {
      if (current === place) place = place.nextElementSibling;
      else region.insertBefore(current, place);
      continue;
    }
    const next = document.importNode(item, true);
    sent.set(next, html);
    if (current) {
      for (const open of current.querySelectorAll("details[open]")) {
        next.querySelector("#" + CSS.escape(open.id))?.setAttribute("open", "");
      }
      if (current === place) place = place.nextElementSibling;
      current.remove();
    }
    region.insertBefore(next, place);
  }
  for (const gone of shown.values()) gone.remove();
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus();
  if (atEnd) region.scrollTop = region.scrollHeight;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if ("plain" in form.dataset) return;
  event.preventDefault();
  notice.textContent = "";
  try {
    const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!response.ok) {
      notice.textContent = problemOf(new DOMParser().parseFromString(await response.text(), "text/html"));
      return;
    }
    for (const area of form.querySelectorAll("textarea")) area.value = "";
    await refresh();
  } catch {
    notice.textContent = "The server doesn't respond.";
  }
});

function tick(event) {
  const clock = document.getElementById("clock");
  const time = JSON.parse(event.data);
  clock.dateTime = time.iso;
  clock.textContent = time.text;
  if (document.querySelector("[data-tick]")) refresh();
}

// A browser has few connections to a server, so that a page listens only while
// it is seen.
let events;
function listen() {
  events?.close();
  events = undefined;
  if (document.hidden) return;
  events = new EventSource("/_fake/ui/events");
  events.addEventListener("change", refresh);
  events.addEventListener("tick", tick);
}
document.addEventListener("visibilitychange", listen);
listen();

const conversation = document.getElementById("conversation");
if (conversation) conversation.scrollTop = conversation.scrollHeight;
