/** Checks that elements have the attributes and the children, in the order, that the schema gives them. */
import { quote, type Report } from './check.ts'
import { extension, isExtension, type Shape, schema } from './schema.ts'
import type { ParsedElement } from './xml.ts'

interface Particle {
  names: string[]
  min: number
  max: number
}

function parseContent(content: string): Particle[] {
  return [...content.matchAll(/\(?([\w:|]+)\)?([?*+]?)/g)].map(([, names = '', times = '']) => ({
    names: names.split('|'),
    min: times === '?' || times === '*' ? 0 : 1,
    max: times === '*' || times === '+' ? Number.POSITIVE_INFINITY : 1,
  }))
}

/** The first place where the names leave the model, and what should stand there. */
function findMisplaced(names: string[], model: Particle[]): { at: number; expected: string } | undefined {
  let at = 0
  let last = 'nothing'
  for (const particle of model) {
    const first = at
    const fits = (name: string | undefined) => name !== undefined && particle.names.includes(name)
    while (at - first < particle.max && fits(names[at])) at += 1
    if (at - first < particle.min) return { at, expected: particle.names.join(' or ') }
    if (at > first) last = `the end, or what may follow ${names[at - 1]}`
  }
  return at < names.length ? { at, expected: last } : undefined
}

function checkChildren(parent: ParsedElement, content: string, report: Report): void {
  const names = parent.children.map(({ name }) => (isExtension(name) ? extension : name))
  const misplaced = findMisplaced(names, parseContent(content))
  if (misplaced) {
    const child = parent.children[misplaced.at]
    const found = child ? `${quote(child.name)} stands out of order or is not known` : 'something is missing at its end'
    report((child ?? parent).offset, `${parent.name}: ${found}`, misplaced.expected)
  }
  if (parent.text.trim() !== '') report(parent.offset, `text stands between the elements of ${parent.name}`, 'blanks')
}

function checkAttributes(element: ParsedElement, attributes: string, report: Report): void {
  const known = attributes.split(/\s+/).filter(Boolean)
  for (const name of known.filter(known => !known.endsWith('?'))) {
    if (!element.attributes.has(name)) report(element.offset, `${element.name} has no ${name}`, 'one')
  }
  const names = new Set(known.map(name => name.replace('?', '')))
  for (const name of element.attributes.keys()) {
    if (!names.has(name)) report(element.offset, `${element.name} has an attribute ${quote(name)}`, 'none of this name')
  }
}

function checkExtension(element: ParsedElement, report: Report): void {
  if (element.attributes.get('ovf:required') === 'false') return
  const named = element.attributes.get('vmw:key')
  const what = named === undefined ? element.name : `${element.name} ${quote(named)}`
  report(element.offset, `${what} is required, but only some importers know it`, 'ovf:required="false"')
}

const text: Shape = {}

/** Walks down from `element`, but not into what its parent does not know. Elements that the schema does not name hold text. */
export function checkShape(element: ParsedElement, report: Report): void {
  if (isExtension(element.name)) {
    checkExtension(element, report)
    return
  }
  const { attributes = '', content } = schema[element.name] ?? text
  checkAttributes(element, attributes, report)
  if (content !== undefined) checkChildren(element, content, report)
  else if (element.children.length > 0) report(element.offset, `${element.name} has elements in it`, 'text')
  const known = new Set(parseContent(content ?? '').flatMap(({ names }) => names))
  const isKnown = ({ name }: ParsedElement) => known.has(isExtension(name) ? extension : name)
  for (const child of element.children.filter(isKnown)) checkShape(child, report)
}
