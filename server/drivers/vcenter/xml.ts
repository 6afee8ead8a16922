/** Reads XML as a tree. Namespaces are resolved and left out; what a document defines as entities is not taken. */
import { SaxesParser } from 'saxes'

export interface Element {
  name: string
  /** Local name of its xsi:type; '' without one. */
  type: string
  children: Element[]
  text: string
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance'

/** An Error for what is no document. */
export function parseXml(text: string): Element {
  const root: Element = { name: '', type: '', children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('doctype', () => {
    throw new Error('a document type is not expected')
  })
  parser.on('error', thrown => {
    throw thrown
  })
  parser.on('opentag', ({ local, attributes }) => {
    const given = Object.values(attributes).find(({ uri, local }) => uri === xsi && local === 'type')?.value ?? ''
    const element = { name: local, type: given.replace(/^.*:/, ''), children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', part => {
    const element = open.at(-1)
    if (element) element.text += part
  })
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  return root
}

export const childOf = (element: Element | undefined, name: string): Element | undefined =>
  element?.children.find(child => child.name === name)

export const childrenOf = (element: Element | undefined, name: string): Element[] =>
  element?.children.filter(child => child.name === name) ?? []

/** Text of what is reached by the names; '' when it is not there. */
export const textAt = (element: Element | undefined, ...names: string[]): string =>
  names.reduce<Element | undefined>(childOf, element)?.text.trim() ?? ''

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
