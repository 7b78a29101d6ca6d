// Says when a browser lacks what the alarm or the live board needs. No module, and no word newer than 2009: an old
// browser has to read it.
(function () {
  var said = document.getElementById("too-old");
  var has = [
    "noModule" in document.createElement("script"),
    "WebSocket" in window,
    "AudioContext" in window,
    "MutationObserver" in window,
    "fetch" in window,
    "Promise" in window && "allSettled" in Promise,
    "at" in Array.prototype,
    "CSS" in window && "supports" in CSS && CSS.supports("selector(:has(a))"),
  ];
  if (said && has.indexOf(false) >= 0) said.hidden = false;
})();
