// The agreement is shown in the language that was chosen; without this script, in all of them.

const language = document.getElementById("id_language");
const sentences = document.querySelectorAll("[data-language]");

function show() {
  for (const one of sentences)
    one.hidden = Boolean(language.value) && one.dataset.language !== language.value;
}

language?.addEventListener("change", show);
if (language) show();
document.getElementById("problems")?.focus();
