/** The mark in the browser's tab, within the page, so that nobody asks for another file. */
const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b5cad"/><path d="M10 8h6a8 8 0 0 1 0 16h-6z" fill="none" stroke="#fff" stroke-width="3.5" stroke-linejoin="round"/></svg>'

export const icon = `data:image/svg+xml,${encodeURIComponent(svg)}`
