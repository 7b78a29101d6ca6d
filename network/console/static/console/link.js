// The token stands in the fragment, which no server is sent; it leaves this page by a POST only.
const token = location.hash.slice(1);
const form = document.getElementById("link");
if (token && form) {
  history.replaceState(null, "", location.pathname);
  form.token.value = token;
  form.submit();
}
