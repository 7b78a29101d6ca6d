// The agreement is shown in the language that was chosen; without this script, in all of them.

const language = document.getElementById("id_language");
const sentences = document.querySelectorAll("[data-language]");

function show() {
  for (const sentence of sentences)
    sentence.hidden = Boolean(language.value) && sentence.dataset.language !== language.value;
}

language?.addEventListener("change", show);
if (language) show();
document.getElementById("problems")?.focus();
