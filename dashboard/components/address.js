// Where a file or a route of the server is. Streamlit's own script tells where the app is served from, whatever the
// page's address and the base path. Stands before the scripts that ask.
function serverAddress(path) {
  const own = document.querySelector('script[type="module"][src*="static/js/"]');
  return new URL(own ? "../../" + path : path, own ? own.src : document.baseURI);
}
