(function () {
  "use strict";
  var form = document.querySelector(".filters");
  if (!form) { return; }
  var changes = Array.prototype.slice.call(document.querySelectorAll(".change"));
  var sizes = ["small", "medium", "large"];
  var status = form.querySelector("[role=status]");
  var none = document.querySelector(".none");

  function values(name) {
    return Array.prototype.map.call(form.querySelectorAll("[name=" + name + "]:checked"), function (box) { return box.value; });
  }

  function apply() {
    var layers = values("layer"), chapter = form.elements.chapter.value, least = sizes.indexOf(form.elements.size.value);
    var shown = 0;
    changes.forEach(function (change) {
      var data = change.dataset;
      var fits = layers.indexOf(data.layer) >= 0 && (chapter === "*" || data.chapter === chapter) && sizes.indexOf(data.size) >= least;
      change.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    document.querySelectorAll(".layer, .layer details, .layer .scroll").forEach(function (box) {
      var inside = box.querySelectorAll(".change");
      if (inside.length) { box.hidden = !box.querySelector(".change:not([hidden])"); }
    });
    document.body.classList.toggle("side-by-side", values("view")[0] === "sides");
    none.hidden = shown > 0;
    status.textContent = shown + " av " + changes.length + " ändringar visas.";
  }

  function step(by) {
    var seen = changes.filter(function (change) { return !change.hidden && !change.closest("details:not([open])"); });
    if (!seen.length) { return; }
    var at = seen.indexOf(document.activeElement.closest(".change"));
    if (at < 0) { at = walked && seen.indexOf(walked) >= 0 ? seen.indexOf(walked) : (by > 0 ? -1 : seen.length); }
    go(seen[Math.max(0, Math.min(seen.length - 1, at + by))]);
  }

  var walked = null;
  function go(change) {
    var box = change.closest("details");
    if (box) { box.open = true; }
    walked = change;
    change.focus();
  }

  function follow() {
    var goal = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!goal) { return; }
    if (goal.hidden) { form.reset(); apply(); }
    if (goal.classList.contains("change") || goal.closest("details")) { go(goal); }
  }

  form.hidden = false;
  form.addEventListener("change", apply);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.querySelectorAll("[data-step]").forEach(function (button) {
    button.addEventListener("click", function () { step(Number(button.dataset.step)); });
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !document.activeElement.closest(".change")) { return; }
    if (event.key === "n" || event.key === "N") { step(1); event.preventDefault(); }
    if (event.key === "f" || event.key === "F") { step(-1); event.preventDefault(); }
  });
  window.addEventListener("hashchange", follow);
  apply();
  follow();
}());
