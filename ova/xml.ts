/** Renders XML from elements: text and attributes are escaped, and what XML cannot hold is refused. */
export interface XmlElement {
  name: string
  attributes: Record<string, string>
  /** Text, or elements: the two never mix in what we write. */
  content: string | XmlElement[]
}

export function element(
  name: string,
  attributes: Record<string, string> = {},
  content: XmlElement['content'] = [],
): XmlElement {
  return { name, attributes, content }
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** XML 1.0 has no control characters, no half surrogates, and a parser would change tabs and line ends in attributes. */
function escapeXml(text: string): string {
  const bad = /[^\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u.exec(text)
  if (bad) {
    const code = text.charCodeAt(bad.index).toString(16)
    throw new Error(`character U+${code} at ${bad.index} of ${JSON.stringify(text)} cannot stand in the descriptor`)
  }
  return text.replace(/[&<>"']/g, character => escapes[character] ?? character)
}

function renderElement({ name, attributes, content }: XmlElement, indent: string): string {
  const open = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
  const tag = `${indent}<${name}${open.join('')}`
  if (content.length === 0) return `${tag}/>\n`
  if (typeof content === 'string') return `${tag}>${escapeXml(content)}</${name}>\n`
  const inner = content.map(child => renderElement(child, `${indent}  `)).join('')
  return `${tag}>\n${inner}${indent}</${name}>\n`
}

export function renderXml(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${renderElement(root, '')}`
}
