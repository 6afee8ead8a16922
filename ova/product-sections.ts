/** The ProductSections of a descriptor: the product's name, and the properties by class. */
import { type ApplianceProperty, categories, type PropertyClass } from './properties.ts'
import { element, type XmlElement } from './xml.ts'

function createProperty(property: ApplianceProperty): XmlElement {
  const { key, type, label, description, maxLength, password, fixed } = property
  // vSphere's forms take the maximum of a password for its minimum.
  const limit = maxLength === undefined || password ? {} : { 'ovf:qualifiers': `MaxLen(${maxLength})` }
  const attributes = {
    'ovf:key': key,
    ...(password && { 'ovf:password': 'true' }),
    ...limit,
    'ovf:type': type,
    'ovf:userConfigurable': String(fixed === undefined),
    'ovf:value': property.default ?? '',
  }
  return element('Property', attributes, [element('Label', {}, label), element('Description', {}, description)])
}

/** VirtualBox keeps what the last section says of the product, others what the first one says: all say it. */
function createBrand(version: string): XmlElement[] {
  return [
    element('Product', {}, 'Dispatch Solo'),
    element('Vendor', {}, 'Dispatch'),
    element('Version', {}, version),
    element('FullVersion', {}, version),
  ]
}

/** One section a class, in the order in which the classes come; without properties one that only names the product. */
export function createProductSections(version: string, properties: readonly ApplianceProperty[]): XmlElement[] {
  const groups = Map.groupBy(properties, property => property.class)
  const info = element('Info', {}, 'About this product')
  if (groups.size === 0) return [element('ProductSection', {}, [info, ...createBrand(version)])]
  return [...groups].map(([group, members]: [PropertyClass, ApplianceProperty[]]) =>
    element('ProductSection', { 'ovf:class': group }, [
      info,
      ...createBrand(version),
      element('Category', {}, categories[group]),
      ...members.map(createProperty),
    ]),
  )
}
