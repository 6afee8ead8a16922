/** Reads the `console` blocks of a guide as commands and what they print, and compares that with what was printed. */
import { literally } from '../../helpers/change.ts'

export interface Example {
  readonly command: string
  readonly prints: string
}

const block = /^```console\n([\s\S]*?)^```$/gm
/** A command ends with its line, unless that ends in a backslash or opens a here-document. */
const command = /^\$ ((?:.*<<'END'\n[\s\S]*?^END|(?:.*\\\n)*.*))$/gm

function parseBlock(text: string): Example[] {
  const found = [...text.matchAll(command)]
  return found.map((match, index) => ({
    command: match[1] ?? '',
    prints: text.slice(match.index + match[0].length + 1, found[index + 1]?.index ?? text.length),
  }))
}

export const parseExamples = (guide: string): Example[] =>
  [...guide.matchAll(block)].flatMap(([, text = '']) => parseBlock(text))

/** What differs from run to run: ids, hashes, times in any spelling, sizes of disks, and the width of columns that follows from them. */
const normalize = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replace(/\b[0-9a-f]{64}\b/g, 'HASH')
    .replace(/[\d.]+ of [\d.]+ GiB/g, 'SIZES')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b\d{19}\b/g, 'TIME')
    .replace(/[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d [\d:]{8} UTC \d{4}/g, 'DATE')
    .replace(/^-{5,}$/gm, '-----')
    .replace(/[ \t]+/g, ' ')
    .replace(/ $/gm, '')

/** `...` on a line of its own stands for any lines. */
export function isPrinted(actual: string, wanted: string): boolean {
  const pattern = normalize(wanted)
    .split(/^\.\.\.\n/m)
    .map(literally)
    .join('[\\s\\S]*')
  return new RegExp(`^${pattern}$`).test(normalize(actual))
}
