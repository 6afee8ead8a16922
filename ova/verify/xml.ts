/** Parses the XML that a descriptor needs and refuses the rest: no DOCTYPE, no own entities, no instructions, no CDATA. */
export interface ParsedElement {
  name: string
  attributes: Map<string, string>
  children: ParsedElement[]
  /** The text directly inside, children left out. */
  text: string
  /** Where the element begins, in characters. */
  offset: number
}

export class XmlProblem extends Error {
  readonly offset: number

  constructor(offset: number, problem: string) {
    super(problem)
    this.offset = offset
  }
}

const maxDepth = 32
/** Ten times what an appliance needs: checks that compare elements with each other stay quick. */
const maxElements = 4096
const name = '[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?'
const tokens = {
  declaration: /<\?xml version="1\.0"(?: encoding="UTF-8")?\?>/y,
  blanks: /[ \t\r\n]*/y,
  open: new RegExp(`<(${name})`, 'y'),
  attribute: new RegExp(`[ \\t\\r\\n]+(${name})="([^<"]*)"`, 'y'),
  openEnd: /[ \t\r\n]*(\/?)>/y,
  close: new RegExp(`</(${name})[ \\t\\r\\n]*>`, 'y'),
  text: /[^<]+/y,
}
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

interface Scanner {
  offset: number
  elements: number
  take(token: keyof typeof tokens): string[] | undefined
  fail(problem: string): XmlProblem
}

function createScanner(source: string): Scanner {
  const scanner: Scanner = {
    offset: 0,
    elements: 0,
    take(token) {
      const pattern = tokens[token]
      pattern.lastIndex = scanner.offset
      const match = pattern.exec(source)
      if (!match) return undefined
      scanner.offset = pattern.lastIndex
      return match
    },
    fail: problem => new XmlProblem(scanner.offset, problem),
  }
  return scanner
}

function unescapeXml(text: string, scanner: Scanner): string {
  return text.replace(/&([^;]{0,10};?)/g, (_whole, reference: string) => {
    const character = reference.endsWith(';') ? entities[reference.slice(0, -1)] : undefined
    if (character === undefined) throw scanner.fail('an entity that XML itself does not have')
    return character
  })
}

function parseAttributes(scanner: Scanner): Map<string, string> {
  const attributes = new Map<string, string>()
  for (let match = scanner.take('attribute'); match; match = scanner.take('attribute')) {
    const [, key = '', value = ''] = match
    if (attributes.has(key)) throw scanner.fail(`attribute ${key} is there twice`)
    attributes.set(key, unescapeXml(value, scanner))
  }
  return attributes
}

function parseElement(scanner: Scanner, depth: number): ParsedElement {
  const { offset } = scanner
  const opened = scanner.take('open')
  if (!opened) throw scanner.fail('neither text nor an element (DOCTYPE, comments and CDATA are refused)')
  if (depth > maxDepth) throw scanner.fail(`more than ${maxDepth} elements inside each other`)
  scanner.elements += 1
  if (scanner.elements > maxElements) throw scanner.fail(`more than ${maxElements} elements`)
  const [, elementName = ''] = opened
  const parsed: ParsedElement = {
    name: elementName,
    attributes: parseAttributes(scanner),
    children: [],
    text: '',
    offset,
  }
  const ended = scanner.take('openEnd')
  if (!ended) throw scanner.fail(`the tag ${elementName} is not closed`)
  if (ended[1] === '/') return parsed
  for (;;) {
    parsed.text += unescapeXml(scanner.take('text')?.[0] ?? '', scanner)
    const closed = scanner.take('close')
    if (closed && closed[1] !== elementName) throw scanner.fail(`${closed[1]} ends where ${elementName} is open`)
    if (closed) return parsed
    parsed.children.push(parseElement(scanner, depth + 1))
  }
}

/** Throws XmlProblem with the place. */
export function parseXml(source: string): ParsedElement {
  const scanner = createScanner(source)
  scanner.take('declaration')
  scanner.take('blanks')
  const root = parseElement(scanner, 1)
  scanner.take('blanks')
  if (scanner.offset < source.length) throw scanner.fail('something follows the root element')
  return root
}

export const childrenNamed = (parent: ParsedElement | undefined, wanted: string): ParsedElement[] =>
  parent?.children.filter(child => child.name === wanted) ?? []

export function descendantsNamed(root: ParsedElement, wanted: string): ParsedElement[] {
  return root.children.flatMap(child => [...(child.name === wanted ? [child] : []), ...descendantsNamed(child, wanted)])
}
