/** HTML as text, with everything that is put into it escaped. */
export interface Html {
  html: string
}

type Piece = Html | readonly Html[] | string | number

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, character => escapes[character] ?? character)

function renderPiece(piece: Piece): string {
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece))
  return 'html' in piece ? piece.html : piece.map(each => each.html).join('')
}

/** A tagged template: what stands in it is HTML, what is put into it is text, or HTML made by this function. */
export const html = (parts: TemplateStringsArray, ...pieces: Piece[]): Html => ({
  html: parts.map((part, index) => (index === 0 ? part : renderPiece(pieces[index - 1] ?? '') + part)).join(''),
})

export const nothing: Html = { html: '' }
