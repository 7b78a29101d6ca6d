// Counts the parts of a text while it is typed, as the carrier counts; the server counts again.
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€\f");
const box = document.querySelector("textarea[name=words]"),
  shown = document.querySelector("[data-parts]");
const samples = Object.fromEntries(
  [...document.querySelectorAll("[data-field]")].map((input) => [input.dataset.field, input.dataset.sample]),
);

function parts(text) {
  const signs = [...text],
    basic = signs.every((sign) => BASIC.has(sign) || EXTENDED.has(sign));
  const sizes = signs.map((sign) => (basic ? (EXTENDED.has(sign) ? 2 : 1) : sign.length));
  if (sizes.reduce((sum, size) => sum + size, 0) <= (basic ? 160 : 70)) return 1;
  let count = 1,
    room = basic ? 153 : 67;
  for (const size of sizes) {
    if (size > room) [count, room] = [count + 1, basic ? 153 : 67];
    room -= size;
  }
  return count;
}

box.addEventListener("input", () => {
  if (!shown) return; // it is read aloud
  shown.textContent = parts(box.value.trim().replace(/\{\w+\}/g, (field) => samples[field] ?? field));
});
