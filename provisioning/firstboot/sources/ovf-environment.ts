/** The OVF environment (DMTF DSP0027), the XML in which an import hands over properties: read, and its secrets blanked. */
import { SaxesParser, type SaxesTagNS } from 'saxes'
import { blankSecret } from '../secret-values.ts'
import type { Values } from '../settings.ts'

const namespace = 'http://schemas.dmtf.org/ovf/environment/1'
/** Every property at its longest is less. */
export const maxEnvironmentLength = 1024 * 1024

export const emptyEnvironment = `<Environment xmlns="${namespace}"/>`

type Tag = SaxesTagNS
type Found = (tag: Tag, end: number) => void

const attributeOf = ({ attributes }: Tag, name: string): string | undefined =>
  Object.values(attributes).find(({ local, uri }) => local === name && (uri === namespace || uri === ''))?.value

/** Below an `Entity` are the properties of other machines of the same vApp. */
const isOwnProperty = (path: readonly Tag[]): boolean =>
  ['Environment', 'PropertySection', 'Property'].every((local, at) => path[at]?.local === local) &&
  path.length === 3 &&
  path.every(({ uri }) => uri === namespace)

/** An Error for what is no such document, or defines anything of its own. */
function walk(xml: string, onProperty: Found): void {
  if (xml.length > maxEnvironmentLength) throw new Error(`it has more than ${maxEnvironmentLength} characters`)
  const path: Tag[] = []
  const parser = new SaxesParser({ xmlns: true, position: true })
  parser.on('doctype', () => {
    throw new Error('it has a DOCTYPE, which is not read')
  })
  parser.on('error', thrown => {
    throw thrown
  })
  parser.on('opentag', tag => {
    path.push(tag)
    if (path.length === 1 && (tag.local !== 'Environment' || tag.uri !== namespace))
      throw new Error(`its root is no Environment of ${namespace}`)
    if (isOwnProperty(path)) onProperty(tag, parser.position)
  })
  parser.on('closetag', () => void path.pop())
  parser.write(xml).close()
}

/** What guest tools print behind it is no part of it. */
function trim(xml: string): string {
  let end = xml.length
  while (end > 0 && '\0\n\r\t '.includes(xml.charAt(end - 1))) end -= 1
  return xml.slice(0, end)
}

/** Throws an Error that holds nothing of the values. */
export function parseOvfEnvironment(given: string): Values {
  const found: [string, string][] = []
  const xml = trim(given)
  try {
    walk(xml, tag => found.push([attributeOf(tag, 'key') ?? '', attributeOf(tag, 'value') ?? '']))
  } catch (thrown) {
    throw new Error(tellWithoutText(thrown), { cause: thrown })
  }
  return Object.fromEntries(found)
}

/** The parser quotes what it does not understand. */
function tellWithoutText(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : ''
  const place = /^(\d+:\d+): /.exec(message)?.[1]
  return place === undefined ? message : `it is no well-formed XML, at line and column ${place}`
}

const escapeAttribute = (text: string): string =>
  text.replace(/[&<"\t\n\r]/g, character => `&#${character.charCodeAt(0)};`)

function renderBlank(tag: Tag, blank: string): string {
  const attributes = Object.values(tag.attributes).map(({ name, local, value }) => {
    const isValue = local === 'value' && value === attributeOf(tag, 'value')
    return ` ${name}="${escapeAttribute(isValue ? blank : value)}"`
  })
  return `<${tag.name}${attributes.join('')}${tag.isSelfClosing ? '/' : ''}>`
}

/** The same document to the letter, but without its secrets, other than those of `kept` keys; undefined where none has one. */
export function blankSecrets(given: string, kept: readonly string[] = []): string | undefined {
  const xml = trim(given)
  const parts: string[] = []
  let done = 0
  walk(xml, (tag, end) => {
    const key = attributeOf(tag, 'key') ?? ''
    const value = attributeOf(tag, 'value') ?? ''
    const blank = kept.includes(key) ? value : blankSecret(key, value)
    if (blank === value) return
    // No attribute holds a bare `<`: the last one begins this tag.
    parts.push(xml.slice(done, xml.lastIndexOf('<', end - 1)), renderBlank(tag, blank))
    done = end
  })
  return parts.length === 0 ? undefined : [...parts, xml.slice(done)].join('')
}
