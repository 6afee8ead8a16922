/** Owns the guess at what a file holds, from its first bytes: signatures of the WHATWG's MIME Sniffing Standard. */

/** In hexadecimal. */
const signatures: readonly (readonly [string, string])[] = [
  ['255044462d', 'application/pdf'],
  ['89504e470d0a1a0a', 'image/png'],
  ['ffd8ff', 'image/jpeg'],
  ['474946383761', 'image/gif'],
  ['474946383961', 'image/gif'],
  ['504b0304', 'application/zip'],
  ['1f8b08', 'application/x-gzip'],
]
const markup: readonly (readonly [RegExp, string])[] = [
  [/^\s*(<!DOCTYPE HTML|<html|<head|<body)[ >]/i, 'text/html; charset=utf-8'],
  [/^\s*<\?xml/, 'text/xml; charset=utf-8'],
]
const sniffedBytes = 512
const textControls = [...'\t\n\f\r\u001b'].map(character => character.charCodeAt(0))

export function sniffContentType(content: Buffer): string {
  const start = content.subarray(0, sniffedBytes)
  const [, signed] = signatures.find(([signature]) => start.toString('hex').startsWith(signature)) ?? []
  if (signed !== undefined) return signed
  if (!start.every(byte => byte >= 0x20 || textControls.includes(byte))) return 'application/octet-stream'
  const [, marked] = markup.find(([pattern]) => pattern.test(start.toString('latin1'))) ?? []
  return marked ?? 'text/plain; charset=utf-8'
}
