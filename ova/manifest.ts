/** The .mf of an OVA, byte for byte as importers demand it: `SHA256(name)= hex`, no blank before the bracket. */
export interface ManifestEntry {
  name: string
  /** Lower-case hex. */
  sha256: string
}

export interface ManifestLine {
  text: string
  /** Where the line begins. */
  offset: number
  /** Absent when the line has another form. */
  entry?: ManifestEntry
}

export const manifestLineForm = 'SHA256(name)= 64 lower-case hex digits'

export function renderManifest(entries: ManifestEntry[]): string {
  return entries.map(({ name, sha256 }) => `SHA256(${name})= ${sha256}\n`).join('')
}

/** Every line of a manifest, whatever its form; a last line without its newline is one of another form. */
export function parseManifest(text: string): ManifestLine[] {
  const lines: ManifestLine[] = []
  for (let offset = 0; offset < text.length; ) {
    const end = text.indexOf('\n', offset)
    const line = end < 0 ? text.slice(offset) : text.slice(offset, end)
    const match = end < 0 ? null : /^SHA256\(([^()\r]+)\)= ([0-9a-f]{64})$/.exec(line)
    const [, name, sha256] = match ?? []
    lines.push({ text: line, offset, ...(name && sha256 ? { entry: { name, sha256 } } : {}) })
    offset += line.length + 1
  }
  return lines
}
