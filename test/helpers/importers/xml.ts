/** A descriptor as a tree with its namespaces, by a parser of others: ova/ writes and checks with its own. */
import { SaxesParser } from 'saxes'

export interface Attribute {
  uri: string
  name: string
  value: string
}

export interface Node {
  uri: string
  name: string
  attributes: Attribute[]
  children: Node[]
  text: string
}

export const namespaces = {
  ovf: 'http://schemas.dmtf.org/ovf/envelope/1',
  rasd: 'http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData',
  vmw: 'http://www.vmware.com/schema/ovf',
  vbox: 'http://www.virtualbox.org/ovf/machine',
  xmlns: 'http://www.w3.org/2000/xmlns/',
}

/** The root element. An Error for what is no document. */
export function parseDocument(text: string): Node {
  const root: Node = { uri: '', name: '', attributes: [], children: [], text: '' }
  const open = [root]
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', thrown => {
    throw thrown
  })
  parser.on('opentag', tag => {
    const attributes = Object.values(tag.attributes).map(({ uri, local, value }) => ({ uri, name: local, value }))
    const node = { uri: tag.uri, name: tag.local, attributes, children: [], text: '' }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  parser.on('text', part => {
    const node = open.at(-1)
    if (node) node.text += part
  })
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  const [element] = root.children
  if (!element) throw new Error('a document without an element')
  return element
}

/** By local name, in any namespace where none is given. */
export const childrenOf = (node: Node | undefined, name: string, uri?: string): Node[] =>
  node?.children.filter(child => child.name === name && (uri === undefined || child.uri === uri)) ?? []

export const childOf = (node: Node | undefined, name: string, uri?: string): Node | undefined =>
  childrenOf(node, name, uri)[0]

/** Text of the first child of that name; '' without one. */
export const textAt = (node: Node | undefined, name: string, uri?: string): string =>
  childOf(node, name, uri)?.text.trim() ?? ''

export const attributeOf = (node: Node | undefined, name: string, uri?: string): string | undefined =>
  node?.attributes.find(each => each.name === name && (uri === undefined || each.uri === uri))?.value

/** What an XPath from the root element over children finds. */
export const select = (root: Node, ...names: string[]): Node[] =>
  names.reduce<Node[]>((nodes, name) => nodes.flatMap(node => childrenOf(node, name, namespaces.ovf)), [root])
