/** Renders docs/reference/ovf-properties.md from the properties. */
import { type ApplianceProperty, categories, guestKey, type PropertyClass } from './properties.ts'

const introduction = `# OVF properties

What whoever deploys the appliance can tell it, as \`class.key\`. Each can be left as it is. Written by \`npm run docs\`
from [\`ova/properties.ts\`](../../ova/properties.ts).

An appliance file offers a property only when the appliance in it reads it. Today's files offer none: the program that
reads them at the first boot comes later.
`

function renderType({ type, minLength, maxLength, password, fixed }: ApplianceProperty): string {
  const limits = [
    minLength === undefined ? [] : `at least ${minLength} characters`,
    maxLength === undefined ? [] : `at most ${maxLength} characters`,
    password ? 'hidden' : [],
    fixed ? 'fixed' : [],
  ].flat()
  return [type, ...limits].join(', ')
}

function renderRow(property: ApplianceProperty): string {
  const initial = property.default === undefined ? '' : `\`${property.default}\``
  const cells = [`\`${guestKey(property)}\``, property.label, renderType(property), initial, property.description]
  return `| ${cells.join(' | ')} |`
}

function renderGroup(group: PropertyClass, members: readonly ApplianceProperty[]): string {
  const head = '| Key | Label | Type | Default | Meaning |\n| --- | --- | --- | --- | --- |'
  return `\n## ${categories[group]}\n\n${head}\n${members.map(renderRow).join('\n')}\n`
}

export function renderPropertyReference(properties: readonly ApplianceProperty[]): string {
  const groups = Map.groupBy(properties, property => property.class)
  return introduction + [...groups].map(([group, members]) => renderGroup(group, members)).join('')
}
